"""A language as data: its words, the tables of its rules, and what only looks like a word of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from service.parsing.engine import Item, Stage
from service.parsing.phrasing import Phrasing

Entry = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Language:
    """What the tokens and the grammar have to know of one language."""

    code: str  # as in RFC 5646
    name: str  # in English
    words: Mapping[str, Entry]  # every word of the grammar: its class and its value
    sure: Mapping[str, Entry]  # the words, right or misspelt, that need no second look
    doubtful: frozenset[str]  # words that are of the grammar only beside others
    settle: Callable[[list[Item], int], None]  # decides about a doubtful one by its neighbours
    respell: Callable[[str], Entry | None]  # what a misspelt word was meant to be
    stages: tuple[Stage, ...]  # the tables, in the order in which they are applied
    telltale: frozenset[str]  # words that no other language here has
    endings: tuple[str, ...] = ()  # of words that no other language here has
    sign: re.Pattern[str] | None = None  # what else tells it, in a lower-cased text
    phrasing: Phrasing | None = None  # None is English, which has tables in `roles/`
    # What was read from each piece of a text between two spaces.
    seen: dict[str, tuple[list[Item], list[int], bool]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
