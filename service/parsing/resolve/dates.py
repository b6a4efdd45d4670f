# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Every kind of date value, resolved to a range of days: one small function per kind."""

from collections.abc import Callable
from datetime import datetime, timedelta

from service.parsing import holidays
from service.parsing.building.repeats import SEASONS
from service.parsing.other_calendars import UnknownYearError
from service.parsing.resolve import clocks
from service.parsing.resolve.arith import (
    DAY,
    Frame,
    ImpossibleError,
    Range,
    add,
    add_months,
    day,
    make,
    period,
    week_of,
)  # fmt: skip
from service.parsing.resolve.fields import day_shift, fields, numeric, weekday
from service.parsing.resolve.nth import nth_in
from service.parsing.values import (
    Beside,
    Clock,
    DayShift,
    Edge,
    Fields,
    Holiday,
    Inside,
    Moment,
    NthOf,
    Numeric,
    Offset,
    Period,
    Rolling,
    Said,
    Season,
    WeekdayRef,
    WeekNumber,
    YearPart,
    Years,
)  # fmt: skip


def resolve(value: object, frame: Frame) -> Range:
    """Return the range a date value means; ImpossibleError when there is none."""
    if isinstance(value, tuple) and type(value) is tuple:
        return period(value[1], value[0], frame)
    return _KINDS[type(value)](value, frame)


def _period(value: Period, frame: Frame) -> Range:
    return period(value.unit, value.shift, frame)


def _rolling(value: Rolling, frame: Frame) -> Range:
    if value.length.is_clock:
        edge = add(frame.now, value.length, value.sign)
        return Range(min(frame.now, edge), max(frame.now, edge), "span")
    start = frame.today + DAY if value.sign > 0 else frame.today
    edge = add(start, value.length, value.sign)
    return Range(min(start, edge), max(start, edge), "span")


def _offset(value: Offset, frame: Frame) -> Range:
    length = value.length
    if isinstance(value.base, Clock):
        start = frame.today + timedelta(hours=value.base.hour % 24, minutes=value.base.minute)
        if value.base.half == "pm" and value.base.hour < 12:
            start += timedelta(hours=12)
        if start < frame.now and value.sign < 0:
            start += DAY
        return Range(moved := add(start, length, value.sign), moved, "minute")
    if value.base is None:
        moved = add(frame.now, length, value.sign)
        if length.seconds or (value.exact and not length.workdays) or length == type(length)():
            return Range(moved, moved, "minute")
        return day(moved.replace(hour=0, minute=0, second=0, microsecond=0))
    base = resolve(value.base, frame)
    moved = add(base.start, length, value.sign)
    if length.seconds and length.seconds % 86400:
        return Range(moved, moved, "minute")
    return (
        day(moved)
        if base.end - base.start <= DAY
        else Range(moved, moved + (base.end - base.start), base.grain)
    )


def _nth(value: NthOf, frame: Frame) -> Range:
    container = value.container if value.container is not None else Period("month")
    found = nth_in(value.n, value.unit, resolve(container, frame))
    if found.start < frame.today and not frame.past and found.grain != "week":
        if isinstance(container, Fields) and not container.year and container.month:
            later = Fields(frame.now.year + 1, container.month)
            return nth_in(value.n, value.unit, resolve(later, frame))
        if value.container is None or container == Period("month"):
            return nth_in(value.n, value.unit, period("month", 1, frame))
    return found


def _inside(value: Inside, frame: Frame) -> Range:
    if value.inner == ("week",) and not frame.past:  # "the week of March 9" may be this one
        frame = frame._replace(now=week_of(frame.now, frame.preferences.week_start))
    outer = resolve(value.container, frame)
    return (
        _stretch_around(outer, value.inner, frame)
        if type(value.inner) is tuple
        else _part_of(value.inner, outer, value.container, frame)
    )


def _part_of(
    inner: WeekdayRef | YearPart | Holiday | Fields, outer: Range, container: object, frame: Frame
) -> Range:
    """Return the weekday, day number, month, quarter or holiday inside a range."""
    if isinstance(inner, WeekdayRef):
        return _weekday_inside(inner.weekday, outer, container)
    if isinstance(inner, YearPart):
        return resolve(inner._replace(year=outer.start.year), frame)
    if isinstance(inner, Holiday):
        return day(_midnight(inner.name, outer.start.year))
    if inner.month:
        return resolve(inner._replace(year=outer.start.year), frame)
    return day(make(outer.start.year, outer.start.month, inner.day or 1))


def _stretch_around(outer: Range, inner: tuple[str], frame: Frame) -> Range:
    """Return the week or weekend a date belongs to."""
    if inner == ("weekend",):
        weekday = outer.start.weekday()
        back = weekday + 2 if weekday < 2 else weekday - 5
        start = outer.start - back * DAY
        return Range(start, start + 2 * DAY, "weekend")
    start = week_of(outer.start, frame.preferences.week_start)
    return Range(start, start + 7 * DAY, "week")


