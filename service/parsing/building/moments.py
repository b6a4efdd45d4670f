# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `moments` build."""

from collections.abc import Sequence

from service.parsing.building.clocks import decimal, decimal_clock
from service.parsing.building.dates import weekday_decimal
from service.parsing.engine import Item
from service.parsing.values import (
    Clock,
    ClockSpan,
    DateSpan,
    DayShift,
    Edge,
    Fields,
    Length,
    MinutePast,
    Moment,
    Offset,
    Part,
    Period,
    WeekdayRef,
    moment_of,
)

MOVED = frozenset(
    (
        "moved",
        "moves",
        "moving",
        "rescheduled",
        "shifted",
        "postponed",
        "changed",
        "pushed",
        "switched",
        "reschedule",
    )
)
ENDING = "ending"
_WORKING_WEEK = WeekdayRef(0), WeekdayRef(4)


def point(items: Sequence[Item]) -> Moment:
    """Return the date, the time and the part of the day that items say together."""
    moment = Moment()
    for item in items:
        if item.cls == "DATE":
            moment = moment._replace(date=item.value)
        elif item.cls == "TIME":
            moment = moment._replace(clock=item.value)
        elif item.cls == "MOMENT":
            kept = {k: v for k, v in item.value._asdict().items() if v is not None}
            moment = moment._replace(**kept)
    return moment


def ends(items: Sequence[Item]) -> DateSpan | None:
    """Split at the word between, read both sides."""
    cut = next(
        n
        for n, item in enumerate(items)
        if n
        and item.cls in ("to", "until", "and", "dash", "arriving")
        and any(i.cls.isupper() for i in items[:n])
    )  # fmt: skip
    if (
        items[cut].cls == "dash"
        and cut + 2 == len(items)
        and items[cut + 1].cls == "TIME"
        and items[cut - 1].cls == "DATE"
    ):
        return None  # "6 jan 2017 - 6:37am" is one moment
    start, end = point(items[:cut]), point(items[cut + 1 :])
    led = items[0].cls in ("DATE", "TIME")
    dashed = led and (items[cut].cls == "dash" or (start.date, end.date) == _WORKING_WEEK)
    return DateSpan(start, end, until=items[cut].value == "until", dashed=dashed)


def until(items: Sequence[Item]) -> DateSpan:
    """Read where it ends; "through June" takes all of June in."""
    value = items[-1].value
    end = moment_of(value)
    if items[0].value == "through" and end.clock is None and is_vague(end.date):
        end = end._replace(date=Edge("end", end.date))
    return DateSpan(None, end)


def days_in_a_row(items: Sequence[Item]) -> DateSpan | None:
    """Read "today and tomorrow", "Saturday and Sunday" as one stretch of two days."""
    first, last = (item.value for item in items if item.cls == "DATE")
    return DateSpan(Moment(first), Moment(last)) if _follows(first, last) else None


def _follows(first: object, last: object) -> bool:
    """Say whether one date is the day behind another of the same kind."""
    if isinstance(first, DayShift) and isinstance(last, DayShift):
        return (first.days, last.days) == (0, 1)
    if isinstance(first, WeekdayRef) and isinstance(last, WeekdayRef):
        return last == WeekdayRef((first.weekday + 1) % 7)
    if isinstance(first, Fields) and isinstance(last, Fields) and first.day and last.day:
        return last.day == first.day + 1 and first.month in (None, last.month)
    return False


def open_end(start: object) -> DateSpan:
    """Read "from now"."""
    return DateSpan(moment_of(start), None)


def first_on(n: int, start: object) -> DateSpan | None:
    """Read "first on April 15" as where a rule begins."""
    return open_end(start) if n == 1 else None


def since(start: object) -> DateSpan:
    """Reach back: "since Monday" is the Monday behind us, up to now."""
    moment = moment_of(start)
    if isinstance(moment.date, WeekdayRef):
        moment = moment._replace(date=moment.date._replace(which="last"))
    return DateSpan(moment, Moment(DayShift(0)))


def part(name: str) -> Part:
    """Read "at lunch time"."""
    return Part(name)


def thing(n: int) -> Part:
    """Read "first thing" as the morning and "last thing" as the evening."""
    return Part("morning" if n == 1 else "evening")


def period_part(shift: int, name: str) -> Moment:
    """Return a part of a day counted from today."""
    return Moment(DayShift(shift), None, Part(name))


def with_part(date: object, name: str) -> Moment:
    """Read "mon morn"; "late tomorrow afternoon" is late in it, since a day alone is not."""
    if isinstance(date, Edge) and date.which in ("early", "late") and not is_vague(date.base):
        return Moment(date.base, None, Part(name, date.which))
    return Moment(date, None, Part(name))


