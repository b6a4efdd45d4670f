"""Which days a recurrence rule allows: what its BY parts say of months, weeks and days."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from service.planning.instants import LAST_YEAR
from service.planning.rule import Rule
from service.planning.work import Work


def fitting_days(rule: Rule, first: date, work: Work) -> Iterator[date]:
    """Yield the days from `first` on that the rule allows, through the last year."""
    year, month = first.year, first.month
    while year <= LAST_YEAR:
        work(1)
        if not rule.months or month in rule.months:
            yield from _fitting(rule, _month_days(rule, year, month), first, work)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December


def days_in(rule: Rule, period: date, first: date, work: Work) -> Iterator[date]:
    """Yield the days of one year, month or week, from `first` on, that the rule allows."""
    if rule.frequency == "WEEKLY":
        days = [period + timedelta(days=offset) for offset in range(7)]
        yield from _fitting(rule, days, first, work)
        return
    if rule.frequency == "MONTHLY":
        months: tuple[int, ...] | range = (period.month,)
    else:
        months = rule.months if rule.months and not rule.weeks else range(1, 13)
    for month in months:
        work(1)
        if (period.year, month) >= (first.year, first.month):
            yield from _fitting(rule, _month_days(rule, period.year, month), first, work)


def _fitting(rule: Rule, days: list[date], first: date, work: Work) -> Iterator[date]:
    for day in days:
        work(1)
        if day >= first and _fits(rule, day):
            yield day


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
    """Return the number of a day's week, from the begin of the week's year and from its end.

    The first week of a year is the one with at least four days in it (RFC 5545, 3.3.10), so that
    the days around New Year may be in a week of the other year.
    """
    begin, following = _first_week(day.year, week_start), _first_week(day.year + 1, week_start)
    if day < begin:
        begin, following = _first_week(day.year - 1, week_start), begin
    elif day >= following:
        begin, following = following, _first_week(day.year + 2, week_start)
    number, total = (day - begin).days // 7 + 1, (following - begin).days // 7
    return {number, number - total - 1}


def _first_week(year: int, week_start: int) -> date:
    fourth = date(year, 1, 4)  # is always in the first week
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)
