"""How figures of a period are read."""

from datetime import date, datetime
from functools import partial

from kit.pure.estimate import Estimate
from kit.pure.moments import is_doubled
from kit.pure.words import NONE, mebibytes, minutes, points, relative, seconds, share, signed
from kit.pure.words import count as whole

__all__ = [
    "NONE",
    "mebibytes",
    "minutes",
    "points",
    "relative",
    "seconds",
    "share",
    "signed",
    "whole",
]

_MIB = 2**20


def changed(value: Estimate | None) -> str:
    """Return a relative change with its interval."""
    if value is None:
        return NONE
    if value.low is None or value.high is None:
        return relative(value.value)
    return f"{relative(value.value)} ({value.low * 100:+.0f} to {value.high * 100:+.0f})"


def slope(value: Estimate | None) -> str:
    """Return bytes a day as MiB a day with the interval."""
    if value is None:
        return NONE
    figure = f"{signed(value.value / _MIB, 1)} MiB/d"
    if value.low is None or value.high is None:
        return figure
    return f"{figure} ({value.low / _MIB:+.1f} to {value.high / _MIB:+.1f})"


def length(hours: float) -> str:
    """Return how long a window is, given in hours."""
    if hours >= 1:
        return f"{hours:.6g} hours"
    return f"{hours * 60:.3g} minutes" if hours >= 1 / 60 else f"{hours * 3600:.0f} seconds"


def clock(value: datetime) -> str:
    """Return the time of day, with the zone's name where the clock shows that time twice."""
    return f"{value:%H:%M} {value.tzname()}" if is_doubled(value) else f"{value:%H:%M}"


def lasting(start: datetime, end: datetime) -> str:
    """Return how long it is from one moment to another."""
    return minutes((end - start).total_seconds() / 60)


def day_and_time(value: datetime) -> str:
    """Return weekday, day and time of day."""
    return f"{value:%a %d %b} {clock(value)}"


def day(value: datetime | None) -> str:
    """Return a date."""
    return NONE if value is None else f"{value:%d %b %Y}"


def day_of(value: date) -> str:
    """Return weekday and day."""
    return f"{value:%a %d %b}"


def percent(value: float | None, places: int = 0) -> str:
    """Return a share in percent."""
    return NONE if value is None else f"{value * 100:.{places}f} %"


def measured(value: float | None) -> str:
    """Return a share of time in percent, to two digits that count where it is small."""
    if value is None:
        return NONE
    return f"{value * 100:.2g} %" if 0 < value < 0.1 else f"{value * 100:.1f} %"  # noqa: PLR2004


tenths, hundredths = partial(percent, places=1), partial(percent, places=2)


def digits(value: float | None, form: str) -> str:
    """Return a number in a format, such as `.2f`."""
    return NONE if value is None else f"{value:{form}}"


def rate(value: float | None, form: str = ",.3g") -> str:
    """Return a rate a second."""
    return NONE if value is None else f"{value:{form}}/s"


def day_or_none(value: date | None) -> str:
    """Return a date, or that it is not within a year."""
    return "not in a year" if value is None else f"{value:%d %b %Y}"
