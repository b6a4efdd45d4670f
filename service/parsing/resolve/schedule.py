"""From the parts of a request to its start, end and rule on the wall clock."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from service.parsing.gather import Parts
from service.parsing.resolve import clocks
from service.parsing.resolve.arith import DAY, Frame, Range, add, day
from service.parsing.resolve.dates import in_order, resolve
from service.parsing.resolve.repeats import first_day
from service.parsing.values import (
    Clock, ClockSpan, DateSpan, Edge, Fields, Inside, Length, MinutePast, Moment, Numeric, Part, Period,
    Rolling, WeekdayRef, Within,
)  # fmt: skip

_WHOLE_DAYS = frozenset(("day", "week", "weekend", "month", "quarter", "year", "decade", "century", "span", "fortnight"))


class Timing(NamedTuple):
    """When, on the wall clock. `until` is the last day of a rule, or None."""

    start: datetime
    end: datetime
    all_day: bool
    until: datetime | None = None


def schedule(parts: Parts, frame: Frame, topic: str) -> Timing | None:
    """Return when the request takes place, or None when it does not say."""
    if parts.repeat is not None:
        return _repeating(parts, frame, topic)
    if isinstance(parts.span, Within):
        start = frame.now if parts.span.length.seconds else frame.today
        return Timing(start, add(start, parts.span.length), not parts.span.length.seconds)
    if parts.span is not None:
        return _spanning(parts, parts.span, frame, topic)
    if not parts.found:
        return None
    timing = _single(parts, frame, topic)
    return _until(timing, parts.until, frame, topic) if parts.until is not None else timing


def _single(parts: Parts, frame: Frame, topic: str) -> Timing:
    when = resolve(parts.date, frame) if parts.date is not None else None
    part = parts.part
    if when is not None and when.grain not in _WHOLE_DAYS and parts.clock is None and parts.clock_span is None:
        return _exact(when, parts.length)
    if parts.clock_span is not None:
        return _clock_span(parts.clock_span, when, parts, frame, topic)
    if parts.clock is not None:
        return _clock(parts, when, frame, topic)
    if part is not None:
        return _day_part(part, when, parts.length, frame)
    if when is None:
        when = day(frame.today)
    if parts.length is not None and when.grain in ("day", "weekend", "week") and not parts.length.is_clock:
        return Timing(when.start, add(when.start, parts.length), True)
    return _exact(when, None)


def _exact(when: Range, length: Length | None) -> Timing:
    clocked = when.grain in ("second", "minute", "hour") or when.start.time() != when.start.min.time() or (when.end - when.start) % DAY != timedelta(0)
    if not clocked:
        return Timing(when.start, when.end, True)
    end = add(when.start, length) if length else when.end
    return Timing(when.start, end if end > when.start else when.start + timedelta(hours=1), False)


def _clock(parts: Parts, when: Range | None, frame: Frame, topic: str) -> Timing:
    clock = parts.clock
    if isinstance(clock, MinutePast):
        start = frame.now.replace(minute=clock.minute, second=0, microsecond=0)
        start = start if start > frame.now else start + timedelta(hours=1)
        return Timing(start, start + _length(parts, frame), False)
    part = parts.part.name if parts.part else ""
    settled = clocks.settle(clock, part, topic, frame.preferences)
    start = clocks.at(when.start if when else frame.today, settled)
    if part == "night" and settled.hour == 0 and clock.half == "24":
        start += DAY  # "midnight tonight" is the one ahead
    open_half = not clock.half and not part and not topic
    if start < frame.now and open_half and when and when.start == frame.today and settled.hour < 12 and not frame.past:
        later = start + timedelta(hours=12)
        start = later if later > frame.now else start
    elif when is None and start < frame.now and not frame.past and parts.part is None:
        start += DAY
    return Timing(start, start + _length(parts, frame), False)


def _length(parts: Parts, frame: Frame) -> timedelta:
    if parts.length is None or parts.length == Length():
        return timedelta(minutes=frame.preferences.default_minutes)
    zero = frame.today
    return add(zero, parts.length) - zero


def _clock_span(span: ClockSpan, when: Range | None, parts: Parts, frame: Frame, topic: str) -> Timing:
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
    return Timing(start, end if end > start else end + DAY, False)


def _day_part(part: Part, when: Range | None, length: Length | None, frame: Frame) -> Timing:
    first, last = clocks.window(part.name, part.edge, frame.preferences)
    date = when.start if when else frame.today
    start = date.replace(hour=0, minute=0) + timedelta(hours=first)
    end = date.replace(hour=0, minute=0) + timedelta(hours=last)
    if when is None and end <= frame.now and not frame.past:
        start, end = start + DAY, end + DAY
    if length is not None:
        end = add(start, length)
    return Timing(start, end, False)


def _spanning(parts: Parts, span: DateSpan, frame: Frame, topic: str) -> Timing:
    first, last = _moment(span.start), _moment(span.end)
    first, last = _figures(first, frame), _figures(last, frame)
    if isinstance(parts.date, Period) and parts.date.unit == "week":
        first, last = _within_week(first, parts.date), _within_week(last, parts.date)
    if isinstance(first.date, Fields) and isinstance(last.date, Fields):
        first = first._replace(date=_borrow(first.date, last.date, frame))
    if first.clock is None and parts.clock is not None:
        first = first._replace(clock=parts.clock)
    if parts.clock_span is not None:
        settled = clocks.settle_span(parts.clock_span, parts.part.name if parts.part else "", topic, frame.preferences)
        first, last = first._replace(clock=settled.start), last._replace(clock=settled.end)
    start = _point(first, frame, topic)
    behind = frame._replace(now=start[0].start, request=False)
    end = _point(last, behind, topic)
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
    return Timing(begin, finish, not clocked and (finish - begin) % DAY == timedelta(0) and begin.hour == 0)


def _later(last: Moment, begin: datetime, frame: Frame, topic: str) -> datetime:
    """Move an end that fell before the start a week or a year on."""
    if isinstance(last.date, Fields) and last.date.day and last.date.month:
        moved = last._replace(date=last.date._replace(year=begin.year + 1))
        return _point(moved, frame, topic)[0].end
    return begin + timedelta(hours=1)


def _figures(moment: Moment, frame: Frame) -> Moment:
    if not isinstance(moment.date, Numeric):
        return moment
    return moment._replace(date=in_order(moment.date, frame))


def _within_week(moment: Moment, week: Period) -> Moment:
    return moment._replace(date=Inside(moment.date, week)) if isinstance(moment.date, WeekdayRef) else moment


def _moment(value: Any) -> Moment:
    return value if isinstance(value, Moment) else Moment(value)


def _borrow(first: Fields, last: Fields, frame: Frame) -> Fields:
    """Let the start take the year the end names: "Feb 1st to March 2019"."""
    if last.year and not first.year and first.month:
        year = last.year if first.month <= (last.month or 12) else last.year - 1
        return first._replace(year=year)
    if first.day and not first.month and last.month and last.day and first.day <= last.day:
        return first._replace(month=last.month, year=last.year)
    return first


def _point(moment: Moment, frame: Frame, topic: str) -> tuple[Range, Clock | None]:
    when = resolve(moment.date, frame) if moment.date is not None else day(frame.today)
    if not isinstance(moment.clock, Clock):
        return when, None
    settled = clocks.settle(moment.clock, moment.part.name if moment.part else "", topic, frame.preferences)
    start = clocks.at(when.start, settled)
    return Range(start, start, "minute"), settled


def _until(timing: Timing, until: Any, frame: Frame, topic: str) -> Timing:
    last = _moment(until)
    behind = frame._replace(now=timing.start)
    when, clock = _point(last, behind, topic)
    end = clocks.at(timing.start if last.date is None else when.start, clock) if clock else when.end
    if timing.all_day and not clock and isinstance(last.date, Period | Rolling):
        end = when.end
    if end <= timing.start:
        end += timedelta(hours=12) if (timing.start - end) < timedelta(hours=12) else DAY
    start = timing.start
    if start == frame.today and timing.all_day and clock and last.date is None:
        start = frame.now
    return Timing(start, end if end > start else start + DAY, timing.all_day and clock is None)


def _repeating(parts: Parts, frame: Frame, topic: str) -> Timing:
    repeat = parts.repeat
    assert repeat is not None  # noqa: S101  # the caller looked
    base, until = frame.today, None
    if isinstance(parts.span, DateSpan) and _moment(parts.span.start).date is None:
        parts.clock, parts.until, parts.span = _moment(parts.span.start).clock, parts.span.end, None
    if isinstance(parts.span, DateSpan):
        inner = Parts(span=parts.span)
        spanning = _spanning(inner, parts.span, frame, topic)
        base, until = spanning.start.replace(hour=0, minute=0), spanning.end - timedelta(seconds=1)
    elif isinstance(parts.span, Within):
        until = add(frame.today, parts.span.length)
    elif parts.date is not None:
        when = resolve(parts.date, frame)
        base = max(when.start.replace(hour=0, minute=0, second=0, microsecond=0), frame.today)
        if when.end - when.start > DAY and not (parts.count or parts.starting) and repeat.freq != "YEARLY":
            until = _period_end(parts.date, when, frame)
            base = frame.today if isinstance(parts.date, Rolling) or (isinstance(parts.date, Period) and parts.date.shift > 0 and parts.date.unit != "week") else base
    if parts.until is not None:
        until = _last_moment(_moment(parts.until), frame._replace(now=base), topic)
    elif parts.length is not None and not parts.length.is_clock and until is None:
        until = add(base, parts.length)
    first = first_day(repeat, base)
    inner = Parts(clock=parts.clock, clock_span=parts.clock_span, part=parts.part, length=parts.length if parts.length and parts.length.is_clock else None)
    timing = _on_day(inner, first, frame, topic)
    if not timing.all_day and timing.start < frame.now and first == frame.today and repeat.freq in ("DAILY", "WEEKLY"):
        first = first_day(repeat, first + DAY) if repeat.by or repeat.freq == "DAILY" else first
        timing = _on_day(inner, first, frame, topic)
    if repeat.freq in ("HOURLY", "MINUTELY", "SECONDLY") and timing.all_day:
        timing = Timing(frame.now, frame.now + timedelta(minutes=frame.preferences.default_minutes), False)
    return timing._replace(until=until)


def _last_moment(until: Moment, frame: Frame, topic: str) -> datetime:
    """ "Until Friday" takes Friday in, "until June" ends where June begins."""
    when = _point(until, frame, topic)[0]
    vague = when.grain in ("week", "month", "quarter", "year") and not isinstance(until.date, Edge)
    return (when.start if vague else when.end) - timedelta(seconds=1)


def _period_end(date: Any, when: Range, frame: Frame) -> datetime:
    """ "For the next month" ends a month from now; "in June" ends with June."""
    if isinstance(date, Period) and date.shift == 1 and date.unit in ("month", "year", "quarter"):
        return add(frame.today, Length(months={"month": 1, "quarter": 3, "year": 12}[date.unit]))
    if isinstance(date, Rolling):
        return add(frame.today, date.length)
    return when.end - timedelta(seconds=1)


def _on_day(parts: Parts, date: datetime, frame: Frame, topic: str) -> Timing:
    if not parts.found:
        return Timing(date, date + DAY, True)
    there = frame._replace(now=date)
    return _single(parts, there, topic)
