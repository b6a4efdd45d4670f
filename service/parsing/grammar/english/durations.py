"""Amounts of time: "90 minutes", "half an hour", "a couple of days", "1 day and 5 hours"."""

from service.parsing.building import durations
from service.parsing.engine import Rule, Stage

DURATIONS = Stage(
    "durations",
    [
        Rule("n-nights", "NUM UNIT (?=from|starting)", "LENGTH", durations.nights,
             ("10 nights from June 5",)),
        Rule("n-and-quarters", "NUM and (a|NUM)? quarter UNIT", "LENGTH",
             durations.n_and_a_quarter,
             ("two and a quarter hours",)),
        Rule("n-units", "NUM dash? (UNIT|SECOND)", "LENGTH", durations.length, ("2 h", "3 days")),
        Rule("n-units-in-a-row", "NUM straight UNIT|NUM UNIT straight", "LENGTH", durations.length,
             ("4 consecutive days", "three nights straight")),
        Rule("many-units",
             "(YEAR|HHMM) UNIT (?!NUM|slash)",
             "LENGTH", durations.many_units,
             ("1430 days",)),
        Rule("decimal-units", "DECIMAL dash? UNIT", "LENGTH", durations.decimal, ("1.5 hours",)),
        Rule("fraction-of-unit", "PAIR (of a)? UNIT", "LENGTH", durations.fraction, ("1/2 hour",)),
        Rule("mixed-number", "NUM and? PAIR UNIT", "LENGTH", durations.mixed, ("1 1/2 hours",)),
        Rule("a-unit", "a UNIT", "LENGTH", durations.a_unit, ("a day", "a fortnight")),
        Rule("a-second",
             "a SECOND (?=ago|later|from now|before|after)",
             "LENGTH", durations.a_second,
             ("a second ago",)),
        Rule("half-a-unit", "a? half dash? a? UNIT", "LENGTH", durations.half_a_unit,
             ("half hour",)),
        Rule("quarter-of-a-unit", "a? quarter of? a UNIT", "LENGTH", durations.quarter_of_a_unit,
             ("a quarter of an hour",)),
        Rule("three-quarters", "NUM dash? UNIT of a UNIT", "LENGTH", durations.three_quarters,
             ("three quarters of an hour",)),
        Rule("n-and-a-half", "NUM (and a)? half UNIT", "LENGTH", durations.n_and_a_half,
             ("two and a half hours",)),
        Rule("units-and-a-half", "NUM UNIT and a half", "LENGTH", durations.n_and_a_half,
             ("3 days and a half",)),
        Rule("unit-and-a-half", "a UNIT and a half", "LENGTH", durations.unit_and_a_half,
             ("a year and a half",)),
        Rule("units-and-a-quarter", "(a|NUM) UNIT and (a quarter|NUM UNIT) (?!of)", "LENGTH",
             durations.units_and_quarters,
             ("an hour and a quarter", "2 hours and three quarters")),
        Rule("hours-and-minutes",
             "(a|NUM) UNIT and NUM (?!UNIT|half|AMPM|NUM|WORD|SECOND|oclock|to)",
             "LENGTH", durations.hours_and_minutes,
             ("an hour and 20",)),
        Rule("couple", "(a|the)? couple of? UNIT", "LENGTH", durations.couple,
             ("a couple of days",)),
        Rule("few", "a? few UNIT", "LENGTH", durations.few, ("a few weeks",)),
        Rule("hours-h", "HOURS", "LENGTH", durations.hours_h, ("for 2h",)),
        Rule("fraction-in-words", "NUM dash? WORD of a UNIT", "LENGTH", durations.fraction_in_words,
             ("two-thirds of an hour",)),
    ],
)  # fmt: skip

LENGTHS = Stage(
    "lengths",
    [
        Rule("sum", "LENGTH (comma? and? LENGTH)+", "LENGTH", durations.sum_of,
             ("a year and a day", "1 hour and 30 minutes")),
    ],
)  # fmt: skip
