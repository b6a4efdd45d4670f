"""How one time expression goes into the parts of a request; the first of a kind wins."""

from collections.abc import Callable

from service.parsing.building.moments import is_vague
from service.parsing.building.nested import join
from service.parsing.time_expressions import TimeExpressions
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
    Said,
    WeekdayRef,
    WeekNumber,
    Within,
    moment_of,
)  # fmt: skip

NOW = Offset(None, Length(), 1, exact=True)
_WITHIN_A_DAY = frozenset(("HOURLY", "MINUTELY", "SECONDLY"))


def date(expressions: TimeExpressions, value: object) -> bool:
    """Take a date: a later one completes it, or is one too many."""
    if isinstance(expressions.date, Offset) and isinstance(expressions.date.base, Clock):
        offset = expressions.date  # "30 minutes before the 6pm show on Friday"
        expressions.date = offset._replace(base=Moment(value, offset.base))
    elif (
        expressions.date is None
        or isinstance(expressions.date, Holiday)
        or _is_sharper(value, expressions.date)
        or _is_vague_day(expressions.date) > _is_vague_day(value)
        or (isinstance(value, Fields) and value.day and _is_no_part_of(expressions.date, value))
    ):
        expressions.date = value
    elif _belong(expressions.date, value) and (joined := join(expressions.date, value)) is not None:
        expressions.date = joined
    else:
        expressions.extra_dates += 1
    return True


def _is_sharper(value: object, date: object) -> bool:
    """Say whether "in two hours" tells when today something is."""
    return (
        isinstance(value, Offset) and value.base is None and value.length.is_clock
        and date == DayShift(0) and value.length != Length()
    )  # fmt: skip


def _is_no_part_of(date: object, value: Fields) -> bool:
    """Say whether a week or another weekday is no part of a full date: "Tuesday Club, Friday 9"."""
    other = isinstance(date, WeekdayRef) and value.weekday not in (None, date.weekday)
    return other or isinstance(date, WeekNumber)


def _belong(date: object, value: object) -> bool:
    """Say whether two dates that stand apart may be one: "Friday … next week", "May 3 … 2027"."""
    kinds = (Fields, Period, WeekdayRef)
    return isinstance(date, kinds) and isinstance(value, kinds)


def _is_vague_day(value: object) -> bool:
    return isinstance(value, Period) and value.unit == "day"


def moment(expressions: TimeExpressions, value: Moment) -> bool:
    """Take a date with a time or a part of the day."""
    if value.date is not None:
        date(expressions, value.date)
    expressions.clock = value.clock if expressions.clock is None else expressions.clock
    expressions.part = expressions.part or value.part
    return True


def clock(expressions: TimeExpressions, value: object) -> bool:
    """Take a time of day."""
    if isinstance(value, Offset):
        return date(expressions, value)
    if expressions.clock is None and expressions.clock_span is None:
        expressions.clock = value
    return True


def clocks(expressions: TimeExpressions, values: tuple[Clock, ...]) -> bool:
    """Take the first of several times; a rule takes them all."""
    if expressions.clock is None and expressions.clock_span is None:
        expressions.clock, *rest = values
        expressions.clocks = tuple(rest)
    return True


def day_parts(expressions: TimeExpressions, value: tuple[Repeat, Part]) -> bool:
    """Take a rule and a part of the day: "nightly", "weeknights", "mornings at 8"."""
    expressions.part = expressions.part or value[1]
    return repeat(expressions, value[0])


def clock_span(expressions: TimeExpressions, value: ClockSpan) -> bool:
    """Take a stretch of hours."""
    expressions.clock_span = expressions.clock_span or value
    return True


