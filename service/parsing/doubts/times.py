# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Doubts about when: contradictions, hours that may be others, days that may be others."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from service.parsing.model import Doubt
from service.parsing.reading import Reading
from service.parsing.resolve.timing import Timing
from service.parsing.values import Clock, Fields, Numeric, WeekdayRef

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST_NIGHT = timedelta(hours=14)


def _weekday(reading: Reading, timing: Timing) -> Iterator[Doubt]:
    said = reading.parts.date
    weekday = said.weekday if isinstance(said, Fields) else None
    if weekday is not None and timing.start.weekday() != weekday:
        day = f"{timing.start:%Y-%m-%d} is meant, a {DAYS[timing.start.weekday()]}"
        yield Doubt("weekday_contradicts_date", DAYS[weekday], day)


def _wrap(reading: Reading, timing: Timing) -> Iterator[Doubt]:
    parts = reading.parts
    if parts.clock_span is None or timing.all_day or parts.repeat is not None:
        return
    if timing.end.date() > timing.start.date() and parts.span is None:
        night = timing.start.hour >= 17 and timing.end - timing.start <= _LONGEST_NIGHT
        code = "past_midnight" if night else "end_before_start"
        words = f"{timing.start:%H:%M} to {timing.end:%H:%M}"
        yield Doubt(code, words, f"it ends on {timing.end:%Y-%m-%d}")


def _daylight(reading: Reading, timing: Timing) -> Iterator[Doubt]:
    """Find a time that the clocks skip or show twice."""
    start = reading.placed.start
    if not isinstance(start, datetime) or timing.all_day:
        return
    wall = timing.start.replace(tzinfo=reading.zones.start)
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if before is None or after is None or before == after:
        return
    if before < after:
        yield Doubt("skipped_time", f"{wall:%H:%M}", f"{start:%H:%M} is meant")
    else:
        yield Doubt("repeated_time", f"{wall:%H:%M}", "the first of the two is meant")


def _past(reading: Reading, timing: Timing) -> Iterator[Doubt]:
    if reading.wish != "create" or reading.frame.past or reading.parts.repeat is not None:
        return
    now = reading.frame.now
    if (timing.end <= now) if timing.all_day else (timing.start < now.replace(second=0)):
        yield Doubt("past_time", f"{timing.start:%Y-%m-%d}", "a time in the past is meant")


def _hours(reading: Reading, timing: Timing) -> Iterator[Doubt]:
    parts = reading.parts
    clocks: Sequence[Clock] = parts.clock_span or ()
    if isinstance(parts.clock, Clock):
        clocks = (parts.clock,)
    if clocks and parts.part is None and not any(clock.half for clock in clocks):
        said = f"{clocks[0].hour}:{clocks[0].minute:02}"
        yield Doubt("bare_hour", said, f"{timing.start:%H:%M} is meant")
    if parts.weak:
        yield Doubt("weak_time", f"{timing.start:%H:%M}", "it is a time of day")


def _days(reading: Reading, timing: Timing) -> Iterator[Doubt]:
    parts, said = reading.parts, reading.parts.date
    day = f"{timing.start:%Y-%m-%d} is meant"
    if isinstance(said, WeekdayRef):
        if kind := _pointed(said, reading.frame.now):
            yield Doubt(kind, f"{said.which} {DAYS[said.weekday]}".strip(), day)
    elif isinstance(said, Numeric):
        if said.first != said.second and max(said.first, said.second) <= 12:
            yield Doubt("day_month_order", f"{said.first}/{said.second}", day)
    elif said is None and parts.span is None and parts.repeat is None and parts.timed:
        yield Doubt("date_assumed", "", day)


def _pointed(said: WeekdayRef, now: datetime) -> str:
    if said.which == "next":
        return "next_weekday"
    if said.weekday == now.weekday():
        return "weekday_is_today"
    return "pointed_weekday" if said.which else ""


OF_TIMES: tuple[Callable[[Reading, Timing], Iterator[Doubt]], ...] = (
    _weekday, _wrap, _daylight, _past, _hours, _days,
)  # fmt: skip
