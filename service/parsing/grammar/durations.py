# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
"""Amounts of time: "90 minutes", "half an hour", "a couple of days", "1 day and 5 hours"."""

from service.parsing.engine import Rule, Stage
from service.parsing.values import Clock, Length

_IN_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_IN_DAYS = {
    "day": 1,
    "night": 1,
    "week": 7,
    "fortnight": 14,
    "weekend": 7,
    "workweek": 7,
}
_IN_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
MOST_DAYS = 200 * 366  # past two centuries a number is no calendar matter


def length(amount: float, unit: str | int) -> Length | None:
    """Return `amount` of `unit`; None when it is no sensible amount."""
    name = "second" if isinstance(unit, int) else unit
    if name in _IN_SECONDS:
        seconds = round(amount * _IN_SECONDS[name])
        return Length(seconds=seconds) if seconds <= MOST_DAYS * 86400 else None
    if name == "workday":
        return Length(workdays=int(amount)) if amount <= MOST_DAYS else None
    if name in _IN_DAYS:
        days = amount * _IN_DAYS[name]
        if days > MOST_DAYS:
            return None
        return Length(days=int(days), seconds=round(days % 1 * 86400))
    months = amount * _IN_MONTHS[name]
    if months > MOST_DAYS / 30:
        return None
    return Length(int(months), round(months % 1 * 30))


def _decimal(text: str, unit: str) -> Length | None:
    return length(float(text), unit)


def _fraction(pair: tuple[int, int], unit: str) -> Length | None:
    return length(pair[0] / pair[1], unit) if pair[1] else None


def _mixed(whole: int, pair: tuple[int, int], unit: str) -> Length | None:
    return length(whole + pair[0] / pair[1], unit) if pair[1] else None


def _sum(*lengths: Length) -> Length:
    total = Length()
    for one in lengths:
        total = total.plus(one)
    return total


def _for_clock(clock: Clock) -> Length:
    return Length(seconds=clock.hour * 3600 + clock.minute * 60)


DURATIONS = Stage(
    "durations",
    [
        Rule("n-units", "NUM dash? (UNIT|SECOND)", "LENGTH", length),
        Rule("many-units", "(YEAR|HHMM) UNIT", "LENGTH", lambda n, u: length(n if isinstance(n, int) else n.hour * 100 + n.minute, u)),
        Rule("decimal-units", "DECIMAL dash? UNIT", "LENGTH", _decimal),
        Rule("fraction-of-unit", "PAIR (of a)? UNIT", "LENGTH", _fraction),
        Rule("mixed-number", "NUM and? PAIR UNIT", "LENGTH", _mixed),
        Rule("a-unit", "a UNIT", "LENGTH", lambda unit: length(1, unit)),
        Rule("a-second", "a SECOND (?=ago|later|from now|before|after)", "LENGTH", lambda _: Length(seconds=1)),
        Rule("half-a-unit", "a? half dash? a? UNIT", "LENGTH", lambda unit: length(0.5, unit)),
        Rule("quarter-of-a-unit", "a? quarter of? a UNIT", "LENGTH", lambda unit: length(0.25, unit)),
        Rule("three-quarters", "NUM UNIT of a UNIT", "LENGTH", lambda n, q, unit: length(n / 4, unit) if q == "quarter" else None),
        Rule("n-and-a-half", "NUM (and a)? half UNIT", "LENGTH", lambda n, unit: length(n + 0.5, unit)),
        Rule("units-and-a-half", "NUM UNIT and a half", "LENGTH", lambda n, unit: length(n + 0.5, unit)),
        Rule("unit-and-a-half", "a UNIT and a half", "LENGTH", lambda unit: length(1.5, unit)),
        Rule("couple", "(a|the)? couple of? UNIT", "LENGTH", lambda unit: length(2, unit)),
        Rule("few", "a? few UNIT", "LENGTH", lambda unit: length(3, unit)),
        Rule("for-hours-minutes", "for CLOCK (UNIT)?", "LENGTH", lambda c, *_: _for_clock(c)),
    ],
)  # fmt: skip
LENGTHS = Stage(
    "lengths",
    [Rule("sum", "LENGTH (comma? and? LENGTH)+", "LENGTH", _sum)],
)
