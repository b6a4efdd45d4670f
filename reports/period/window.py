"""Exact windows in a time zone, and the window before."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from kit.pure.errors import BadInputError
from kit.pure.moments import local, local_at, midnight

HOUR_S: Final = 3600
_HALF_HOUR_S: Final = 1800
_SHORT_S: Final = 6 * HOUR_S
_SHORT_SLOT_S: Final = 300
_LONGEST: Final = timedelta(days=92)
_FARTHEST: Final = timedelta(days=225)
"""A slot is half an hour at least, and a query has 11,000 points at most."""
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Kind(StrEnum):
    """How long a window is, in the words of the calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SPAN = "span"  # from one given instant to another


@dataclass(frozen=True, slots=True)
class Window:
    """The instants from `start` up to, not including, `end`, as the clocks of `zone` show them."""

    kind: Kind
    start: datetime
    end: datetime
    zone: ZoneInfo
    week_start: int = 0
    """Monday is 0, as in `date.weekday`."""
    against: "Window | None" = None
    """What to compare with, when that is not the window before."""

    @property
    def start_s(self) -> int:
        """Return the start in seconds since the epoch."""
        return round(self.start.timestamp())

    @property
    def end_s(self) -> int:
        """Return the end in seconds since the epoch."""
        return round(self.end.timestamp())

    @property
    def seconds(self) -> int:
        """Return the length that a clock would measure: a week has 167, 168 or 169 hours."""
        return self.end_s - self.start_s

    @property
    def label(self) -> str:
        """Return how people call the window: `2026-W46`, `2026-11`, `2026-11-16`."""
        if self.kind is Kind.DAY:
            return self.start.date().isoformat()
        if self.kind is Kind.MONTH:
            return f"{self.start:%Y-%m}"
        if self.kind is Kind.QUARTER:
            return f"{self.start:%Y}-Q{(self.start.month + 2) // 3}"
        if self.kind is Kind.WEEK:
            return f"{self.start:%G-W%V}" if self.week_start == 0 else f"{self.start:%F}"
        return f"{self.start:%Y%m%dT%H%M}-{self.end:%Y%m%dT%H%M}"

    def before(self) -> "Window":
        """Return the window to compare with, by default the one before.

        That is the one of the calendar, or of the same length for a span.
        """
        if self.against is not None:
            return self.against
        if self.kind is Kind.SPAN:
            start = local_at(self.start_s - self.seconds, self.zone)
            return replace(self, start=start, end=self.start)
        last_day = self.start.date() - timedelta(days=1)
        return containing(self.kind, last_day, self.zone, week_start=self.week_start)

    def first_slot_before_s(self) -> int:
        """Return where the first whole slot of the window before begins, on this window's grid."""
        begin = self.before().start_s
        return begin + (self.start_s - begin) % self.step_s()

    def days(self) -> tuple[date, ...]:
        """Return the local dates that the window touches."""
        last = local(self.end - timedelta(microseconds=1), self.zone).date()
        first = self.start.date()
        return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))

    def step_s(self) -> int:
        """Return the seconds of one slot such that no slot reaches over local midnight.

        An hour, or half of one where a zone's offset changes by half an hour; in a window of less
        than six hours its part of about five minutes, wherever midnight is.
        """
        if self.seconds < _SHORT_S:
            return self.seconds // ceil(self.seconds / _SHORT_SLOT_S)
        edges = [self.start_s, *(_epoch(d, self.zone) for d in self.days()[1:]), self.end_s]
        whole = all((later - earlier) % HOUR_S == 0 for earlier, later in pairwise(edges))
        return HOUR_S if whole else _HALF_HOUR_S


def containing(kind: Kind, day: date, zone: ZoneInfo, *, week_start: int = 0) -> Window:
    """Return the day, week, month or quarter that holds a local date."""
    first, after = day, day + timedelta(days=1)
    if kind is Kind.WEEK:
        first = day - timedelta(days=(day.weekday() - week_start) % 7)
        after = first + timedelta(days=7)
    elif kind is Kind.MONTH:
        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
    elif kind is Kind.QUARTER:
        first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        after = (first + timedelta(days=95)).replace(day=1)
    elif kind is Kind.SPAN:
        raise ValueError("a span is given by its ends")
    start, end = (midnight(d, zone) for d in (first, after))
    return Window(kind, start, end, zone, week_start)


def last_complete(kind: Kind, now: datetime, zone: ZoneInfo, *, week_start: int = 0) -> Window:
    """Return the newest window of a kind that has ended at `now` (aware)."""
    today = local(now, zone).date()
    current = containing(kind, today, zone, week_start=week_start)
    return current if current.end <= now else current.before()


def span(start: datetime, end: datetime, zone: ZoneInfo) -> Window:
    """Return the window between two aware instants; BadInputError when it is empty or too long."""
    start, end = (local(x.replace(microsecond=0), zone) for x in (start, end))
    if end <= start:
        raise BadInputError(
            f"the window ends at {end.isoformat()}, not after its start {start.isoformat()}",
            hint="give --from earlier than --to",
        )
    if end - start > _LONGEST:
        raise BadInputError(
            f"the window of {(end - start).days} days is too long",
            hint=f"choose at most {_LONGEST.days} days",
        )
    return Window(Kind.SPAN, start, end, zone)


def compared(window: Window, other: Window) -> Window:
    """Return the window to be compared with an `other`, earlier one; BadInputError otherwise."""
    if other.end > window.start:
        raise BadInputError(
            f"{other.label} is not over when {window.label} begins",
            hint="compare with an earlier one",
        )
    if window.end_s - other.start_s > _FARTHEST.total_seconds():
        raise BadInputError(
            f"{other.label} is more than {_FARTHEST.days} days before the end of {window.label}",
            hint="compare with a later one",
        )
    return replace(window, against=other)


def read_weekday(name: str) -> int:
    """Return 0 for Monday to 6 for Sunday; a name may be cut to three letters."""
    for number, known in enumerate(_WEEKDAYS):
        if len(name) >= len("mon") and known.startswith(name.lower()):
            return number
    raise BadInputError(f"{name!r} is no weekday", hint="write monday, tuesday, …")


def _epoch(day: date, zone: ZoneInfo) -> int:
    return round(midnight(day, zone).timestamp())
