"""Long stretches of years, and the short names of periods: "the 1990s", "'69", "H2 2026", "eom"."""

from service.parsing.building import eras
from service.parsing.engine import Rule, Stage

ERAS = Stage(
    "eras and short names of periods",
    [
        Rule("decade", "(in|during)* the? YEAR WORD", "DATE", eras.decade, ("1990s",)),
        Rule("short-decade", "(in|during)* the quote? NUM WORD", "DATE", eras.short_decade,
             ("the 90s",)),
        Rule("short-decade-after-edge",
             "(?<=early|late|middle|dash) quote? NUM WORD",
             "DATE", eras.short_decade,
             ("late 60s",)),
        Rule("decade-in-words", "(in|during|the)* DECADE", "DATE", eras.decade_in_words,
             ("twenties", "the nineties")),
        Rule("century", "(in|during|the)* ORD UNIT", "DATE", eras.century,
             ("the twentieth century",)),
        Rule("short-year-of-season", "the? SEASON of? quote NUM", "DATE", eras.short_year_of_season,
             ("the summer of '87",)),
        Rule("short-year-of-month", "MONTH stop? quote NUM", "DATE", eras.short_year_of_month,
             ("Oct. '14",)),
        Rule("fiscal-year", "(in|the)* WORD (UNIT)? YEAR", "DATE", eras.fiscal_year,
             ("fiscal 2019",)),
        Rule("half-year", "UNIT NUM (of|in|comma)? YEAR", "DATE", eras.half, ("H2 2027",)),
        Rule("in-half-year", "(in|during|for|by) UNIT NUM", "DATE", eras.half, ("in h1",)),
        Rule("half-of-pointed-month",
             "(in|during)* the? (ORD|SECOND) half of (NEXT|THIS|LAST) UNIT",
             "SPAN", eras.half_of_month,
             ("first half of next month",)),
        Rule("half-of-the-month",
             "(in|during)* the? (ORD|SECOND) half of the UNIT",
             "SPAN", eras.half_of_the_month,
             ("the first half of the month",)),
        Rule("end-of-named-period", "(by|at|before|on|the)* PERIODEND", "DATE", eras.edge_of,
             ("eom",)),
        Rule("period-end",
             "(by|at|before|on|the)* (THIS)? (UNIT|quarter) dash? end (?!of|WORD)",
             "DATE", eras.period_end,
             ("at year end",)),
    ],
)  # fmt: skip
