"""From one point to another, and up to a point: "Friday 5pm to Sunday", "until noon"."""

from datetime import datetime, timedelta

from service.parsing.resolve import clocks
from service.parsing.resolve.arith import DAY, Frame, Range
from service.parsing.resolve.fields import in_order
from service.parsing.resolve.timing import Timing, point
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import (
    Clock,
    DateSpan,
    Edge,
    Fields,
    Inside,
    Moment,
    Numeric,
    Period,
    Rolling,
    WeekdayRef,
    moment_of,
)  # fmt: skip


def spanning(expressions: TimeExpressions, span: DateSpan, frame: Frame, topic: str) -> Timing:
    """Return the stretch between two points; whole days at its end are included."""
    first, last = _points(expressions, span, frame, topic)
    start = point(first, frame, topic)
    # the end lies behind the start, also where both are behind us
    behind = frame._replace(now=start[0].start, request=False, past=False)
    # "to Friday next week", "to the end of next month": from today; "to Friday": from the start
    end = point(last, frame if _is_counted_from_today(last.date) else behind, topic)
    begin = _begin(first, start[0], end[1], frame)
    finish = _finish(last, end, begin, frame)
    clocked = any(moment.clock is not None or moment.part for moment in (first, last))
    if finish <= begin:
        finish = _later(last, begin, behind, topic)
    whole = not clocked and (finish - begin) % DAY == timedelta(0) and begin.hour == 0
    return Timing(begin, finish, whole)


def _is_counted_from_today(date: object) -> bool:
    if isinstance(date, Edge):
        return isinstance(date.base, Period)
    return isinstance(date, Inside) and isinstance(date.container, Period | tuple)


def _points(
    expressions: TimeExpressions, span: DateSpan, frame: Frame, topic: str
) -> tuple[Moment, Moment]:
    """Return both ends, each with what only the other one, or the rest of the request, says."""
    first, last = moment_of(span.start), moment_of(span.end)
    first, last = _figures(first, frame), _figures(last, frame)
    if isinstance(expressions.date, Period) and expressions.date.unit == "week":
        first, last = _within_week(first, expressions.date), _within_week(last, expressions.date)
    if isinstance(first.date, Fields) and isinstance(last.date, Fields):
        last = last._replace(date=_going_on(first.date, last.date, frame))
        first = first._replace(date=_borrow(first.date, last.date))
    if isinstance(first.date, WeekdayRef) and isinstance(last.date, Inside):
        first = first._replace(date=_borrow_week(first.date, last.date))
    if first.clock is None and expressions.clock is not None:
        first = first._replace(clock=expressions.clock)
    if expressions.clock_span is not None:
        part = expressions.part.name if expressions.part else ""
        settled = clocks.settle_span(expressions.clock_span, part, topic, frame.preferences)
        first, last = first._replace(clock=settled.start), last._replace(clock=settled.end)
    return first, last._replace(clock=_as_written(first.clock, last.clock))


def _as_written(first: object, last: object) -> object:
    """Return the clock of the end, exact where that of the start counts to 24: "22:00 to 6:00"."""
    exact = isinstance(first, Clock) and first.half == "24" and first.hour > 12  # noqa: PLR2004
    return last._replace(half="24") if exact and isinstance(last, Clock) and not last.half else last


def _going_on(first: Fields, last: Fields, frame: Frame) -> Fields:
    """Return the end with this year, where the stretch has begun and is not over: "Jan-Mar"."""
    begin, end, today = (first.month, first.day or 1), (last.month, last.day or 31), frame.today
    if first.year or last.year or not first.month or not last.month or frame.past:
        return last
    begun = begin <= (today.month, today.day) <= end
    return last._replace(year=today.year) if begun else last


def _borrow_week(first: WeekdayRef, last: Inside) -> WeekdayRef | Inside:
    """Let the start lie in the week of the end: "Tuesday to Friday next week"."""
    week = last.container
    in_order = isinstance(last.inner, WeekdayRef) and first.weekday < last.inner.weekday
    if in_order and not first.which and isinstance(week, Period) and week.unit == "week":
        return Inside(first, week)
    return first


def _begin(first: Moment, when: Range, clock: Clock | None, frame: Frame) -> datetime:
    """Return where it begins; a weekday without a time takes that of the end."""
    if first.clock is not None:
        return when.start
    if first.part and when.grain == "day":
        hours = clocks.window(first.part.name, first.part.edge, frame.preferences)[0]
        return when.start + timedelta(hours=hours)
    if clock is not None and isinstance(first.date, WeekdayRef):
        return clocks.at(when.start, clock)
    return when.start


def _finish(
    last: Moment, end: tuple[Range, Clock | None], begin: datetime, frame: Frame
) -> datetime:
    """Return where it ends: at a time, with a part of the day, or with the whole day."""
    when, clock = end
    if last.clock is not None and last.date is None:
        finish = clocks.at(begin, clock or Clock(0))
        return finish if finish > begin else finish + DAY
    if last.clock is not None:
        return clocks.at(when.start, clock or Clock(0))
    if last.part and when.grain == "day":
        hours = clocks.window(last.part.name, "", frame.preferences)[1]
        return when.start + timedelta(hours=hours)
    return when.end


def _later(last: Moment, begin: datetime, frame: Frame, topic: str) -> datetime:
    """Move an end that fell before the start a week or a year on."""
    if isinstance(last.date, Fields) and last.date.day and last.date.month:
        moved = last._replace(date=last.date._replace(year=begin.year + 1))
        return point(moved, frame, topic)[0].end
    return begin + timedelta(hours=1)


def _figures(moment: Moment, frame: Frame) -> Moment:
    if not isinstance(moment.date, Numeric):
        return moment
    return moment._replace(date=in_order(moment.date, frame))


def _within_week(moment: Moment, week: Period) -> Moment:
    return (
        moment._replace(date=Inside(moment.date, week))
        if isinstance(moment.date, WeekdayRef)
        else moment
    )


def _borrow(first: Fields, last: Fields) -> Fields:
    """Let the start take the year the end names: "Feb 1st to March 2019"."""
    if last.year and not first.year and first.month:
        year = last.year if first.month <= (last.month or 12) else last.year - 1
        return first._replace(year=year)
    if first.day and not first.month and last.month and last.day and first.day <= last.day:
        return first._replace(month=last.month, year=last.year)
    return first


def until_point(timing: Timing, until: object, frame: Frame, topic: str) -> Timing:
    """Let what begins at `timing` go on until another point."""
    last = moment_of(until)
    behind = frame._replace(now=timing.start)
    when, clock = point(last, behind, topic)
    end = clocks.at(timing.start if last.date is None else when.start, clock) if clock else when.end
    if timing.all_day and not clock and isinstance(last.date, Period | Rolling):
        end = when.end
    if end <= timing.start:
        end += timedelta(hours=12) if (timing.start - end) < timedelta(hours=12) else DAY
    start = timing.start
    if start == frame.today and timing.all_day and clock and last.date is None:
        start = frame.now
    return Timing(start, end if end > start else start + DAY, timing.all_day and clock is None)
