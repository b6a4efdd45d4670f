"""How one time expression goes into the parts of a request; the first of a kind wins."""

from collections.abc import Callable
from typing import Any

from service.parsing.building.nested import join
from service.parsing.parts import Parts
from service.parsing.values import (
    Clock,
    ClockSpan,
    DateSpan,
    DayShift,
    Fields,
    Holiday,
    Lasting,
    Length,
    Moment,
    Offset,
    Part,
    Period,
    Repeat,
    WeekdayRef,
    Within,
)  # fmt: skip

NOW = Offset(None, Length(), 1, exact=True)
_WITHIN_A_DAY = frozenset(("HOURLY", "MINUTELY", "SECONDLY"))


def date(parts: Parts, value: Any) -> bool:
    """Take a date: a later one completes it, or is one too many."""
    if (
        parts.date is None
        or isinstance(parts.date, Holiday)
        or _is_sharper(value, parts.date)
        or _is_vague_day(parts.date) > _is_vague_day(value)
    ):
        parts.date = value
    elif _belong(parts.date, value) and (joined := join(parts.date, value)) is not None:
        parts.date = joined
    else:
        parts.extra_dates += 1
    return True


def _is_sharper(value: Any, date: Any) -> bool:
    """Say whether "in two hours" tells when today something is."""
    soon = isinstance(value, Offset) and value.base is None and value.length.is_clock
    return soon and date == DayShift(0) and value.length != Length()


def _belong(date: Any, value: Any) -> bool:
    """Say whether two dates that stand apart may be one: "Friday … next week", "May 3 … 2027"."""
    kinds = (Fields, Period, WeekdayRef)
    return isinstance(date, kinds) and isinstance(value, kinds)


def _is_vague_day(value: Any) -> bool:
    return isinstance(value, Period) and value.unit == "day"


def moment(parts: Parts, value: Moment) -> bool:
    """Take a date with a time or a part of the day."""
    if value.date is not None:
        date(parts, value.date)
    parts.clock = value.clock if parts.clock is None else parts.clock
    parts.part = parts.part or value.part
    return True


def clock(parts: Parts, value: Any) -> bool:
    """Take a time of day."""
    if isinstance(value, Offset):
        return date(parts, value)
    if parts.clock is None and parts.clock_span is None:
        parts.clock = value
    return True


def clocks(parts: Parts, values: tuple[Clock, ...]) -> bool:
    """Take the first of several times; a rule takes them all."""
    if parts.clock is None and parts.clock_span is None:
        parts.clock, *rest = values
        parts.clocks = tuple(rest)
    return True


def day_parts(parts: Parts, value: tuple[Repeat, Part]) -> bool:
    """Take a rule and a part of the day: "nightly", "weeknights", "mornings at 8"."""
    parts.part = parts.part or value[1]
    return repeat(parts, value[0])


def clock_span(parts: Parts, value: ClockSpan) -> bool:
    """Take a stretch of hours."""
    parts.clock_span = parts.clock_span or value
    return True


def span(parts: Parts, value: DateSpan | Within | Lasting) -> bool:
    """Take a stretch of days, or only its beginning or end."""
    if isinstance(value, Lasting):
        parts.length = parts.length or value.length
        return date(parts, value.start)
    if isinstance(value, Within):
        parts.span = parts.span or value
    elif value.start == "ending" and not (parts.found or parts.length):
        return moment(parts, value.end)
    elif value.start is None or value.start == "ending":
        parts.until = parts.until or value.end
    elif value.end is None:
        parts.starting = True
        return moment(parts, value.start)
    else:
        parts.span = parts.span or value
    return True


def repeat(parts: Parts, value: Repeat) -> bool:
    """Take a rule; one that names its days replaces one that does not."""
    old = parts.repeat
    if old is not None and {old.freq, value.freq} & _WITHIN_A_DAY and old.freq != value.freq:
        quick, slow = (old, value) if old.freq in _WITHIN_A_DAY else (value, old)
        parts.repeat = quick._replace(by=slow.by)  # "every two hours on weekdays"
    elif old is None:
        parts.repeat = value
    elif not old.by and value.by:
        same = old.freq == value.freq  # "biweekly sync mondays": how often, then on which day
        parts.repeat = value._replace(interval=old.interval) if same else value
    return True


def leave_out(parts: Parts, values: tuple[Any, ...]) -> bool:
    """Keep what a rule leaves out; where nothing repeats, it is a date like any other."""
    if parts.repeat is not None:
        parts.excepted += values
        return True
    first = values[0]
    if first == NOW:
        return True  # "not right now"
    if isinstance(first, str | Repeat):
        return False
    return span(parts, first) if isinstance(first, DateSpan | Within) else date(parts, first)


def count(parts: Parts, value: int) -> bool:
    """Take how often a rule is to happen."""
    parts.count = parts.count or value
    return True


def period(parts: Parts, value: Any) -> bool:
    """Take a part of the day, or a period that stands for a date."""
    if isinstance(value, Period):
        parts.date = parts.date or value
        return True
    if parts.part is None:
        parts.part = value
        return True
    return False


TAKERS: dict[str, Callable[[Parts, Any], bool]] = {
    "DATE": date, "MOMENT": moment, "TIME": clock, "TIMES": clocks, "TIMESPAN": clock_span,
    "SPAN": span, "DAYPARTS": day_parts, "REPEAT": repeat, "EXCEPT": leave_out,
    "COUNT": count, "PERIOD": period,
}  # fmt: skip