def span(expressions: TimeExpressions, value: DateSpan | Within | Lasting) -> bool:
    """Take a stretch of days, or only its beginning or end."""
    if isinstance(value, Lasting):
        expressions.length = expressions.length or value.length
        return date(expressions, value.start)
    if isinstance(value, Within):
        expressions.span = expressions.span or value
    elif value.start == "ending" and not (expressions.found or expressions.length):
        return moment(expressions, value.end)
    elif value.start == "ending" and (first := _first_of(expressions.length, value.end)):
        expressions.span = DateSpan(first, value.end)
    elif value.start is None or value.start == "ending":
        expressions.until = expressions.until or value.end
    elif value.end is None:
        expressions.starting = True
        return moment(expressions, value.start)
    elif expressions.span is None or _says_which(value, expressions.span):
        expressions.span = value
    return True


def _says_which(value: DateSpan, said: object) -> bool:
    """Say whether dates tell which weekdays are meant: "Fri-Sun, 17-19 April"."""
    if not isinstance(said, DateSpan):
        return False
    days = [moment_of(end).date for end in (said.start, said.end)]
    named = all(isinstance(day, WeekdayRef) for day in days)
    return named and isinstance(moment_of(value.start).date, Fields)


def _first_of(length: Length | None, end: Moment) -> Moment | None:
    """Return when so many days begin whose last one is known: "five days ending on Sunday"."""
    if length is None or not length.days or length.seconds or length.workdays:
        return None
    if end.clock is not None or end.date is None or is_vague(end.date):
        return None
    return Moment(Offset(end.date, length._replace(days=length.days - 1), -1))


def repeat(expressions: TimeExpressions, value: Repeat) -> bool:
    """Take a rule; one that names its days replaces one that does not."""
    old = expressions.repeat
    if old is not None and {old.freq, value.freq} & _WITHIN_A_DAY and old.freq != value.freq:
        quick, slow = (old, value) if old.freq in _WITHIN_A_DAY else (value, old)
        expressions.repeat = quick._replace(by=slow.by)  # "every two hours on weekdays"
    elif old is None:
        expressions.repeat = value
    elif not old.by and value.by:
        same = old.freq == value.freq  # "biweekly sync mondays": how often, then on which day
        expressions.repeat = value._replace(interval=old.interval) if same else value
    elif old.freq == value.freq and old.interval == 1 < value.interval and not value.by:
        expressions.repeat = old._replace(interval=value.interval)  # "Fridays 8pm, fortnightly"
    return True


def leave_out(expressions: TimeExpressions, values: tuple[object, ...]) -> bool:
    """Keep what a rule leaves out; where nothing repeats, it is a date like any other."""
    first = values[0]
    if expressions.repeat is not None:
        if isinstance(first, DateSpan) and _is_day_then_hours(first):
            clock(expressions, first.start.clock)  # "every Monday except May 4, 7pm until June 8"
            expressions.until = expressions.until or first.end
            values = (first.start.date,)
        expressions.excepted += values
        return True
    if first == NOW:
        return True  # "not right now"
    if isinstance(first, str | Repeat) or expressions.date is not None:
        return False  # "any day next week except Wednesday": a doubt
    return (
        span(expressions, first)
        if isinstance(first, DateSpan | Within)
        else date(expressions, first)
    )


def _is_day_then_hours(span: DateSpan) -> bool:
    """Say whether a day that is left out ran into the time and the end of the rule."""
    start, end = span.start, span.end
    timed = isinstance(start, Moment) and start.clock is not None and start.date is not None
    return timed and isinstance(end, Moment) and end.clock is None and end.date is not None


def count(expressions: TimeExpressions, value: int) -> bool:
    """Take how often a rule is to happen."""
    expressions.count = expressions.count or value
    return True


def period(expressions: TimeExpressions, value: Period | Part) -> bool:
    """Take a part of the day, or a period that stands for a date."""
    if isinstance(value, Period):
        expressions.date = expressions.date or value
        return True
    if expressions.part is None:
        expressions.part = value
        return True
    return False


TAKERS: dict[str, Callable[[TimeExpressions, Said], bool]] = {
    "DATE": date, "MOMENT": moment, "TIME": clock, "TIMES": clocks, "TIMESPAN": clock_span,
    "SPAN": span, "DAYPARTS": day_parts, "REPEAT": repeat, "EXCEPT": leave_out,
    "COUNT": count, "PERIOD": period,
}  # fmt: skip
