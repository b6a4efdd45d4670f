"""Every kind of date value, resolved to a range of days: one small function per kind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from service.parsing import feasts
from service.parsing.resolve.arith import (
    DAY, Frame, ImpossibleError, Range, add, add_months, day, make, period, week_of,
)  # fmt: skip
from service.parsing.values import (
    Beside, Clock, DayShift, Edge, Feast, Fields, Inside, Moment, NthOf, Numeric, Offset, Period, Rolling,
    Season, WeekdayRef, WeekNumber, YearPart,
)  # fmt: skip

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_LEAP_SEARCH_YEARS = 9  # 1896 to 1904 is the longest wait for a February 29th


def resolve(value: Any, frame: Frame) -> Range:
    """Return the range a date value means; ImpossibleError when there is none."""
    if isinstance(value, tuple) and type(value) is tuple:
        return period(value[1], value[0], frame)
    return _KINDS[type(value)](value, frame)


def _numeric(value: Numeric, frame: Frame) -> Range:
    return _fields(in_order(value, frame), frame)


def in_order(value: Numeric, frame: Frame) -> Fields:
    """Return the date in figures with its month and day told apart."""
    first, second = value.first, value.second
    if first > 12 or (frame.preferences.day_first and second <= 12):
        first, second = second, first
    return Fields(value.year, first, second)


def _fields(value: Fields, frame: Frame) -> Range:
    today, (year, month, number, _) = frame.today, value
    if year and not 1 <= year <= 9990:
        raise ImpossibleError(f"the year {year} is out of reach")
    if month and number:
        return day(make(year, month, number) if year else _next_month_day(month, number, frame))
    if number:
        return day(_next_day_number(number, frame, value.weekday))
    if month:
        start = make(year or today.year, month, 1)
        if not year and frame.past and start > today:
            start = make(today.year - 1, month, 1)
        elif not year and not frame.past and add_months(start, 1) <= today:
            start = make(today.year + 1, month, 1)
        return Range(start, add_months(start, 1), "month")
    if year:
        return Range(make(year, 1, 1), make(year + 1, 1, 1), "year")
    if value.weekday is not None:
        return _weekday(WeekdayRef(value.weekday), frame)
    raise ImpossibleError("no date in it")


def _next_month_day(month: int, number: int, frame: Frame) -> datetime:
    if not 1 <= month <= 12:
        raise ImpossibleError(f"there is no month {month}")
    if number > 31 or (month == 2 and number > 29) or (month in (4, 6, 9, 11) and number > 30):
        raise ImpossibleError(f"there is no day {number} in month {month}")
    step = -1 if frame.past else 1
    year = frame.now.year
    for _ in range(_LEAP_SEARCH_YEARS):
        try:
            found = make(year, month, number)
        except ImpossibleError:
            year += step
            continue
        if (found - frame.today).days * step >= 0:
            return found
        year += step
    raise ImpossibleError(f"there is no day {number} in month {month}")


def _next_day_number(number: int, frame: Frame, weekday: int | None = None) -> datetime:
    """Return the next day of that number; of two near ones, that on the weekday that was named."""
    step = -1 if frame.past else 1
    first = frame.today.replace(day=1)
    near: list[datetime] = []
    for months in range(0, 4 * step, step):
        try:
            found = add_months(first, months).replace(day=number)
        except ValueError:
            continue
        if (found - frame.today).days * step >= 0:
            near.append(found)
    if not near:
        raise ImpossibleError(f"there is no day {number} in a month")
    return next((found for found in near[:2] if found.weekday() == weekday), near[0])


def _day_shift(value: DayShift, frame: Frame) -> Range:
    return day(frame.today + value.days * DAY)


def _weekday(value: WeekdayRef, frame: Frame) -> Range:
    today = frame.today
    ahead = (value.weekday - today.weekday()) % 7
    which = value.which
    if which in ("last", "past") or (which == "" and frame.past):
        return day(today - ((today.weekday() - value.weekday - 1) % 7 + 1) * DAY)
    if which in ("next", "after next") and frame.preferences.next_weekday_skips:
        ahead = value.weekday - today.weekday() + 7
    elif which in ("next", "coming", "after next") or (which == "" and frame.request):
        ahead = ahead or 7
    if which == "after next":
        ahead += 7
    return day(today + ahead * DAY)


def _period(value: Period, frame: Frame) -> Range:
    return period(value.unit, value.shift, frame, value.count)


def _rolling(value: Rolling, frame: Frame) -> Range:
    if value.length.is_clock:
        edge = add(frame.now, value.length, value.sign)
        return Range(*sorted((frame.now, edge)), "span")
    start = frame.today + DAY if value.sign > 0 else frame.today
    edge = add(start, value.length, value.sign)
    return Range(*sorted((start, edge)), "span")


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
        if length.seconds or value.exact or length == type(length)():
            return Range(moved, moved, "minute")
        return day(moved.replace(hour=0, minute=0, second=0, microsecond=0))
    base = resolve(value.base, frame)
    moved = add(base.start, length, value.sign)
    if length.seconds and length.seconds % 86400:
        return Range(moved, moved, "minute")
    return day(moved) if base.end - base.start <= DAY else Range(moved, moved + (base.end - base.start), base.grain)


def _nth(value: NthOf, frame: Frame) -> Range:
    container = value.container if value.container is not None else Period("month")
    found = _nth_in(value.n, value.unit, resolve(container, frame), frame)
    if found.start < frame.today and not frame.past and found.grain != "week":
        if isinstance(container, Fields) and not container.year and container.month:
            later = Fields(frame.now.year + 1, container.month)
            return _nth_in(value.n, value.unit, resolve(later, frame), frame)
        if value.container is None or container == Period("month"):
            return _nth_in(value.n, value.unit, period("month", 1, frame), frame)
    return found


def _nth_in(n: int, unit: str | int, inside: Range, frame: Frame) -> Range:
    if unit in ("week", "workweek"):
        first = week_of(inside.start + 3 * DAY)  # ISO: a week belongs where its Thursday is
        last = week_of(inside.end - 4 * DAY)
        start = first + timedelta(days=7 * (n - 1)) if n > 0 else last + timedelta(days=7 * (n + 1))
        return Range(start, start + 7 * DAY, "week")
    if isinstance(unit, int) or unit in ("weekend", "workday"):
        found = _nth_weekday(n, 5 if unit == "weekend" else unit, inside)
        return Range(found, found + 2 * DAY, "weekend") if unit == "weekend" else day(found)
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}.get(unit)
    if seconds:
        step = timedelta(seconds=seconds)
        start = inside.start + (n - 1) * step if n > 0 else inside.end + n * step
        found_range = Range(start, start + step, unit)
    else:
        months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
        start = add_months(inside.start, months * (n - 1)) if n > 0 else add_months(inside.end, months * n)
        found_range = Range(start, add_months(start, months), unit)
    if not inside.start <= start < inside.end:
        raise ImpossibleError(f"there is no {unit} number {n} in that period")
    return found_range


def _nth_weekday(n: int, unit: int | str, inside: Range) -> datetime:
    if unit == "workday":
        days = [inside.start + k * DAY for k in range(min((inside.end - inside.start).days, 400))]
        working = [d for d in days if d.weekday() < 5]
        if abs(n) <= len(working):
            return working[n - 1 if n > 0 else n]
    elif n > 0:
        found = inside.start + ((int(unit) - inside.start.weekday()) % 7 + 7 * (n - 1)) * DAY
        if found < inside.end:
            return found
    else:
        last = inside.end - DAY
        found = last - ((last.weekday() - int(unit)) % 7 + 7 * (-n - 1)) * DAY
        if found >= inside.start:
            return found
    raise ImpossibleError(f"there is no such weekday number {n} in that period")


def _inside(value: Inside, frame: Frame) -> Range:
    inner = value.inner
    outer = resolve(value.container, frame)
    if isinstance(inner, WeekdayRef):
        return _weekday_inside(inner.weekday, outer, value.container)
    if isinstance(inner, YearPart):
        return resolve(inner._replace(year=outer.start.year), frame)
    if isinstance(inner, Feast):
        return day(_midnight(inner.name, outer.start.year))
    if isinstance(inner, Fields):
        year = outer.start.year
        if inner.month:
            return resolve(inner._replace(year=year), frame)
        return day(make(year, outer.start.month, inner.day or 1))
    if inner == ("weekend",):
        weekday = outer.start.weekday()
        back = weekday + 2 if weekday < 2 else weekday - 5
        start = outer.start - back * DAY
        return Range(start, start + 2 * DAY, "weekend")
    start = week_of(outer.start, frame.preferences.week_start)
    return Range(start, start + 7 * DAY, "week")


def _weekday_inside(weekday: int, outer: Range, container: Any) -> Range:
    if outer.grain in ("week", "weekend"):
        return day(week_of(outer.start) + weekday * DAY)
    if isinstance(container, Offset) and not container.length.months:
        sunday = week_of(outer.start, 6)  # the week around that day, counted from Sunday
        return day(sunday + (weekday + 1) % 7 * DAY)
    return day(outer.start + (weekday - outer.start.weekday()) % 7 * DAY)


def _beside(value: Beside, frame: Frame) -> Range:
    base = resolve(value.base, frame)
    if value.sign > 0:
        edge = base.end
        return day(edge + (value.weekday - edge.weekday()) % 7 * DAY)
    return day(base.start - ((base.start.weekday() - value.weekday - 1) % 7 + 1) * DAY)


def _midnight(name: str, year: int) -> datetime:
    found = feasts.on(name, year)
    return make(found.year, found.month, found.day)


def _feast(value: Feast, frame: Frame) -> Range:
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
        return base
    if value.which == "rest":
        return Range(max(frame.today, base.start), base.end, "span")
    if value.which == "start":
        return day(base.start)
    if value.which == "middle":
        return day(base.start + ((base.end - base.start).days - 1) // 2 * DAY)
    return day(base.start + 4 * DAY if base.grain == "week" else base.end - DAY)


def _season(value: Season, frame: Frame) -> Range:
    month = _SEASONS[value.name]
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


def _week_number(value: WeekNumber, frame: Frame) -> Range:
    year = value.year or frame.now.year
    start = week_of(make(year, 1, 4)) + timedelta(days=7 * (value.week - 1))
    if value.weekday is not None:
        return day(start + value.weekday * DAY)
    return Range(start, start + 7 * DAY, "week")


def _moment(value: Moment, frame: Frame) -> Range:
    return resolve(value.date, frame) if value.date is not None else day(frame.today)


_KINDS: dict[type, Callable[[Any, Frame], Range]] = {
    Numeric: _numeric, Fields: _fields, DayShift: _day_shift, WeekdayRef: _weekday, Period: _period,
    Rolling: _rolling, Offset: _offset, NthOf: _nth, Inside: _inside, Feast: _feast, Edge: _edge,
    Season: _season, YearPart: _year_part, WeekNumber: _week_number, Beside: _beside, Moment: _moment,
}  # fmt: skip
