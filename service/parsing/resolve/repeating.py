"""What repeats: the first occurrence of a rule, and its last day."""

from datetime import datetime, timedelta

from service.parsing.resolve.arith import DAY, Frame, Range, add
from service.parsing.resolve.dates import resolve
from service.parsing.resolve.exceptions import leave_out
from service.parsing.resolve.hours import at_first_hour, hours_of_day, with_hours
from service.parsing.resolve.repeats import CODES, first_day
from service.parsing.resolve.single import single
from service.parsing.resolve.spanning import spanning
from service.parsing.resolve.timing import Timing, point
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import (
    DateSpan,
    Edge,
    Fields,
    Length,
    Moment,
    Period,
    Repeat,
    Rolling,
    WeekdayRef,
    Within,
    moment_of,
)

_MOMENT = timedelta(seconds=1)
_FIFTH = 5  # there is not one in every month, but there is always a last


def repeating(expressions: TimeExpressions, repeat: Repeat, frame: Frame, topic: str) -> Timing:
    """Return the first occurrence of `repeat`, with the last day of the rule as `until`."""
    repeat, missing, problems = leave_out(repeat, expressions.excepted, frame)
    expressions.problems += problems
    base, until = _bounds(expressions, repeat, frame, topic)
    repeat = _on_weekday(repeat, expressions.date, frame)
    hours = hours_of_day(expressions, repeat, frame, topic)
    expressions.repeat = with_hours(repeat, hours)
    first = _first(expressions, repeat, base, missing)
    inner = TimeExpressions(
        clock=expressions.clock,
        clock_span=expressions.clock_span,
        part=expressions.part,
        length=expressions.length if expressions.length and expressions.length.is_clock else None,
    )
    timing = _on_day(inner, first, frame, topic)
    if hours:
        timing = at_first_hour(timing, repeat, hours, frame.now)
    over = not timing.all_day and timing.start < frame.now and first == frame.today
    if over and repeat.freq in ("DAILY", "WEEKLY"):
        day = first
        first = first_day(repeat, first + DAY) if repeat.by or repeat.freq == "DAILY" else first
        timing = _on_day(inner, first, frame, topic)
        if until is not None and repeat.freq == "DAILY" and _says_how_long(expressions):
            until += first - day  # ten days are ten, also where today's time has passed
    if repeat.freq in ("HOURLY", "MINUTELY", "SECONDLY") and timing.all_day:
        length = timedelta(minutes=frame.preferences.default_minutes)
        start = max(frame.now, first)
        timing = Timing(start, start + length, all_day=False)
    return timing._replace(until=until)


def _bounds(
    expressions: TimeExpressions, repeat: Repeat, frame: Frame, topic: str
) -> tuple[datetime, datetime | None]:
    """Return the day from which the rule runs and the last moment it may, or None."""
    base, until = frame.today, None
    if isinstance(expressions.span, DateSpan) and moment_of(expressions.span.start).date is None:
        expressions.clock = moment_of(expressions.span.start).clock
        expressions.until, expressions.span = expressions.span.end, None
    if isinstance(expressions.span, DateSpan):
        last = moment_of(expressions.span.end)
        first = moment_of(expressions.span.start)
        if first.clock is None and last.clock is not None:
            _lend_clock(expressions, last)  # "daily June 1 to June 10 at 6pm"
        elif expressions.clock is None and expressions.clock_span is None and last.clock is None:
            expressions.clock = first.clock  # "daily at 11:00, May 1 to September 30"
        base, until = _within_span(expressions.span, frame, topic)
    elif isinstance(expressions.span, Within):
        until = add(frame.today, expressions.span.length) - _MOMENT
    elif expressions.date is not None:
        base, until = _within_date(expressions, repeat, frame)
    if expressions.until is not None:
        _lend_clock(expressions, moment_of(expressions.until))
        until = _last_moment(moment_of(expressions.until), frame._replace(now=base), topic)
    elif expressions.length is not None and not expressions.length.is_clock and until is None:
        until = add(base, expressions.length) - _MOMENT
    return base, until


