"""The order in which the tables of German are applied."""

from service.parsing.engine import Stage
from service.parsing.grammar.german.clocks import CLOCK_PARTS, CLOCK_SPANS, CLOCKS, DURATIONS
from service.parsing.grammar.german.dates import DATES
from service.parsing.grammar.german.moments import PARTS, SPANS, YEARLY
from service.parsing.grammar.german.relative import DAYS, NESTED
from service.parsing.grammar.german.rules import RULES

STAGES: tuple[Stage, ...] = (
    RULES, DATES, CLOCKS, CLOCK_PARTS, CLOCK_SPANS, DURATIONS, DAYS, NESTED, NESTED, YEARLY, PARTS,
    SPANS,
)  # fmt: skip
