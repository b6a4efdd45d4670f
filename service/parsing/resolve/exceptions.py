"""What a rule leaves out, as far as an RFC 5545 RRULE can say it without EXDATE."""

from datetime import datetime

from service.parsing.building.repeats import CODES, without
from service.parsing.resolve.arith import Frame
from service.parsing.resolve.dates import resolve
from service.parsing.values import DateSpan, Fields, NthOf, Period, Repeat, Said, WeekdayRef

_MONTHS = range(1, 13)
_WEEKS = range(1, 6)  # a weekday comes four or five times a month
_HOLIDAYS = "holidays are not left out: a rule cannot name them"


def leave_out(
    repeat: Repeat, excepted: list[Said], frame: Frame
) -> tuple[Repeat, list[datetime], list[str]]:
    """Return the rule without what it can leave out, the single days left, and what is not said.

    Months become a list of the other months ("except in July"), the nth weekday a list of the
    other ones ("every Friday except the first Friday of the month"). A single day would need an
    EXDATE; it is returned, so that the first occurrence can avoid it.
    """
    days: list[datetime] = []
    problems: list[str] = []
    for value in excepted:
        if isinstance(value, str):
            problems.append(_HOLIDAYS)
        elif (changed := _without(repeat, value)) is not None:
            repeat = changed
        elif not isinstance(value, DateSpan | Repeat):
            days.append(resolve(value, frame).start)
        else:
            problems.append("a rule cannot leave out these days: that needs an EXDATE for each")
    return repeat, days, problems


def _without(repeat: Repeat, value: object) -> Repeat | None:
    if repeat.freq in ("DAILY", "WEEKLY", "MONTHLY") and (months := _months(value)):
        return _other_months(repeat, months)
    if isinstance(value, WeekdayRef) and not value.which:
        return without(repeat, value.weekday)
    if isinstance(value, Repeat):  # "every day at 9 except Fridays"
        return without(repeat, *map(CODES.index, dict(value.by)["BYDAY"].split(",")))
    if isinstance(value, NthOf) and isinstance(value.unit, int):
        return _other_weeks(repeat, value.n, value) if _in_any_month(value) else None
    return None


def _months(value: object) -> set[int]:
    """Return the months a value names, when it names whole months of any year."""
    if isinstance(value, DateSpan):
        first, last = (_months(getattr(end, "date", None)) for end in (value.start, value.end))
        if not first or not last or min(first) > min(last):
            return set()
        return set(range(min(first), min(last) + 1))
    if isinstance(value, Fields) and not (value.year or value.day or value.weekday):
        return {value.month} if value.month else set()
    return set()


def _other_months(repeat: Repeat, months: set[int]) -> Repeat | None:
    by = dict(repeat.by)
    named = [int(n) for n in by["BYMONTH"].split(",")] if "BYMONTH" in by else list(_MONTHS)
    left = [str(n) for n in named if n not in months]
    by["BYMONTH"] = ",".join(left)
    return repeat._replace(by=tuple(by.items())) if left else None


def _in_any_month(value: NthOf) -> bool:
    return value.container is None or value.container == Period("month")


def _other_weeks(repeat: Repeat, n: int, value: NthOf) -> Repeat | None:
    by = dict(repeat.by)
    if repeat.freq not in ("DAILY", "WEEKLY") or repeat.interval != 1 or abs(n) not in _WEEKS:
        return None
    code, sign = CODES[int(value.unit)], 1 if n > 0 else -1
    every = by.get("BYDAY", ",".join(CODES) if repeat.freq == "DAILY" else "").split(",")
    if code not in every:
        return None
    others = [f"{sign * week}{code}" for week in _WEEKS if week != abs(n)]
    by["BYDAY"] = ",".join([day for day in every if day != code] + others)
    return Repeat("MONTHLY", 1, tuple(by.items()))
