"""The order in which the tables of English are applied; each sees what the ones before it made."""

from service.parsing.engine import Stage
from service.parsing.grammar.english.clock_spans import CLOCK_SPANS
from service.parsing.grammar.english.clocks import CLOCKS
from service.parsing.grammar.english.dates import DATES
from service.parsing.grammar.english.durations import DURATIONS, LENGTHS
from service.parsing.grammar.english.eras import ERAS
from service.parsing.grammar.english.moments import PARTS, SPANS
from service.parsing.grammar.english.nested import NESTED
from service.parsing.grammar.english.number_words import COUNTS, NUMBERS
from service.parsing.grammar.english.recurrences import EXCEPTED, EXCEPTIONS, RECURRENCES, YEARLY
from service.parsing.grammar.english.relative import SIMPLE

STAGES: tuple[Stage, ...] = (
    NUMBERS, RECURRENCES, EXCEPTIONS, DATES, CLOCKS, CLOCK_SPANS, DURATIONS, COUNTS, LENGTHS, ERAS,
    SIMPLE, NESTED, NESTED, YEARLY, PARTS, SPANS, EXCEPTED,
)  # fmt: skip
