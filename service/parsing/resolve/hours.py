# calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Rules with several times a day: "at 8am and 8pm", "every hour from 9 to 5"."""

from datetime import datetime, timedelta

from service.parsing.resolve import clocks
from service.parsing.resolve.arith import DAY, Frame
from service.parsing.resolve.timing import Timing
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import Clock, Repeat

_STEPS_S = {"HOURLY": 3600, "MINUTELY": 60}
_DIFFER = "a rule cannot repeat at several times whose minutes differ: only the first is kept"


def hours_of_day(
    expressions: TimeExpressions, repeat: Repeat, frame: Frame, topic: str
) -> list[int]:
    """Return the hours at which the rule repeats, [] when the request names one time or none.

    The first of them stays in `expressions.clock`; that of "every hour from 9 to 5" is consumed.
    """
    part = expressions.part.name if expressions.part else ""
    if repeat.freq in _STEPS_S and expressions.clock_span is not None:
        start, end = clocks.settle_span(expressions.clock_span, part, topic, frame.preferences)
        expressions.clock, expressions.clock_span = start, None
        last = end.hour + (repeat.freq == "HOURLY" and end.minute >= start.minute)
        return [(start.hour + n) % 24 for n in range((last - start.hour) % 24 or 24)]
    if not (expressions.clocks and isinstance(expressions.clock, Clock)):
        return []
    said = (expressions.clock, *expressions.clocks)
    every: list[Clock] = []
    for clock in said:
        settled = clocks.settle(clock, part, topic, frame.preferences)
        if not clock.half and every and settled.hour <= every[-1].hour < settled.hour % 12 + 12:
            settled = settled._replace(hour=settled.hour % 12 + 12)  # "at 8, 2 and 8"
        every.append(settled)
    if len({clock.minute for clock in every}) > 1:
        expressions.problems.append(_DIFFER)
        return []
    expressions.clock = every[0]
    return sorted({clock.hour for clock in every})


def with_hours(repeat: Repeat, hours: list[int]) -> Repeat:
    """Return the rule with its hours as BYHOUR; "every two hours from 8 to 8" is a daily one."""
    if not hours:
        return repeat
    if repeat.freq == "HOURLY" and repeat.interval > 1:
        hours = hours[:: repeat.interval]
        repeat = Repeat("DAILY", 1, repeat.by)
    return repeat._replace(by=(*repeat.by, ("BYHOUR", ",".join(map(str, hours)))))


def at_first_hour(timing: Timing, repeat: Repeat, hours: list[int], now: datetime) -> Timing:
    """Return `timing` at the first of the hours of its day that is not behind us, if there is one.

    A rule that repeats within the day has occurrences of at most its own step.
    """
    start, length = timing.start, timing.end - timing.start
    if repeat.freq in _STEPS_S:
        step = timedelta(seconds=_STEPS_S[repeat.freq] * repeat.interval)
        times = [start + n * step for n in range(min(DAY // step, 1440))]
        length = min(length, step)
    else:
        times = [start.replace(hour=hour) for hour in hours]
    ahead = [when for when in times if when >= now and when.hour in hours]
    first = min(ahead, default=start)
    return timing._replace(start=first, end=first + length)
