"""A request's time on the wall clock, and how one point of it is resolved."""

from datetime import datetime
from typing import NamedTuple

from service.parsing.resolve import clocks
from service.parsing.resolve.arith import Frame, Range, day
from service.parsing.resolve.dates import resolve
from service.parsing.values import Clock, Moment


class Timing(NamedTuple):
    """When, on the wall clock. `until` is the last day of a rule, or None."""

    start: datetime
    end: datetime
    all_day: bool
    until: datetime | None = None


def point(moment: Moment, frame: Frame, topic: str) -> tuple[Range, Clock | None]:
    """Return where a moment is, and its time of day when it has one."""
    when = resolve(moment.date, frame) if moment.date is not None else day(frame.today)
    if not isinstance(moment.clock, Clock):
        return when, None
    settled = clocks.settle(
        moment.clock, moment.part.name if moment.part else "", topic, frame.preferences
    )
    start = clocks.at(when.start, settled)
    return Range(start, start, "minute"), settled
