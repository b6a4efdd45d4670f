"""How figures of a period are read."""

from datetime import date, datetime
from functools import partial

from kit.pure.estimate import Estimate
from kit.pure.words import milliseconds

NONE = "–"  # noqa: RUF001 -- a dash is meant
_MIB = 2**20
_HOUR_MIN, _DAY_MIN = 60.0, 2880.0
_NEAR_ONE = 0.9


def share(value: float | None) -> str:
    """Return a share in percent, with more digits the nearer it is to a whole."""
    if value is None:
        return NONE
    if value > 1 - 1e-9:
        return "100 %"
    places = 3 if value > 0.99 else 2 if value > _NEAR_ONE else 1  # noqa: PLR2004 -- as above
    return f"{value * 100:.{places}f} %"


def signed(value: float, places: int) -> str:
    """Return a number with its sign and groups of three digits; nought has no sign."""
    text = f"{value:+,.{places}f}"
    return text if any(digit in text for digit in "123456789") else text[1:]


def points(value: float | None) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    return NONE if value is None else f"{signed(value * 100, 2)} pp"


def relative(value: float | None) -> str:
    """Return a relative change in percent, with its sign."""
    return NONE if value is None else f"{signed(value * 100, 1)} %"


def changed(value: Estimate | None) -> str:
    """Return a relative change with its interval."""
    if value is None:
        return NONE
    if value.low is None or value.high is None:
        return relative(value.value)
    return f"{relative(value.value)} ({value.low * 100:+.0f} to {value.high * 100:+.0f})"


def whole(value: float | None) -> str:
    """Return a number with groups of three digits."""
    return NONE if value is None else f"{value:,.0f}"


def seconds(value: float | None) -> str:
    """Return a duration given in seconds."""
    return milliseconds(None if value is None else value * 1000)


def mebibytes(value: float | None) -> str:
    """Return bytes in MiB."""
    return NONE if value is None else f"{value / _MIB:,.0f} MiB"


def slope(value: Estimate | None) -> str:
    """Return bytes a day as MiB a day with the interval."""
    if value is None:
        return NONE
    figure = f"{signed(value.value / _MIB, 1)} MiB/d"
    if value.low is None or value.high is None:
        return figure
    return f"{figure} ({value.low / _MIB:+.1f} to {value.high / _MIB:+.1f})"


def minutes(value: float) -> str:
    """Return a length of time given in minutes."""
    if 0 < value < 1:
        return f"{value * 60:.0f} s"
    if value < _HOUR_MIN:
        return f"{value:.0f} min"
    return f"{value / 60:.1f} h" if value < _DAY_MIN else f"{value / 1440:.1f} d"


def length(hours: float) -> str:
    """Return how long a window is, given in hours."""
    if hours >= 1:
        return f"{hours:.6g} hours"
    return f"{hours * 60:.3g} minutes" if hours >= 1 / 60 else f"{hours * 3600:.0f} seconds"


def day_and_time(value: datetime) -> str:
    """Return weekday, day and time of day."""
    return f"{value:%a %d %b %H:%M}"


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
