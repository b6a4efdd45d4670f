# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""RFC 5545 rules: the text of the rule and its first day."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta

from service.parsing.resolve.arith import DAY, add_months
from service.parsing.values import Repeat

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SEARCH_DAYS = 366 + 7
_SEARCH_MONTHS = 12 * 9  # a February 29th may be eight years away


def rule_text(repeat: Repeat, count: int | None, until: str | None) -> str:
    """Return the RRULE value: FREQ, INTERVAL when not 1, the BY parts, then COUNT or UNTIL."""
    parts = [f"FREQ={repeat.freq}"]
    if repeat.interval != 1:
        parts.append(f"INTERVAL={repeat.interval}")
    parts += [f"{name}={value}" for name, value in repeat.by if name != "parity"]
    if count is not None:
        parts.append(f"COUNT={count}")
    elif until is not None:
        parts.append(f"UNTIL={until}")
    return ";".join(parts)


def first_day(repeat: Repeat, start: datetime) -> datetime:
    """Return the first day on or after `start` (midnight) that the rule names.

    A rule that names no day (plain "daily", "every month") begins at `start`.
    """
    by = dict(repeat.by)
    if not by:
        return start
    if repeat.freq not in ("MONTHLY", "YEARLY"):
        return _first_matching(by, start)
    if by.keys() == {"BYMONTH"} and repeat.freq == "MONTHLY":
        allowed = by["BYMONTH"].split(",")
        return next(d for n in range(12) if str((d := add_months(start, n)).month) in allowed)
    if "BYWEEKNO" in by:
        return _in_week(by, start)
    if "BYYEARDAY" in by:
        return _year_day(int(by["BYYEARDAY"].split(",")[0]), start)
    return _month_day(by, start)


def _month_day(by: dict[str, str], start: datetime) -> datetime:
    """Return the first day on or after `start` among those the rule names in each month."""
    for months in range(_SEARCH_MONTHS):
        for day in _days_in_month(by, add_months(start.replace(day=1), months)):
            if day >= start:
                return day
    return start


def _first_matching(by: dict[str, str], start: datetime) -> datetime:
    """Return the first day on one of these weekdays in one of these months."""
    weekdays = {CODES.index(code) for code in by.get("BYDAY", ",".join(CODES)).split(",")}
    months = by.get("BYMONTH", "").split(",")
    parity = by.get("parity")  # of the number of the week
    for number in range(_SEARCH_DAYS):
        day = start + number * DAY
        fits = parity is None or str(day.isocalendar().week % 2) == parity
        if day.weekday() in weekdays and fits and (months == [""] or str(day.month) in months):
            return day
    return start


def _year_day(number: int, start: datetime) -> datetime:
    for year in (start.year, start.year + 1):
        first = start.replace(year=year, month=1, day=1)
        last = first.replace(month=12, day=31)
        day = first + (number - 1) * DAY if number > 0 else last + (number + 1) * DAY
        if day >= start:
            return day
    return start


def _in_week(by: dict[str, str], start: datetime) -> datetime:
    """Return the first day on or after `start` in the week of the year that the rule names."""
    weekdays = [CODES.index(code) for code in by["BYDAY"].split(",")] if "BYDAY" in by else [0]
    for year in range(start.year, start.year + 7):
        first = start.replace(year=year, month=1, day=4)
        monday = first + timedelta(days=7 * (int(by["BYWEEKNO"]) - 1) - first.weekday())
        ahead = [day for n in sorted(weekdays) if (day := monday + n * DAY) >= start]
        if ahead:
            return ahead[0]
    return start


def _days_in_month(by: dict[str, str], month: datetime) -> Iterator[datetime]:
    if "BYMONTH" in by and str(month.month) not in by["BYMONTH"].split(","):
        return
    size = monthrange(month.year, month.month)[1]
    found = set(range(1, size + 1)) if {"BYMONTHDAY", "BYDAY"} & by.keys() else {1}
    if "BYMONTHDAY" in by:
        numbers = map(int, by["BYMONTHDAY"].split(","))
        found &= {n if n > 0 else size + 1 + n for n in numbers}
    if "BYDAY" in by:
        codes = by["BYDAY"].split(",")
        found &= set().union(*[_weekday_numbers(code, month, size) for code in codes])
    ordered = sorted(found)
    if "BYSETPOS" in by:
        picks = [int(n) - 1 if int(n) > 0 else int(n) for n in by["BYSETPOS"].split(",")]
        ordered = sorted({ordered[n] for n in picks if -len(ordered) <= n < len(ordered)})
    for number in ordered:
        yield month + timedelta(days=number - 1)


def _weekday_numbers(code: str, month: datetime, size: int) -> set[int]:
    """Return the days of the month that a BYDAY entry such as "2FR", "-1MO" or "TU" names."""
    first = (CODES.index(code[-2:]) - month.weekday()) % 7 + 1
    every = list(range(first, size + 1, 7))
    if len(code) == 2:
        return set(every)
    n = int(code[:-2])
    index = n - 1 if n > 0 else n
    return {every[index]} if -len(every) <= index < len(every) else set()
