"""What repeats: the first occurrence of a rule, and its last day."""

from datetime import datetime, timedelta
from typing import Any

from service.parsing.parts import Parts
from service.parsing.resolve.arith import DAY, Frame, Range, add
from service.parsing.resolve.dates import resolve
from service.parsing.resolve.repeats import first_day
from service.parsing.resolve.single import single
from service.parsing.resolve.spanning import spanning
from service.parsing.resolve.timing import Timing, moment_of, point
from service.parsing.values import DateSpan, Edge, Length, Moment, Period, Repeat, Rolling, Within


def repeating(parts: Parts, repeat: Repeat, frame: Frame, topic: str) -> Timing:
    """Return the first occurrence of `repeat`, with the last day of the rule as `until`."""
    base, until = frame.today, None
    if isinstance(parts.span, DateSpan) and moment_of(parts.span.start).date is None:
        parts.clock, parts.until, parts.span = (
            moment_of(parts.span.start).clock,
            parts.span.end,
            None,
        )
    if isinstance(parts.span, DateSpan):
        inner = Parts(span=parts.span)
        whole = spanning(inner, parts.span, frame, topic)
        base, until = whole.start.replace(hour=0, minute=0), whole.end - timedelta(seconds=1)
    elif isinstance(parts.span, Within):
        until = add(frame.today, parts.span.length)
    elif parts.date is not None:
        when = resolve(parts.date, frame)
        base = max(when.start.replace(hour=0, minute=0, second=0, microsecond=0), frame.today)
        if (
            when.end - when.start > DAY
            and not (parts.count or parts.starting)
            and repeat.freq != "YEARLY"
        ):
            until = _period_end(parts.date, when, frame)
            base = (
                frame.today
                if isinstance(parts.date, Rolling)
                or (
                    isinstance(parts.date, Period)
                    and parts.date.shift > 0
                    and parts.date.unit != "week"
                )
                else base
            )
    if parts.until is not None:
        until = _last_moment(moment_of(parts.until), frame._replace(now=base), topic)
    elif parts.length is not None and not parts.length.is_clock and until is None:
        until = add(base, parts.length)
    first = first_day(repeat, base)
    inner = Parts(
        clock=parts.clock,
        clock_span=parts.clock_span,
        part=parts.part,
        length=parts.length if parts.length and parts.length.is_clock else None,
    )
    timing = _on_day(inner, first, frame, topic)
    if (
        not timing.all_day
        and timing.start < frame.now
        and first == frame.today
        and repeat.freq in ("DAILY", "WEEKLY")
    ):
        first = first_day(repeat, first + DAY) if repeat.by or repeat.freq == "DAILY" else first
        timing = _on_day(inner, first, frame, topic)
    if repeat.freq in ("HOURLY", "MINUTELY", "SECONDLY") and timing.all_day:
        timing = Timing(
            frame.now,
            frame.now + timedelta(minutes=frame.preferences.default_minutes),
            all_day=False,
        )
    return timing._replace(until=until)


def _last_moment(until: Moment, frame: Frame, topic: str) -> datetime:
    """Read the end: "until Friday" takes Friday in, "until June" ends where June begins."""
    when = point(until, frame, topic)[0]
    vague = when.grain in ("week", "month", "quarter", "year") and not isinstance(until.date, Edge)
    return (when.start if vague else when.end) - timedelta(seconds=1)


def _period_end(date: Any, when: Range, frame: Frame) -> datetime:
    """Read the end: "for the next month" ends a month from now; "in June" ends with June."""
    if isinstance(date, Period) and date.shift == 1 and date.unit in ("month", "year", "quarter"):
        return add(frame.today, Length(months={"month": 1, "quarter": 3, "year": 12}[date.unit]))
    if isinstance(date, Rolling):
        return add(frame.today, date.length)
    return when.end - timedelta(seconds=1)


def _on_day(parts: Parts, date: datetime, frame: Frame, topic: str) -> Timing:
    if not parts.found:
        return Timing(date, date + DAY, all_day=True)
    there = frame._replace(now=date)
    return single(parts, there, topic)
