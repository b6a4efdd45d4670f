"""Windows that begin with the calendar, in a time zone."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_MONTHS: Final = {"M": 1, "Q": 3, "Y": 12}
_DAYS: Final = {"d": 1, "w": 7}
_FIXED: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Windows of `count` times `unit` (m h d w M Q Y), one after the other from `start` on.

    `start` is wall-clock time in `zone`, without a zone of its own. Days and longer keep the wall
    clock: where the clocks change a day has 23 or 25 hours. A month that lacks the day of the start
    begins on its last one.
    """

    start: datetime
    zone: ZoneInfo
    count: int
    unit: str

    @property
    def months(self) -> int | None:
        """Return how many months a window has; None when it has days, or less."""
        return self.count * _MONTHS[self.unit] if self.unit in _MONTHS else None

    @property
    def fixed(self) -> timedelta | None:
        """Return the length of a window while no clock changes; None when it has months."""
        if self.unit in _DAYS:
            return timedelta(days=self.count * _DAYS[self.unit])
        return self.count * _FIXED[self.unit] if self.unit in _FIXED else None

    def begin(self, number: int) -> datetime:
        """Return when window `number` begins, in UTC; the first is 0."""
        steps = number * self.count
        if self.unit in _FIXED:
            return _utc(self.start, self.zone) + steps * _FIXED[self.unit]
        if self.unit in _DAYS:
            return _utc(self.start + timedelta(days=steps * _DAYS[self.unit]), self.zone)
        return _utc(_months_later(self.start, steps * _MONTHS[self.unit]), self.zone)

    def around(self, now: datetime) -> "Period | None":
        """Return the window that `now` lies in; None before the first begins.

        A window holds its first moment and not its last. Windows are found by halving: 40 steps.
        """
        if now < self.begin(0):
            return None
        low, high = 0, 1
        while self.begin(high) <= now:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.begin(middle) <= now else (low, middle)
        return Period(self.begin(low), self.begin(high), now)


@dataclass(frozen=True, slots=True)
class Period:
    """One window of an objective, from `start` to `end`, as it stands at `now`."""

    start: datetime
    end: datetime
    now: datetime

    @property
    def length(self) -> timedelta:
        """Return how long the whole window is."""
        return self.end - self.start

    @property
    def passed(self) -> timedelta:
        """Return how much of it lies behind."""
        return min(self.now, self.end) - self.start

    @property
    def fraction(self) -> float:
        """Return the share of the window that has passed, between 0 and 1."""
        return self.passed / self.length


def rolling(window: timedelta, now: datetime) -> Period:
    """Return the window that ends now, all of which has passed."""
    return Period(now - window, now, now)


def _utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return a wall-clock time in UTC: the first of two where it comes twice.

    One that the clocks leap over is as much later as they leap (PEP 495).
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _months_later(wall: datetime, months: int) -> datetime:
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    return wall.replace(year=year, month=month + 1, day=min(wall.day, days))