def _says_how_long(expressions: TimeExpressions) -> bool:
    """Say whether the rule ends because an amount of days is over: "for 10 days"."""
    length = expressions.length
    ends = expressions.until is None and expressions.span is None and expressions.date is None
    return ends and length is not None and not length.is_clock


def _lend_clock(expressions: TimeExpressions, until: Moment) -> None:
    """Let "every day until May 15 at 8am" happen at 8, as no other time is said."""
    if expressions.clock is None and expressions.clock_span is None and until.date is not None:
        expressions.clock, expressions.until = until.clock, until._replace(clock=None)


def _on_weekday(repeat: Repeat, date: object, frame: Frame) -> Repeat:
    """Read "monthly on Tuesday" as calendars do: in the week of the month the first one lies in."""
    if repeat != Repeat("MONTHLY", repeat.interval) or not isinstance(date, WeekdayRef):
        return repeat
    number = (resolve(date, frame).start.day - 1) // 7 + 1
    nth = number if number < _FIFTH else -1
    return repeat._replace(by=(("BYDAY", f"{nth}{CODES[date.weekday]}"),))


def _within_span(span: DateSpan, frame: Frame, topic: str) -> tuple[datetime, datetime]:
    whole = spanning(TimeExpressions(span=span), span, frame, topic)
    base, until = whole.start.replace(hour=0, minute=0), whole.end - _MOMENT
    first = moment_of(span.start).date
    if isinstance(first, Fields) and first.day is None and not frame.past and whole.end > frame.now:
        base = max(base, frame.today)  # "the last Friday of the month, March to May"
    if span.until:
        until = _last_moment(moment_of(span.end), frame._replace(now=base), topic)
    return base, until


def _within_date(
    expressions: TimeExpressions, repeat: Repeat, frame: Frame
) -> tuple[datetime, datetime | None]:
    """Read "in June" as the stretch of the rule, and a single day as its beginning."""
    date, when = expressions.date, resolve(expressions.date, frame)
    base = max(when.start.replace(hour=0, minute=0, second=0, microsecond=0), frame.today)
    opens = expressions.count or expressions.starting or repeat.freq == "YEARLY"
    if when.end - when.start <= DAY or opens:
        return base, None
    ahead = isinstance(date, Period) and date.shift > 0 and date.unit != "week"
    if isinstance(date, Rolling) or ahead:
        base = frame.today
    return base, _period_end(date, when, frame)


def _first(
    expressions: TimeExpressions, repeat: Repeat, base: datetime, missing: list[datetime]
) -> datetime:
    """Return the first day of the rule that is not left out; say which days it cannot leave out."""
    first = first_day(repeat, base)
    while first in missing and (repeat.by or repeat.freq == "DAILY"):
        missing.remove(first)
        first = first_day(repeat, first + DAY)
    expressions.problems += [
        f"{date:%Y-%m-%d} is not left out: a rule cannot say it without an EXDATE"
        for date in missing
    ]
    return first


def _last_moment(until: Moment, frame: Frame, topic: str) -> datetime:
    """Read the end: "until Friday" takes Friday in, "until June" ends where June begins."""
    when = point(until, frame, topic)[0]
    vague = when.grain in ("week", "month", "quarter", "year") and not isinstance(until.date, Edge)
    return (when.start if vague else when.end) - _MOMENT


def _period_end(date: object, when: Range, frame: Frame) -> datetime:
    """Read the end: "for the next month" ends a month from now; "in June" ends with June."""
    if isinstance(date, Period) and date.shift == 1 and date.unit in ("month", "year", "quarter"):
        months = {"month": 1, "quarter": 3, "year": 12}[date.unit]
        return add(frame.today, Length(months=months)) - _MOMENT
    if isinstance(date, Rolling):
        return add(frame.today, date.length) - _MOMENT
    return when.end - _MOMENT


def _on_day(expressions: TimeExpressions, date: datetime, frame: Frame, topic: str) -> Timing:
    if not expressions.found:
        return Timing(date, date + DAY, all_day=True)
    there = frame._replace(now=date)
    return single(expressions, there, topic)