def clock_in_part(clock: Clock | MinutePast | Offset, *said: int | str) -> Clock | None:
    """Read "at 9 at night"."""
    name = str(said[-1])
    if not isinstance(clock, Clock) or clock.half:
        return clock if isinstance(clock, Clock) else None
    small_hours = name == "night" and (clock.hour < 5 or clock.hour == 12)
    early = small_hours or name in ("morning", "dawn", "breakfasttime")
    return clock._replace(half="am" if early else "pm")


def is_vague(value: object) -> bool:
    """Say whether a date covers more than a day: a week, a month, a year."""
    return isinstance(value, (Period, Edge)) or (
        isinstance(value, Fields) and not value.day and value.weekday is None
    )


def early_in_the_part(p: str) -> Part:
    """Read "early in the morning"."""
    return Part(p, "early")


def early_in_the_part_of_date(p: str, d: object) -> Moment:
    """Read "early in the morning on Friday"."""
    return Moment(d, None, Part(p, "early"))


def late_tonight(m: Moment) -> Moment | None:
    """Read "late tonight"."""
    return m._replace(part=Part(m.part.name, "late")) if m.part and not m.clock else None


def late_part(p: str) -> Part:
    """Read "late evening"."""
    return Part(p, "late")


def this_part(_: int, p: str) -> Moment:
    """Read "this evening"."""
    return period_part(0, p)


def next_part(_: int, p: str) -> Moment:
    """Read "next morning"."""
    return period_part(1, p)


def last_night(_: int, p: str) -> Moment:
    """Read "last night"."""
    return period_part(-1, p)


def part_before_last(part: str, _: int) -> Moment:
    """Read "the night before last"."""
    return period_part(-2, part)


def _short(number: int) -> Clock | None:
    """Read three figures as a time of day: 315, 930."""
    hour, minute = divmod(number, 100)
    return Clock(hour, minute) if 1 <= hour <= 9 and minute < 60 and minute % 5 == 0 else None


def short_compact(day: object, number: int) -> Moment | None:
    """Read "fri 330"."""
    clock = _short(number)
    if clock is None or (isinstance(day, Fields) and day.day is None):
        return None
    if not isinstance(day, Moment):
        return Moment(day, clock)
    return Moment(day.date, clock, day.part) if day.clock is None else None


def short_compact_before(number: int, day: object) -> Moment | None:
    """Read "315 fri"."""
    return short_compact(day, number)


def short_span(day: object, first: Clock | int, last: Clock | int) -> DateSpan | None:
    """Read "mon 9-930", "tue 10-1030" and "thu 1030-11"."""
    begin, end = _figures_of_span(first), _figures_of_span(last)
    if begin is None or end is None or (isinstance(day, Fields) and day.day is None):
        return None
    if _is_bare(first) and (_is_bare(last) or (end.half and isinstance(first, int))):
        return None  # what other rows read, or may be a score
    return None if end.half and not begin.half else DateSpan(Moment(day, begin), Moment(None, end))


def _figures_of_span(figures: Clock | int) -> Clock | None:
    if isinstance(figures, Clock):
        return figures
    return _short(figures) or (Clock(figures) if 1 <= figures <= 12 else None)


def _is_bare(figures: Clock | int) -> bool:
    return isinstance(figures, int) and _short(figures) is None


def moment_to_moment(first: Moment, last: Moment) -> DateSpan:
    """Read "2026-05-04T08:00/2026-05-04T09:30"."""
    return DateSpan(first, last)


def moment_to_time(first: Moment, last: object) -> DateSpan | None:
    """Read "2026-05-18T10:00/11:30"."""
    return DateSpan(first, Moment(None, last)) if isinstance(last, Clock) else None


def first_thing_behind(d: object, n: int) -> Moment | None:
    """Read "friday first thing"."""
    return first_thing_on(n, d)


def first_thing_on(n: int, d: object, *_: str) -> Moment | None:
    """Read "last thing friday"."""
    return Moment(d, None, thing(n)) if n in (1, -1) else None


def first_thing_in_the_part(n: int, *v: int | str) -> Part | None:
    """Read "first thing in the morning"."""
    return Part(str(v[-1]), "" if n == 1 else "late") if n in (1, -1) else None


def part_beside(items: Sequence[Item]) -> Moment | None:
    """Read "the morning after the 16th" and "the night before Christmas"."""
    day = items[-1].value
    if is_vague(day):
        return None
    sign = -1 if any(item.cls == "before" for item in items) else 1
    name = next(item.value for item in items if item.cls == "PART")
    return Moment(Offset(day, Length(days=1), sign), None, Part(name))


def last_thing_tonight(_: int, moment: Moment) -> Moment:
    """Read "last thing tonight"."""
    return moment


def first_thing_on_the_part_of(n: int, moment: Moment) -> Moment | None:
    """Read "first thing tonight"."""
    return moment if n == 1 else None


