"""The wall clock times that a recurrence rule states: RFC 5545, 3.3.10, in plain arithmetic.

Work is bounded: by the last year the service knows, and by how long the longest gap of a rule
that happens at all can be (29 February on a given weekday: 40 years across 2100).
"""

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Final

from service.planning.instants import LAST_YEAR
from service.planning.rule import Rule

# Periods without a result after which a rule is taken never to happen again.
_LONGEST_GAP: Final = {
    "YEARLY": 45, "MONTHLY": 45 * 12, "WEEKLY": 45 * 53, "DAILY": 45 * 366, "HOURLY": 24 * 366 * 2,
}  # fmt: skip


def wall_times(rule: Rule, start: datetime, *, after: datetime | None = None) -> Iterator[datetime]:
    """Yield the times at or after `start` in order, without end of its own but the last year's.

    `start` and the results are naive. COUNT is obeyed, UNTIL is the caller's. With `after`,
    periods that end before it are skipped, which a rule with COUNT does not allow.
    """
    rule = _completed(rule, start)
    counted, empty = 0, 0
    period = _first_period(rule, start, None if rule.count else after)
    while period is not None:
        times = [moment for moment in _times_in(rule, period, start) if moment >= start]
        for moment in times:
            counted += 1
            if rule.count is not None and counted > rule.count:
                return
            yield moment
        empty = 0 if times else empty + 1
        if empty > _LONGEST_GAP[rule.frequency]:
            return
        period = _next_period(rule, period, 1)


def _completed(rule: Rule, start: datetime) -> Rule:
    """Return the rule with what the start says where it says nothing."""
    if rule.weeks or rule.year_days or rule.month_days or rule.days:
        return rule
    if rule.frequency == "YEARLY":
        return replace(rule, months=rule.months or (start.month,), month_days=(start.day,))
    if rule.frequency == "MONTHLY":
        return replace(rule, month_days=(start.day,))
    if rule.frequency == "WEEKLY":
        return replace(rule, days=((0, start.weekday()),))
    return rule


def _first_period(rule: Rule, start: datetime, after: datetime | None) -> datetime | None:
    begin = datetime.combine(start.date(), time())
    if rule.frequency == "YEARLY":
        begin = begin.replace(month=1, day=1)
    elif rule.frequency == "MONTHLY":
        begin = begin.replace(day=1)
    elif rule.frequency == "WEEKLY":
        begin -= timedelta(days=(begin.weekday() - rule.week_start) % 7)
    elif rule.frequency == "HOURLY":
        begin = begin.replace(hour=start.hour)
    if after is None or after <= begin:
        return begin
    gone = {
        "YEARLY": after.year - begin.year,
        "MONTHLY": (after.year - begin.year) * 12 + after.month - begin.month,
        "WEEKLY": (after - begin).days // 7,
        "DAILY": (after - begin).days,
        "HOURLY": (after - begin) // timedelta(hours=1),
    }[rule.frequency]
    return _next_period(rule, begin, max(gone // rule.interval - 1, 0))


def _next_period(rule: Rule, period: datetime, times: int) -> datetime | None:
    """Return the beginning of the period that many intervals later; None after the last year."""
    step = rule.interval * times
    if rule.frequency in {"YEARLY", "MONTHLY"}:
        months = period.year * 12 + period.month - 1
        months += step * (12 if rule.frequency == "YEARLY" else 1)
        year, month = divmod(months, 12)
        return datetime(year, month + 1, 1) if year <= LAST_YEAR else None  # noqa: DTZ001 - wall
    unit = {"WEEKLY": timedelta(7), "DAILY": timedelta(1), "HOURLY": timedelta(hours=1)}
    later = period + unit[rule.frequency] * step
    return later if later.year <= LAST_YEAR else None


def _times_in(rule: Rule, period: datetime, start: datetime) -> list[datetime]:
    if rule.frequency == "HOURLY":
        if rule.hours and period.hour not in rule.hours:
            return []
        hours: tuple[int, ...] = (period.hour,)
    else:
        hours = rule.hours or (start.hour,)
    minutes = rule.minutes or (start.minute,)
    clocks = [
        time(hour, minute, start.second, start.microsecond)
        for hour, minute in product(hours, minutes)
    ]
    found = [datetime.combine(day, clock) for day in _days_in(rule, period) for clock in clocks]
    if not rule.positions:
        return found
    last = len(found)
    picked = {p - 1 if p > 0 else last + p for p in rule.positions}
    return [found[index] for index in sorted(picked) if 0 <= index < last]


def _days_in(rule: Rule, period: datetime) -> list[date]:
    first = period.date()
    if rule.frequency in {"DAILY", "HOURLY"}:
        days = [first]
    elif rule.frequency == "WEEKLY":
        days = [first + timedelta(days=offset) for offset in range(7)]
    elif rule.frequency == "MONTHLY":
        days = _month_days(rule, first.year, first.month)
    elif rule.months and not rule.weeks:
        days = [day for m in rule.months for day in _month_days(rule, first.year, m)]
    else:
        days = [day for m in range(1, 13) for day in _month_days(rule, first.year, m)]
    return [day for day in days if _fits(rule, day)]


def _month_days(rule: Rule, year: int, month: int) -> list[date]:
    """Return the days of a month; only those of BYMONTHDAY, because most rules have it."""
    length = calendar.monthrange(year, month)[1]
    if not rule.month_days:
        return [date(year, month, day) for day in range(1, length + 1)]
    wanted = {day if day > 0 else length + 1 + day for day in rule.month_days}
    return [date(year, month, day) for day in sorted(wanted) if 1 <= day <= length]


def _fits(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days:
        length = calendar.monthrange(day.year, day.month)[1]
        if not {day.day, day.day - length - 1} & set(rule.month_days):
            return False
    if rule.year_days:
        number, length = day.timetuple().tm_yday, 365 + calendar.isleap(day.year)
        if not {number, number - length - 1} & set(rule.year_days):
            return False
    if rule.weeks and not _week_numbers(day, rule.week_start) & set(rule.weeks):
        return False
    return not rule.days or any(_is_day(rule, day, nth, weekday) for nth, weekday in rule.days)


def _is_day(rule: Rule, day: date, nth: int, weekday: int) -> bool:
    """Return whether a day is the nth such weekday of its month, or of its year."""
    if day.weekday() != weekday:
        return False
    if nth == 0:
        return True
    if rule.frequency == "MONTHLY" or rule.months:
        number, length = day.day, calendar.monthrange(day.year, day.month)[1]
    else:
        number, length = day.timetuple().tm_yday, 365 + calendar.isleap(day.year)
    return nth in {(number - 1) // 7 + 1, -((length - number) // 7 + 1)}


def _week_numbers(day: date, week_start: int) -> set[int]:
    """Return the number of a day's week, from the year's begin and from its end.

    The first week of a year is the one with at least four days in it; a day that belongs to a
    week of the year before or after has none in its own.
    """
    begin = _first_week(day.year, week_start)
    following = _first_week(day.year + 1, week_start)
    if not begin <= day < following:
        return set()
    number, total = (day - begin).days // 7 + 1, (following - begin).days // 7
    return {number, number - total - 1}


def _first_week(year: int, week_start: int) -> date:
    fourth = date(year, 1, 4)  # is always in the first week
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)
