# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Other readings of the same words, likeliest first: this or next week, am or pm, day or month."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from service.parsing.resolve.arith import Frame, ImpossibleError
from service.parsing.resolve.schedule import schedule
from service.parsing.resolve.timing import Timing
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import Clock, Fields, Numeric, WeekdayRef

_MOST = 4


class Reading(NamedTuple):
    """One more way to read the request, and why it is one."""

    timing: Timing
    reason: str
    likelihood: float


def readings(
    expressions: TimeExpressions, frame: Frame, topic: str, chosen: Timing
) -> tuple[Reading, ...]:
    """Return the other readings, at most four, ranked by likelihood."""
    if expressions.repeat is not None:
        return ()
    moment = chosen[:2]
    found = [
        one
        for source in (_all, _doubted)
        for one in source(expressions, frame, topic, chosen)
        if one.timing[:2] != moment
    ]
    if len(found) > 1:
        found.sort(key=lambda reading: -reading.likelihood)
    return tuple(found[:_MOST])


def _all(
    expressions: TimeExpressions, frame: Frame, topic: str, chosen: Timing
) -> Iterator[Reading]:
    if (
        isinstance(expressions.clock, Clock)
        and not expressions.clock.half
        and not chosen.all_day
        and expressions.part is None
    ):
        step = timedelta(hours=12 if chosen.start.hour < 12 else -12)
        yield Reading(_moved(chosen, step), "am or pm was not said", 0.2)
    if expressions.clock_span is not None and not any(
        clock.half for clock in expressions.clock_span
    ):
        step = timedelta(hours=12 if chosen.start.hour < 12 else -12)
        yield Reading(_moved(chosen, step), "am or pm was not said", 0.15)
    if isinstance(expressions.date, WeekdayRef):
        yield from _weekday(expressions.date, frame, chosen)
    if (
        isinstance(expressions.date, Numeric)
        and expressions.date.first <= 12
        and expressions.date.second <= 12
    ):
        said = expressions.date._replace(weekday=None)
        for order in (said, said._replace(first=said.second, second=said.first)):
            if other := _again(replace(expressions, date=order), frame, topic):
                yield Reading(other, "day and month may be the other way round", 0.25)


def _doubted(
    expressions: TimeExpressions, frame: Frame, topic: str, chosen: Timing
) -> Iterator[Reading]:
    """Return what a doubt leaves open: the other date or time, the weekday that was said."""
    said = expressions.date.weekday if isinstance(expressions.date, Fields) else None
    if said is not None:
        away = (said - chosen.start.weekday() + 3) % 7 - 3
        yield Reading(_moved(chosen, timedelta(days=away)), "the weekday may be what is meant", 0.4)
    for item in expressions.second:
        if item.cls == "DATE" and (
            other := _again(replace(expressions, date=item.value), frame, topic)
        ):
            yield Reading(other, "the other date may be meant", 0.3)
        elif item.cls == "TIME":
            timed = replace(expressions, clock=item.value, clock_span=None)
            if other := _again(timed, frame, topic):
                yield Reading(other, "the other time may be meant", 0.3)
    if chosen.start < frame.now and chosen.start.date() == frame.now.date() and not frame.past:
        yield Reading(_moved(chosen, timedelta(days=1)), "tomorrow may be meant", 0.3)


def _weekday(said: WeekdayRef, frame: Frame, chosen: Timing) -> Iterator[Reading]:
    ahead = (said.weekday - frame.now.weekday()) % 7
    if (
        said.which == "next"
        and ahead
        and chosen.start.date() > (frame.today + timedelta(days=ahead)).date()
    ):
        yield Reading(_moved(chosen, timedelta(days=-7)), "the coming one may be meant", 0.35)
    elif said.which == "next":
        yield Reading(_moved(chosen, timedelta(days=7)), "the week after may be meant", 0.2)
    elif said.which == "" and ahead == 0:
        step = -7 if chosen.start.date() > frame.now.date() else 7
        yield Reading(_moved(chosen, timedelta(days=step)), "today or a week from today", 0.3)


def _moved(timing: Timing, step: timedelta) -> Timing:
    start, end, all_day, until = timing
    return Timing(_safe(start, step), _safe(end, step), all_day, until)


def _safe(when: datetime, step: timedelta) -> datetime:
    try:
        return when + step
    except OverflowError:
        return when


def _again(expressions: TimeExpressions, frame: Frame, topic: str) -> Timing | None:
    try:
        return schedule(expressions, frame, topic)
    except (ImpossibleError, OverflowError, ValueError):
        return None
