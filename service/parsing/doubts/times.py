# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Doubts about when: contradictions, hours that may be others, days that may be others."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.parsing.model import Doubt
from service.parsing.patterns import later
from service.parsing.reading import Reading
from service.parsing.resolve.repeats import CODES
from service.parsing.resolve.timing import Timing
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import (
    Clock,
    ClockSpan,
    DateSpan,
    DayShift,
    Fields,
    MinutePast,
    Moment,
    Numeric,
    Period,
    WeekdayRef,
    moment_of,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS = [day[:3].lower() for day in DAYS]
_WEEKDAY = later(
    r"(?<![a-z])(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?(?![a-z])"
)
_DATED = frozenset(("DATE", "MOMENT", "SPAN"))
_DAY_SAID = Fields, Numeric, DayShift
# From which to which hour a time may still be in a part of the day.
_HOURS_OF = {"morning": (0, 13), "afternoon": (11, 20), "evening": (15, 24), "night": (16, 24)}
_OF_DAYS = frozenset(("week", "weekend", "month", "workweek", "year"))
_SHORT_NAME = len("mon, ")
_LONGEST_STRETCH = timedelta(days=310)  # of days without a year: a year of school is no mistake
_LONGEST_NIGHT = timedelta(hours=14)
_LONGEST_BARE_NIGHT = timedelta(hours=8)  # where neither am nor pm is said


def of_times(reading: Reading, timing: Timing) -> list[Doubt]:
    """Return the doubts about when a reading takes place."""
    expressions, found = reading.expressions, []
    if isinstance(expressions.date, _DAY_SAID) or isinstance(expressions.span, DateSpan):
        found += _weekday(reading, timing)
        found += _reversed(reading, timing)
    if expressions.repeat is not None:
        found += _against_rule(expressions)
    if expressions.repeat is None:
        if expressions.clock_span is not None and expressions.span is None and not timing.all_day:
            found += _wrap(expressions.clock_span, timing)
        if reading.wish == "create" and not reading.frame.past and _is_past(reading, timing):
            found.append(Doubt("past_time", _day(timing), "a time in the past is meant"))
    if not timing.all_day:
        found += _each_day(expressions, timing)
        found += _daylight(reading, timing)
        found += _hours(reading, timing)
    return found + _days(reading, timing)


def _day(timing: Timing) -> str:
    return timing.start.isoformat()[:10]


def _clock(when: datetime) -> str:
    """Return hour and minute; a format of strftime costs five times as much."""
    return when.isoformat()[11:16]


def _weekday(reading: Reading, timing: Timing) -> list[Doubt]:
    """Hold the weekdays that are named beside the first and the last day that are meant."""
    lower, expressions = reading.said.lower, reading.expressions
    named = {  # "Sat 03/20": a short name may stand before the date and be no part of it
        match.start(): _WEEKDAYS.index(match[0][:3])
        for item in expressions.used
        if item.cls in _DATED and item not in expressions.second
        for match in _WEEKDAY.finditer(lower, max(0, item.start - _SHORT_NAME), item.end)
    }
    said = [weekday for _, weekday in sorted(named.items())]
    last = timing.end - timedelta(days=1) if timing.all_day else timing.end
    meant = (timing.start, last) if expressions.span is not None else (timing.start,)
    if len(said) != len(meant) or expressions.repeat is not None:
        return []
    return [
        Doubt(
            "weekday_contradicts_date", DAYS[weekday],
            f"{day.date().isoformat()} is meant, a {DAYS[day.weekday()]}",
        )
        for weekday, day in zip(said, meant, strict=True)
        if day.weekday() != weekday
    ]  # fmt: skip


def _reversed(reading: Reading, timing: Timing) -> list[Doubt]:
    """Find a stretch whose last day lies before its first, and was taken from the next year."""
    span = reading.expressions.span
    last = span.end.date if isinstance(span, DateSpan) and isinstance(span.end, Moment) else None
    if not isinstance(last, Fields) or last.day is None:
        return []
    end = (timing.end - timing.end.resolution).date()
    if last.year is not None and end.year != last.year:
        return [Doubt("end_before_start", f"{_day(timing)} to {end}", f"it ends in {end.year}")]
    if last.year is not None:
        return []
    if end.year == timing.start.year or timing.end - timing.start < _LONGEST_STRETCH:
        return []
    return [Doubt("end_before_start", f"{_day(timing)} to {end}", f"it ends in {end.year}")]


def _against_rule(expressions: TimeExpressions) -> list[Doubt]:
    """Find a weekday that is none of those of the rule: "every Monday on Thursday"."""
    said, by = expressions.date, dict(expressions.repeat.by) if expressions.repeat else {}
    if not isinstance(said, WeekdayRef) or said.which or expressions.starting:
        return []
    days = by.get("BYDAY", "").split(",")
    if days == [""] or CODES[said.weekday] in [day[-2:] for day in days]:
        return []
    return [Doubt("weekday_contradicts_date", DAYS[said.weekday], "the days of the rule are meant")]


def _each_day(expressions: TimeExpressions, timing: Timing) -> list[Doubt]:
    """Find hours that may be those of each day: "June 8-10, 9am to 5pm", "Mon-Thu 8:45"."""
    span = expressions.span
    if not isinstance(span, DateSpan) or timing.end - timing.start <= _LONGEST_NIGHT:
        return []
    first = span.start
    if expressions.repeat is not None or (isinstance(first, Moment) and first.clock is not None):
        return []  # "from April 3 2pm to the 6th" is one stretch
    words = f"{_clock(timing.start)} to {_clock(timing.end)}"
    return [Doubt("each_day", words, f"it goes on until {timing.end.date()}")]


def _wrap(said: ClockSpan, timing: Timing) -> list[Doubt]:
    """Find hours that end on the next day: "10pm to 2am"; "dinner 6 to 5" is rather a slip."""
    if timing.end.date() <= timing.start.date():
        return []
    longest = _LONGEST_NIGHT if said.start.half or said.end.half else _LONGEST_BARE_NIGHT
    night = timing.start.hour >= 17 and timing.end - timing.start <= longest
    code = "past_midnight" if night else "end_before_start"
    words = f"{_clock(timing.start)} to {_clock(timing.end)}"
    return [Doubt(code, words, f"it ends on {timing.end.date()}")]


def _daylight(reading: Reading, timing: Timing) -> list[Doubt]:
    """Find a time that the clocks skip or show twice."""
    start, zone = reading.placed.start, reading.zones.start
    if not isinstance(start, datetime) or not isinstance(zone, ZoneInfo) or zone.key == "UTC":
        return []
    wall = timing.start.replace(tzinfo=zone)
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if before is None or after is None or before == after:
        return []
    if before < after:
        return [Doubt("skipped_time", _clock(wall), f"{_clock(start)} is meant")]
    return [Doubt("repeated_time", _clock(wall), "the first of the two is meant")]


def _is_past(reading: Reading, timing: Timing) -> bool:
    now = reading.frame.now
    if timing.all_day:
        return timing.end <= now
    return timing.start < now and timing.start < now.replace(second=0, microsecond=0)


def _hours(reading: Reading, timing: Timing) -> list[Doubt]:
    expressions, found = reading.expressions, []
    clock = expressions.clock if isinstance(expressions.clock, Clock) else None
    span = expressions.clock_span
    if span is not None and clock is None and not (span.start.half or span.end.half):
        clock = span.start
    if clock is not None and not clock.half and expressions.part is None:
        said = f"{clock.hour}:{clock.minute:02}"
        found.append(Doubt("bare_hour", said, f"{_clock(timing.start)} is meant"))
    if (part := expressions.part) is not None and expressions.clock is not None:
        found += _part(part.name, timing)
    if expressions.weak:
        found.append(Doubt("weak_time", _clock(timing.start), "it is a time of day"))
    return found


def _part(name: str, timing: Timing) -> list[Doubt]:
    """Find a time that is not in the part of the day that is said: "this morning at 4pm"."""
    first, last = _HOURS_OF.get(name, (0, 24))
    if first <= timing.start.hour < last or (name == "night" and timing.start.hour < 6):
        return []
    return [Doubt("part_contradicts_time", name, f"{_clock(timing.start)} is meant")]


def _days(reading: Reading, timing: Timing) -> list[Doubt]:
    expressions, said = reading.expressions, reading.expressions.date
    if ends := _ordered_either_way(expressions.span):
        order = "day_month_order"
        return [Doubt(order, f"{n.first}/{n.second}", f"{_day(timing)} is meant") for n in ends]
    if isinstance(expressions.clock, MinutePast) and said is not None:
        return [Doubt("day_assumed", "", f"the next hour is meant, on {_day(timing)}")]
    kind, words = "", ""
    if said is None and isinstance(expressions.span, DateSpan):
        said = expressions.span.start.date if isinstance(expressions.span.start, Moment) else None
        said = said if isinstance(said, WeekdayRef) and not said.which else None
    if isinstance(said, WeekdayRef):
        kind = _pointed(said, reading.frame.now)
        words = f"{said.which} {DAYS[said.weekday]}".strip()
    elif isinstance(said, Numeric):
        if _either_order(said):
            kind, words = "day_month_order", f"{said.first}/{said.second}"
    elif _of_many_days(said) and not timing.all_day:
        if reading.expressions.repeat is None and reading.expressions.clock is not None:
            kind = "day_assumed"
    elif (
        said is None
        and expressions.span is None
        and expressions.repeat is None
        and expressions.timed
    ):
        kind = "date_assumed"
    return [Doubt(kind, words, f"{_day(timing)} is meant")] if kind else []


def _either_order(said: Numeric) -> bool:
    return said.first != said.second and max(said.first, said.second) <= 12


def _ordered_either_way(span: object) -> list[Numeric]:
    """Return the days of "05/06 to 07/06", where both may have the day first."""
    if not isinstance(span, DateSpan):
        return []
    days = [moment_of(end).date for end in (span.start, span.end)]
    numeric = [day for day in days if isinstance(day, Numeric)]
    return numeric if all(map(_either_order, numeric)) else []


def _of_many_days(said: object) -> bool:
    """Say whether what is said is a week, a month or a year as a whole."""
    if isinstance(said, Fields):
        return said.day is None and said.weekday is None
    return isinstance(said, Period) and said.unit in _OF_DAYS


def _pointed(said: WeekdayRef, now: datetime) -> str:
    if said.which == "next":
        return "next_weekday"
    if said.weekday == now.weekday():
        return "weekday_is_today"
    return "pointed_weekday" if said.which else ""
