# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""One occurrence: a date, a time of day, a stretch of hours, a part of the day, a length."""

from datetime import timedelta

from service.parsing.parts import Parts
from service.parsing.resolve import clocks
from service.parsing.resolve.arith import DAY, Frame, Range, add, day
from service.parsing.resolve.dates import resolve
from service.parsing.resolve.timing import Timing
from service.parsing.values import ClockSpan, Length, MinutePast, Part

_WHOLE_DAYS = frozenset(
    ("day", "week", "weekend", "month", "quarter", "year", "decade", "century", "span", "fortnight")
)


def single(parts: Parts, frame: Frame, topic: str) -> Timing:
    """Return when something that happens once takes place."""
    when = resolve(parts.date, frame) if parts.date is not None else None
    part = parts.part
    if (
        when is not None
        and when.grain not in _WHOLE_DAYS
        and parts.clock is None
        and parts.clock_span is None
    ):
        return _exact(when, parts.length)
    if parts.clock_span is not None:
        return _clock_span(parts.clock_span, when, parts, frame, topic)
    if parts.clock is not None:
        return _clock(parts, when, frame, topic)
    if part is not None:
        return _day_part(part, when, parts.length, frame)
    if when is None:
        when = day(frame.today)
    if (
        parts.length is not None
        and when.grain in ("day", "weekend", "week")
        and not parts.length.is_clock
    ):
        return Timing(when.start, add(when.start, parts.length), all_day=True)
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


def _clock(parts: Parts, when: Range | None, frame: Frame, topic: str) -> Timing:
    clock = parts.clock
    if isinstance(clock, MinutePast):
        start = frame.now.replace(minute=clock.minute, second=0, microsecond=0)
        start = start if start > frame.now else start + timedelta(hours=1)
        return Timing(start, start + _length(parts, frame), all_day=False)
    part = parts.part.name if parts.part else ""
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
    elif when is None and start < frame.now and not frame.past and parts.part is None:
        start += DAY
    return Timing(start, start + _length(parts, frame), all_day=False)


def _length(parts: Parts, frame: Frame) -> timedelta:
    if parts.length is None or parts.length == Length():
        return timedelta(minutes=frame.preferences.default_minutes)
    zero = frame.today
    return add(zero, parts.length) - zero


def _clock_span(
    span: ClockSpan, when: Range | None, parts: Parts, frame: Frame, topic: str
) -> Timing:
    part = parts.part.name if parts.part else ""
    settled = clocks.settle_span(span, part, topic, frame.preferences)
    date = when.start if when else frame.today
    start, end = clocks.at(date, settled.start), clocks.at(date, settled.end)
    if end <= start:
        end += DAY
    if when is None and end <= frame.now and not frame.past:
        start, end = start + DAY, end + DAY
    if parts.length is not None and parts.length.is_clock and add(start, parts.length) < end:
        end = add(start, parts.length)
    elif when is not None and when.grain in ("span", "weekend") and when.end - when.start > DAY:
        end = end if parts.date is None else clocks.at(date, settled.end)
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
