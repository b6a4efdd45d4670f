# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Dates that are written out: "March 3rd", "3 of March 2026", 3/4, 2026-03-04, "Nov 19-20"."""

from service.parsing.engine import Rule, Stage
from service.parsing.grammar.eras import century_year
from service.parsing.values import DateSpan, Fields, Inside, Numeric

DAY = "(NUM|ORD|SECOND)"
_NOT_CLOCK = "(?!AMPM|oclock|UNIT|colon NUM)"
_YEAR = "((comma|of|in|slash|dash|stop)? YEAR)?"


def _day_month(day: int, month: int, year: int | None = None) -> Fields | None:
    return (
        Fields(year, month, day) if 1 <= day <= 99 else None
    )  # 32 and up are refused later, aloud


def _month_day(month: int, day: int, year: int | None = None) -> Fields | None:
    return _day_month(day, month, year)


def _month_short_year(month: int, day: int, year: int) -> Fields | None:
    return Fields(2000 + year, month, day) if day <= 31 and year < 100 else None


def _unit_day_month(day: int, unit: str, month: int, year: int | None = None) -> Fields | None:
    return Fields(year, month, day) if unit == "day" else None


def _span(first: int, last: int, month: int, year: int | None = None) -> DateSpan | None:
    if not (1 <= first <= 31 and 1 <= last <= 31):
        return None
    start = Fields(year, month, first) if first <= last else Fields(None, None, first)
    return DateSpan(start, Fields(year, month, last))


def _month_span(month: int, first: int, last: int, year: int | None = None) -> DateSpan | None:
    return _span(first, last, month, year) if first <= last else None


def _numeric(parts: tuple[str, str, str]) -> Numeric | Fields | None:
    first, second, third = (int(part) for part in parts)
    if len(parts[0]) == 4:
        return Fields(first, second, third)
    year = third if len(parts[2]) == 4 else century_year(third)
    return Numeric(first, second, year)


def _pair(pair: tuple[int, int]) -> Numeric | Fields | None:
    first, second = pair
    if pair == (24, 7):
        return None
    if second > 1000:
        return Fields(second, first) if 1 <= first <= 12 else None
    if min(pair) < 1 or min(pair) > 12 or max(pair) > 31:
        return None
    return Numeric(first, second)


def weekday_decimal(_: int, text: str) -> Numeric | None:
    """Read "7.6" after a weekday or a time as a date in figures; "10.30" is a time."""
    first, second = text.split(".")
    if len(second) == 2 and int(first) <= 24 and int(second) < 60 and int(second) % 5 == 0:
        return None
    return _pair((int(first), int(second)))  # type: ignore[return-value]  # no four-digit year here


def _month_year(month: int, year: int) -> Fields:
    return Fields(year, month)


def _number_year(first: int, year: int) -> Fields | None:
    first, year = min(first, year), max(first, year)
    return Fields(year, first) if 1 <= first <= 12 and year > 1900 else None


