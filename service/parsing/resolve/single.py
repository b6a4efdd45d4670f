# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""One occurrence: a date, a time of day, a stretch of hours, a part of the day, a length."""

from datetime import timedelta

from service.parsing.resolve import clocks
from service.parsing.resolve.arith import DAY, Frame, Range, add, day
from service.parsing.resolve.dates import resolve
from service.parsing.resolve.timing import Timing
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import ClockSpan, Length, MinutePast, Part

_WHOLE_DAYS = frozenset(
    ("day", "week", "weekend", "month", "quarter", "year", "decade", "century", "span", "fortnight")
)


def single(expressions: TimeExpressions, frame: Frame, topic: str) -> Timing:
    """Return when something that happens once takes place."""
    when = resolve(expressions.date, frame) if expressions.date is not None else None
    part = expressions.part
    if (
        when is not None
        and when.grain not in _WHOLE_DAYS
        and expressions.clock is None
        and expressions.clock_span is None
    ):
        return _exact(when, expressions.length)
    if expressions.clock_span is not None:
        return _clock_span(expressions.clock_span, when, expressions, frame, topic)
    if expressions.clock is not None:
        return _clock(expressions, when, frame, topic)
    if part is not None:
        return _day_part(part, when, expressions.length, frame)
    if when is None:
        when = day(frame.today)
    if (
        expressions.length is not None
        and when.grain in ("day", "weekend", "week")
        and not expressions.length.is_clock
    ):
        return Timing(when.start, add(when.start, expressions.length), all_day=True)
    return _exact(when, None)


def _exact(when: Range, length: Length | None) -> Timing:
    clocked = (
        when.grain in ("second", "minute", "hour")
        or when.start.time() != when.start.min.time()
        or (when.end - when.start) % DAY != timedelta(0)
    )
    if not clocked:
        return Timing(when.start, when.end, all_day=True)
    end = add(when.start, length) if length else when.end
    return Timing(
        when.start, end if end > when.start else when.start + timedelta(hours=1), all_day=False
    )


def _clock(expressions: TimeExpressions, when: Range | None, frame: Frame, topic: str) -> Timing:
    clock = expressions.clock
    if isinstance(clock, MinutePast):
        start = frame.now.replace(minute=clock.minute, second=0, microsecond=0)
        start = start if start > frame.now else start + timedelta(hours=1)
        return Timing(start, start + _length(expressions, frame), all_day=False)
    part = expressions.part.name if expressions.part else ""
    settled = clocks.settle(clock, part, topic, frame.preferences)
    start = clocks.at(when.start if when else frame.today, settled)
    if part == "night" and settled.hour == 0 and clock.half == "24":
        start += DAY  # "midnight tonight" is the one ahead
    open_half = not clock.half and not part and not topic
    if (
        start < frame.now
        and open_half
        and when
        and when.start == frame.today
        and settled.hour < 12
        and not frame.past
    ):
        later = start + timedelta(hours=12)
        start = later if later > frame.now else start
    elif when is None and start < frame.now and not frame.past and expressions.part is None:
        start += DAY
    return Timing(start, start + _length(expressions, frame), all_day=False)


def _length(expressions: TimeExpressions, frame: Frame) -> timedelta:
    if expressions.length is None or expressions.length == Length():
        return timedelta(minutes=frame.preferences.default_minutes)
    zero = frame.today
    return add(zero, expressions.length) - zero


def _clock_span(
    span: ClockSpan, when: Range | None, expressions: TimeExpressions, frame: Frame, topic: str
) -> Timing:
    part = expressions.part.name if expressions.part else ""
    settled = clocks.settle_span(span, part, topic, frame.preferences)
    date = when.start if when else frame.today
    start, end = clocks.at(date, settled.start), clocks.at(date, settled.end)
    if end <= start:
        end += DAY
    if when is None and end <= frame.now and not frame.past:
        start, end = start + DAY, end + DAY
    if (
        expressions.length is not None
        and expressions.length.is_clock
        and add(start, expressions.length) < end
    ):
        end = add(start, expressions.length)
    elif when is not None and when.grain in ("span", "weekend") and when.end - when.start > DAY:
        end = end if expressions.date is None else clocks.at(date, settled.end)
    return Timing(start, end if end > start else end + DAY, all_day=False)


def _day_part(part: Part, when: Range | None, length: Length | None, frame: Frame) -> Timing:
    first, last = clocks.window(part.name, part.edge, frame.preferences)
    date = when.start if when else frame.today
    start = date.replace(hour=0, minute=0) + timedelta(hours=first)
    end = date.replace(hour=0, minute=0) + timedelta(hours=last)
    if when is None and end <= frame.now and not frame.past:
        start, end = start + DAY, end + DAY
    if length is not None:
        end = add(start, length)
    return Timing(start, end, all_day=False)
