"""Dates seen from today: weekdays, this/next/last, nth of something, before and after."""

from service.parsing.engine import Stage
from service.parsing.grammar.english.periods import PERIODS
from service.parsing.grammar.english.quarters import QUARTERS
from service.parsing.grammar.english.seen_now import SEEN_NOW
from service.parsing.grammar.english.weekdays import WEEKDAYS_SEEN

SIMPLE = Stage("relative days and periods", (*PERIODS, *WEEKDAYS_SEEN, *QUARTERS, *SEEN_NOW))
