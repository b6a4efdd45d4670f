# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Long stretches of years, and the short names of periods: "the 1990s", "'69", "H2 2026", "eom"."""

from service.parsing.engine import Rule, Stage
from service.parsing.values import DateSpan, Edge, Fields, Inside, Period, Season, YearPart, Years

_S = ("s", "'s")
_FISCAL = frozenset(("fiscal", "fy"))


def century_year(number: int) -> int:
    """Return the year two digits mean, by the rule of POSIX: 69 to 99 are before 2000."""
    return number + (1900 if number >= 69 else 2000)


def _decade(year: int, word: str) -> Years | None:
    return Years(year, 10) if word in _S and year % 10 == 0 else None


def _short_decade(number: int, word: str) -> Years | None:
    in_tens = 20 <= number < 100 and number % 10 == 0
    return Years(1900 + number, 10) if word in _S and in_tens else None


def _century(number: int, unit: str) -> Years | None:
    return Years((number - 1) * 100 + 1, 100) if unit == "century" and 1 <= number <= 30 else None


def _half(unit: str, number: int, year: int | None = None) -> YearPart | None:
    return YearPart(number, 6, year) if unit == "hour" and number in (1, 2) else None


def _half_of_month(number: int, shift: int, unit: str) -> DateSpan | None:
    if unit != "month" or number not in (1, 2):
        return None
    month = Period("month", shift)
    first, middle = Inside(Fields(None, None, 1), month), Inside(Fields(None, None, 15), month)
    if number == 1:
        return DateSpan(first, middle)
    return DateSpan(Inside(Fields(None, None, 16), month), Edge("end", month))


def _edge_of(unit: str) -> Edge | None:
    return Edge("end", Period(unit)) if unit in ("week", "month", "quarter", "year") else None


ERAS = Stage(
    "eras and short names of periods",
    [
        Rule("decade", "(in|during)* the? YEAR WORD", "DATE", _decade),
        Rule("short-decade", "(in|during)* the quote? NUM WORD", "DATE", _short_decade),
        Rule("short-decade-after-edge", "(?<=early|late|middle|dash) quote? NUM WORD", "DATE", _short_decade),
        Rule("decade-in-words", "(in|during|the)* DECADE", "DATE", lambda year: Years(year, 10)),
        Rule("century", "(in|during|the)* ORD UNIT", "DATE", _century),
        Rule("short-year-of-season", "the? SEASON of? quote NUM", "DATE", lambda name, n: Season(name, century_year(n)) if n < 100 else None),
        Rule("short-year-of-month", "MONTH stop? quote NUM", "DATE", lambda month, n: Fields(century_year(n), month) if n < 100 else None),
        Rule("fiscal-year", "(in|the)* WORD (UNIT)? YEAR", "DATE", lambda word, *v: Fields(v[-1]) if word in _FISCAL and (len(v) == 1 or v[0] == "year") else None),
        Rule("half-year", "UNIT NUM (of|in|comma)? YEAR", "DATE", _half),
        Rule("in-half-year", "(in|during|for|by) UNIT NUM", "DATE", _half),
        Rule("half-of-pointed-month", "(in|during)* the? (ORD|SECOND) half of (NEXT|THIS|LAST) UNIT", "SPAN", _half_of_month),
        Rule("half-of-the-month", "(in|during)* the? (ORD|SECOND) half of the UNIT", "SPAN", lambda n, unit: _half_of_month(n, 0, unit)),
        Rule("end-of-named-period", "(by|at|before|on|the)* PERIODEND", "DATE", _edge_of),
        Rule("period-end", "(by|at|before|on|the)* (THIS)? (UNIT|quarter) dash? end (?!of|WORD)", "DATE", lambda *v: _edge_of(v[-1] if v and isinstance(v[-1], str) else "quarter")),
    ],
)  # fmt: skip
