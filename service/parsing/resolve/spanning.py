"""From one point to another, and up to a point: "Friday 5pm to Sunday", "until noon"."""

from datetime import datetime, timedelta
from typing import Any

from service.parsing.parts import Parts
from service.parsing.resolve import clocks
from service.parsing.resolve.arith import DAY, Frame
from service.parsing.resolve.fields import in_order
from service.parsing.resolve.timing import Timing, moment_of, point
from service.parsing.values import (
    Clock,
    DateSpan,
    Fields,
    Inside,
    Moment,
    Numeric,
    Period,
    Rolling,
    WeekdayRef,
)  # fmt: skip


def spanning(parts: Parts, span: DateSpan, frame: Frame, topic: str) -> Timing:
    """Return the stretch between two points; whole days at its end are included."""
    first, last = moment_of(span.start), moment_of(span.end)
    first, last = _figures(first, frame), _figures(last, frame)
    if isinstance(parts.date, Period) and parts.date.unit == "week":
        first, last = _within_week(first, parts.date), _within_week(last, parts.date)
    if isinstance(first.date, Fields) and isinstance(last.date, Fields):
        first = first._replace(date=_borrow(first.date, last.date))
    if first.clock is None and parts.clock is not None:
        first = first._replace(clock=parts.clock)
    if parts.clock_span is not None:
        settled = clocks.settle_span(
            parts.clock_span, parts.part.name if parts.part else "", topic, frame.preferences
        )
        first, last = first._replace(clock=settled.start), last._replace(clock=settled.end)
    start = point(first, frame, topic)
    behind = frame._replace(now=start[0].start, request=False)
    end = point(last, behind, topic)
    begin, finish = start[0].start, end[0].end
    if first.clock is None and end[1] is not None and isinstance(first.date, WeekdayRef):
        begin = clocks.at(begin, end[1])
    clocked = first.clock is not None or last.clock is not None
    if last.date is None and last.clock is not None:
        finish = clocks.at(begin, end[1] or Clock(0))
        finish = finish if finish > begin else finish + DAY
    elif last.clock is not None:
        finish = clocks.at(end[0].start, end[1] or Clock(0))
    if finish <= begin:
        finish = _later(last, begin, behind, topic)
    return Timing(
        begin, finish, not clocked and (finish - begin) % DAY == timedelta(0) and begin.hour == 0
    )


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


def until_point(timing: Timing, until: Any, frame: Frame, topic: str) -> Timing:
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
