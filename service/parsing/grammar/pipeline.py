# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
"""The order in which the tables are applied; each stage sees what the ones before it made."""

from service.parsing.engine import Item, Stage, code_string
from service.parsing.grammar.clocks import CLOCK_SPANS, CLOCKS
from service.parsing.grammar.dates import DATES
from service.parsing.grammar.durations import DURATIONS, LENGTHS
from service.parsing.grammar.moments import PARTS, SPANS
from service.parsing.grammar.nested import NESTED
from service.parsing.grammar.number_words import COUNTS, NUMBERS
from service.parsing.grammar.recurrences import EXCEPTED, EXCEPTIONS, RECURRENCES, YEARLY
from service.parsing.grammar.relative import SIMPLE

STAGES: tuple[Stage, ...] = (
    NUMBERS, RECURRENCES, EXCEPTIONS, DATES, CLOCKS, CLOCK_SPANS, DURATIONS, COUNTS, LENGTHS, SIMPLE,
    NESTED, NESTED, YEARLY, PARTS, SPANS, EXCEPTED,
)  # fmt: skip


def read(items: list[Item]) -> list[Item]:
    """Return the items with every time expression found in them made one item."""
    codes = code_string(items)
    for stage in STAGES:
        items, codes = stage.run(items, codes)
    return items
