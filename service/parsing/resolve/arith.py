# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Calendar arithmetic on wall-clock datetimes (naive: the zone is put on at the very end)."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import NamedTuple

from service.parsing.model import Preferences
from service.parsing.values import Length

DAY = timedelta(days=1)


class ImpossibleError(Exception):
    """The words name a day or time that does not exist; the message says which."""


class Frame(NamedTuple):
    """From where the words are read: the moment, the conventions, and where the words point."""

    now: datetime
    preferences: Preferences
    past: bool = False
    request: bool = False

    @property
    def today(self) -> datetime:
        """Return midnight of the current day."""
        now = self.now
        return datetime(now.year, now.month, now.day)  # noqa: DTZ001  # wall clock, see the module


class Range(NamedTuple):
    """A stretch of time, end exclusive; `grain` is how exactly it was said."""

    start: datetime
    end: datetime
    grain: str


def day(start: datetime) -> Range:
    """Return the whole day that begins at `start`."""
    return Range(start, start + DAY, "day")


def add_months(when: datetime, months: int) -> datetime:
    """Return the same day `months` later, or the last day of a shorter month."""
    count = when.year * 12 + when.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9998:
        raise ImpossibleError(f"the year {year} is out of reach")
    return when.replace(
        year=year, month=month + 1, day=min(when.day, monthrange(year, month + 1)[1])
    )


def _add_workdays(when: datetime, count: int) -> datetime:
    """Return the day `count` working days on; from a weekend the first is Monday, or Friday."""
    sign = 1 if count > 0 else -1
    weeks, rest = divmod(abs(count), 5)
    while when.weekday() > 4 and (weeks or rest):  # step onto the working day before the first
        when -= sign * DAY
    try:
        when += timedelta(days=sign * 7 * weeks)
    except OverflowError as err:
        raise ImpossibleError("that lies beyond the calendar") from err
    while rest:
        when += sign * DAY
        rest -= when.weekday() < 5
    return when


def add(when: datetime, length: Length, sign: int = 1) -> datetime:
    """Return `when` moved by `length`: calendar steps first, then the clock."""
    moved = add_months(when, sign * length.months) if length.months else when
    if length.workdays:
        moved = _add_workdays(moved, sign * length.workdays)
    try:
        return moved + timedelta(days=sign * length.days, seconds=sign * length.seconds)
    except OverflowError as err:
        raise ImpossibleError("that lies beyond the calendar") from err


def make(year: int, month: int, day_of_month: int) -> datetime:
    """Return midnight of a date, or say that there is no such date."""
    try:
        return datetime(year, month, day_of_month)  # noqa: DTZ001  # wall clock, see the module
    except ValueError as err:
        raise ImpossibleError(f"there is no day {day_of_month} in month {month} of {year}") from err


def week_of(when: datetime, week_start: int = 0) -> datetime:
    """Return midnight of the first day of the week of `when`."""
    midnight = when.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=(midnight.weekday() - week_start) % 7)


def period(unit: str, shift: int, frame: Frame) -> Range:
    """Return the calendar `unit` that is `shift` units from the current one."""
    today = frame.today
    if unit == "day":
        return Range(today + shift * DAY, today + (shift + 1) * DAY, "day")
    if unit in ("week", "fortnight"):
        step = 14 if unit == "fortnight" else 7
        start = week_of(today, frame.preferences.week_start) + timedelta(days=step * shift)
        return Range(start, start + timedelta(days=step), "week")
    if unit == "workweek":
        start = week_of(today) + timedelta(days=7 * shift)
        return Range(start, start + timedelta(days=5), "week")
    if unit == "weekend":
        start = week_of(today) + timedelta(days=5 + 7 * shift)
        return Range(start, start + 2 * DAY, "weekend")
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}.get(unit)
    if months is None:
        return _clock_period(unit, shift, frame)
    first = today.replace(day=1)
    if months > 1:
        index = (first.year * 12 + first.month - 1) // months * months
        first = make(index // 12, index % 12 + 1, 1)
    start = add_months(first, shift * months)
    return Range(start, add_months(start, months), unit)


def _clock_period(unit: str, shift: int, frame: Frame) -> Range:
    seconds = {"hour": 3600, "minute": 60, "second": 1}.get(unit, 86400)
    start = frame.now.replace(microsecond=0) + timedelta(seconds=seconds * shift)
    return Range(start, start + timedelta(seconds=seconds), unit)
