"""What the parser of this installation uses for a case, and how it forgets what it worked out."""

import contextlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from service.parsing.grammar import languages, pipeline
from synthetic.edge.golden.judged_answers import Ask
from synthetic.golden.case import Case

PARSER: Final = "service.parsing"


@contextlib.contextmanager
def forgetting() -> Iterator[None]:
    """Let nothing that was worked out outside be used inside, and the other way round."""
    forget()
    try:
        yield
    finally:
        forget()


def forget() -> None:
    """Clear every cache of the parser."""
    pipeline.forget()
    for language in languages.LANGUAGES:
        language.seen.clear()
    for name, module in [*sys.modules.items()]:
        if name.startswith(PARSER):
            for found in vars(module).values():
                clear = getattr(found, "cache_clear", None)
                if callable(clear) and not isinstance(found, type):
                    clear()


Key = Any  # Any: the tables are of many kinds
"""What a table of the parser is asked for, or the name of a rule: whatever can be one."""

Note = Callable[[Key], None]
"""Called with the key of what is used."""


def used_by(
    cases: Sequence[Case], ask: Ask, noting: Callable[[Note], AbstractContextManager[None]]
) -> Mapping[Key, set[str]]:
    """Ask each case once within `noting`, and return the ids of the cases that use each key."""
    used: dict[Key, set[str]] = defaultdict(set)
    asked = ""

    def note(key: Key) -> None:
        used[key].add(asked)

    with noting(note):
        for case in cases:
            asked = case.id
            forget()  # what an earlier case had worked out would not be used again
            ask(case)
    return used


def uses(used: Callable[[], Mapping[Key, set[str]]], key: Key, case: Case) -> bool:
    """Return whether a case uses a key, by what `used_by` found."""
    return case.id in used().get(key, ())