DATES = Stage(
    "dates",
    [
        Rule("month-day", f"MONTH stop? (slash|dash|on|comma)? the? {DAY} {_NOT_CLOCK} {_YEAR}", "DATE", _month_day),
        Rule("month-day-short-year", f"MONTH {DAY} comma? quote NUM", "DATE", _month_short_year),
        Rule("month-day-weekend", "MONTH (NUM|ORD) UNIT", "DATE", lambda m, d, unit: Inside(("weekend",), Fields(None, m, d)) if unit == "weekend" and d <= 31 else None),
        Rule("day-month-last-century", f"the? {DAY} (of|dash|slash)? MONTH (comma|dash|slash)? NUM (?!AMPM|oclock|UNIT|colon|TO|and|NUM|stop NUM)", "DATE", lambda d, m, n: Fields(century_year(n), m, d) if d <= 31 < n < 100 else None),
        Rule("month-day-last-century", f"MONTH stop? {DAY} (comma|dash|slash)? NUM (?!AMPM|oclock|UNIT|colon|TO|and|NUM|stop NUM)", "DATE", lambda m, d, n: Fields(century_year(n), m, d) if d <= 31 < n < 100 else None),
        Rule("day-month-year-dashed", "NUM dash MONTH dash NUM|NUM slash MONTH slash NUM", "DATE", lambda d, m, n: Fields(century_year(n), m, d) if d <= 31 and n < 100 else None),
        Rule("month-day-glued-year", f"MONTH stop? the? {DAY} (comma|of|in)? YEAR", "DATE", _month_day),
        Rule("day-month", f"(?<!at) the? {DAY} (of|in|slash|dash|stop)? the? MONTH (?!ORD|SECOND|NUM (?!AMPM|oclock|colon|NUM AMPM|TO)) stop? {_YEAR}", "DATE", _day_month),
        Rule("nth-day-of-month", f"the? ORDINAL UNIT of MONTH {_YEAR}", "DATE", _unit_day_month),
        Rule("day-year-month", "NUM dash YEAR dash MONTH", "DATE", lambda d, y, m: _day_month(d, m, y)),
        Rule("year-month-day", f"YEAR (slash|dash|comma)? MONTH (slash|dash)? {DAY}", "DATE", lambda y, m, d: _day_month(d, m, y)),
        Rule("days-of-month", f"FROM? the? {DAY} TO the? {DAY} of? MONTH (?!NUM (?!AMPM|oclock|colon|TO)|ORD) {_YEAR}", "SPAN", _span),
        Rule("between-days-of-month", f"between the? {DAY} and the? {DAY} of? MONTH (?!NUM (?!AMPM|oclock|colon|TO)|ORD) {_YEAR}", "SPAN", _span),
        Rule("month-days", f"MONTH stop? from? the? {DAY} TO the? {DAY} {_NOT_CLOCK} {_YEAR}", "SPAN", _month_span),
        Rule("month-between-days", f"MONTH between the? {DAY} (and|dash) the? {DAY} {_NOT_CLOCK} {_YEAR}", "SPAN", _month_span),
        Rule("numeric", "ISO", "DATE", _numeric),
        Rule("numeric-pair", "PAIR (?!UNIT|money)", "DATE", _pair),
        Rule("weekday-decimal", "WEEKDAY comma? DECIMAL", "DATE", weekday_decimal),
        Rule("month-year", "MONTH stop? (comma|of|in|dash|slash)? YEAR", "DATE", _month_year),
        Rule("number-year", "NUM (dash|slash) YEAR (?!AMPM)", "DATE", _number_year),
        Rule("year-number", "YEAR (dash|slash) NUM (?!AMPM)", "DATE", _number_year),
        Rule("weekday-number", "WEEKDAY NUM (?!AMPM|oclock|UNIT|colon|dash|to|MONTH|NUM|WORD)", "DATE", lambda w, d: Fields(None, None, d, w) if 12 < d <= 31 else None),
        Rule("weekday-the-nth", "WEEKDAY comma? on? the? (ORD|the SECOND) (?!of|WEEKDAY|ordnoun|thing|quarter)", "DATE", lambda w, d: Fields(None, None, d, w)),
        Rule("days-of-pointed-month", f"(from|between)? the? {DAY} (TO|and) the? {DAY} (of|in)? (NEXT|THIS|LAST|FOLLOWING) UNIT", "SPAN", lambda a, b, shift, unit: DateSpan(Inside(Fields(None, None, a), (shift, unit)), Inside(Fields(None, None, b), (shift, unit))) if unit == "month" and max(a, b) <= 31 else None),
        Rule("days-of-this-month", f"(from|between)? the? {DAY} (TO|and) the? {DAY} of the UNIT", "SPAN", lambda a, b, unit: DateSpan(Fields(None, None, a), Fields(None, None, b)) if unit == "month" and max(a, b) <= 31 else None),
        Rule("nth-of-next-month", "the? ORDINAL of (NEXT|THIS|LAST|FOLLOWING) UNIT", "DATE", lambda d, shift, unit: Inside(Fields(None, None, d), (shift, unit)) if unit == "month" else None),
    ],
)  # fmt: skip