def date_half(d: object, half: str) -> Moment | None:
    """Read "Friday pm"."""
    return Moment(d, None, Part("morning" if half == "am" else "afternoon")) if half else None


def date_early_part(d: object, p: str) -> Moment:
    """Read "Friday early in the morning"."""
    return Moment(d, None, Part(p, "early"))


def date_late_part(d: object, p: str) -> Moment:
    """Read "Friday late in the evening"."""
    return Moment(d, None, Part(p, "late"))


def part_of_date(p: str, d: object) -> Moment:
    """Read "dawn on Friday"."""
    return with_part(d, p)


def late_part_date(p: str, d: object) -> Moment:
    """Read "late evening on Friday"."""
    return Moment(d, None, Part(p, "late"))


def now() -> Offset:
    """Read "now"."""
    return Offset(None, Length(), 1, exact=True)


def ending_point(end: object) -> DateSpan:
    """Read "ending on Friday"."""
    return DateSpan(ENDING, moment_of(end))


def until_time(c: object) -> DateSpan:
    """Read "until 4pm"."""
    return DateSpan(None, Moment(None, c))


def until_date_time(d: object, c: object) -> DateSpan:
    """Read "until may 15 at 8am"."""
    return DateSpan(None, Moment(d, c))


def length_after_time(n: Length, *v: object) -> Moment | None:
    """Read "2 hours after 4pm"."""
    return Moment(Offset(v[-1], n, 1)) if isinstance(v[-1], Clock) else None


def length_before_time(n: Length, *v: object) -> Moment | None:
    """Read "2 hours before 4pm"."""
    return Moment(Offset(v[-1], n, -1)) if isinstance(v[-1], Clock) else None


def hour_after_date(d: object, h: int) -> Moment | None:
    """Read "Friday 2"."""
    return Moment(d, Clock(h)) if 1 <= h <= 12 and not is_vague(d) else None


def two_numbers_after_date(d: object, h: int, m: int) -> Moment | None:
    """Read "Friday 2 15"."""
    return Moment(d, Clock(h, m)) if 1 <= h <= 24 and 10 <= m < 60 else None


def date_decimal(d: object, text: str) -> Moment | None:
    """Read "Friday 6.30", and "3 April 18.01", which can be no date."""
    time = decimal_clock(text)
    if time is None and isinstance(d, Fields) and d.day and len(text.partition(".")[2]) == 2:
        time = decimal(text)
    if time is None or not isinstance(d, Moment):
        return time and Moment(d, time)
    return d._replace(clock=time) if d.clock is None else None


def time_decimal_date(c: object, text: str) -> Moment | None:
    """Read "4pm on 7.6"."""
    date = weekday_decimal(0, text)
    return Moment(date, c) if date else None


def runs_to(time: object) -> DateSpan | None:
    """Read "that runs to 4:45"."""
    return over_by(time)


def over_by(time: object) -> DateSpan | None:
    """Read "it will be over by 5pm"."""
    return DateSpan(None, Moment(None, time)) if isinstance(time, Clock) else None


def moved_to(items: Sequence[Item]) -> Moment | None:
    """Read "moved from Tuesday to Thursday": it is on Thursday."""
    if items[0].value not in MOVED:
        return None
    cut = max(n for n, item in enumerate(items) if item.cls in ("to", "until"))
    return point(items[cut + 1 :])


def moved_to_span(items: Sequence[Item]) -> DateSpan | None:
    """Read "moved to 2026-04-08 10:00-11:00"."""
    return ends(items[2:]) if items[0].value in MOVED else None


def instead_of(*said: object) -> object | None:
    """Read "instead of Thursday" and "rather than Thursday": when it is not."""
    return said[-1] if said[0] == "rather" or len(said) == 1 else None


def date_time_year(date: object, time: object, year: int) -> Moment | None:
    """Read "Oct 2 19:00 2027"."""
    if not isinstance(date, Fields) or not date.month or not date.day or date.year:
        return None
    return Moment(date._replace(year=year), time)


def span_to_tomorrow(span: ClockSpan, date: object) -> DateSpan | None:
    """Read "8pm - 2am tomorrow": tomorrow is when it ends."""
    start, end = span
    over_night = start.half == "pm" and end.half == "am" and end.hour < 12
    if date != DayShift(1) or not over_night:
        return None
    return DateSpan(Moment(DayShift(0), start), Moment(DayShift(1), end))


def length_from_time_on_date(items: Sequence[Item]) -> Moment | None:
    """Read "1 hour before 11pm on Friday"."""
    said = {item.cls: item.value for item in items if item.cls.isupper()}
    if not isinstance(said["TIME"], Clock) or not said["LENGTH"].is_clock:
        return None
    sign = -1 if any(item.cls == "before" for item in items) else 1
    return Moment(Offset(Moment(said["DATE"], said["TIME"]), said["LENGTH"], sign))