def _weekday_inside(weekday: int, outer: Range, container: object) -> Range:
    if outer.grain in ("week", "weekend"):
        return day(week_of(outer.start) + weekday * DAY)
    if isinstance(container, Offset) and not container.length.months:
        sunday = week_of(outer.start, 6)  # the week around that day, counted from Sunday
        return day(sunday + (weekday + 1) % 7 * DAY)
    return day(outer.start + (weekday - outer.start.weekday()) % 7 * DAY)


def _beside(value: Beside, frame: Frame) -> Range:
    base = resolve(value.base, frame)
    if value.sign == 0:
        ahead = (value.weekday - base.start.weekday()) % 7
        return day(base.start + (ahead if ahead <= 3 else ahead - 7) * DAY)
    if value.sign > 0:
        edge = base.end
        return day(edge + (value.weekday - edge.weekday()) % 7 * DAY)
    return day(base.start - ((base.start.weekday() - value.weekday - 1) % 7 + 1) * DAY)


def _midnight(name: str, year: int) -> datetime:
    try:
        found = holidays.on(name, year)
    except UnknownYearError as err:
        raise ImpossibleError(str(err)) from err
    return make(found.year, found.month, found.day)


def _holiday(value: Holiday, frame: Frame) -> Range:
    if value.year:
        if not 1 <= value.year <= 9990:
            raise ImpossibleError(f"the year {value.year} is out of reach")
        return day(_midnight(value.name, value.year))
    back = value.shift < 0 or frame.past
    years = (0, -1) if back else (0, 1)
    for step in years:
        found = _midnight(value.name, frame.now.year + step)
        if found < frame.today if back else found >= frame.today:
            break
    return day(found)


def _edge(value: Edge, frame: Frame) -> Range:
    base = resolve(value.base, frame)
    if value.which in ("early", "late"):
        return _third(value.which, base)
    if base.grain == "decade" and value.which == "middle":
        return Range(add_months(base.start, 48), add_months(base.end, -36), "decade")
    if value.which == "rest":
        return Range(max(frame.today, base.start), base.end, "span")
    if value.which == "start":
        return day(base.start)
    if value.which == "middle":
        return day(base.start + ((base.end - base.start).days - 1) // 2 * DAY)
    return day(base.start + 4 * DAY if base.grain == "week" else base.end - DAY)


def _third(which: str, base: Range) -> Range:
    """Return the first or last third of a period: three years of ten, four months of a year."""
    if (months := {"decade": 36, "year": 4}.get(base.grain)) is not None:
        early, late = add_months(base.start, months), add_months(base.end, -months)
    else:
        third = max((base.end - base.start).days // 3, 1) * DAY
        early, late = base.start + third, base.end - third
    return (
        Range(base.start, early, base.grain)
        if which == "early"
        else Range(late, base.end, base.grain)
    )


def _season(value: Season, frame: Frame) -> Range:
    month = SEASONS[value.name]
    year = value.year or frame.now.year
    start = make(year, month, 1)
    if not value.year:
        if value.shift < 0 or frame.past:
            start = start if add_months(start, 3) <= frame.today else add_months(start, -12)
        elif add_months(start, 3) <= frame.today or (value.shift > 0 and start <= frame.today):
            start = add_months(start, 12)
    return Range(start, add_months(start, 3), "quarter")


def _year_part(value: YearPart, frame: Frame) -> Range:
    start = make(value.year or frame.now.year, (value.n - 1) * value.months + 1, 1)
    if not value.year and not frame.past and add_months(start, value.months) <= frame.today:
        start = add_months(start, 12)
    return Range(start, add_months(start, value.months), "quarter")


def _years(value: Years, _: Frame) -> Range:
    start = make(value.start, 1, 1)
    return Range(start, add_months(start, 12 * value.years), "decade")


def _week_number(value: WeekNumber, frame: Frame) -> Range:
    year = value.year or frame.now.year
    start = week_of(make(year, 1, 4)) + timedelta(days=7 * (value.week - 1))
    if value.weekday is not None:
        return day(start + value.weekday * DAY)
    return Range(start, start + 7 * DAY, "week")


def _moment(value: Moment, frame: Frame) -> Range:
    when = resolve(value.date, frame) if value.date is not None else day(frame.today)
    if not isinstance(value.clock, Clock):
        return when
    start = clocks.at(when.start, clocks.settle(value.clock, "", "", frame.preferences))
    return Range(start, start, "minute")


_KINDS: dict[type, Callable[[Said, Frame], Range]] = {
    Numeric: numeric, Fields: fields, DayShift: day_shift, WeekdayRef: weekday, Period: _period,
    Rolling: _rolling, Offset: _offset, NthOf: _nth, Inside: _inside, Holiday: _holiday,
    Edge: _edge, Season: _season, YearPart: _year_part, WeekNumber: _week_number, Beside: _beside,
    Moment: _moment, Years: _years,
}  # fmt: skip
