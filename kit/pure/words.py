"""Figures as people read them."""

from datetime import datetime

NONE = "–"  # noqa: RUF001 -- a dash is meant
"""What stands where there is no figure."""
_SECOND_MS = 1000.0
_MIB = 2**20
_HOUR_MIN, _DAY_MIN = 60.0, 2880.0
_NEAR_ONE, _NEARER_ONE = 0.9, 0.99


def milliseconds(value: float | None) -> str:
    """Return a duration given in milliseconds with a fitting unit and two or three digits."""
    if value is None:
        return NONE
    if value >= _SECOND_MS:
        return f"{value / _SECOND_MS:.3g} s"
    if value >= 100:  # noqa: PLR2004 -- three digits are enough
        return f"{value:.0f} ms"
    return f"{value:.2g} ms" if value < 10 else f"{value:.3g} ms"  # noqa: PLR2004 -- as above


def seconds(value: float | None) -> str:
    """Return a duration given in seconds, written as `milliseconds` writes it."""
    return milliseconds(None if value is None else value * _SECOND_MS)


def minutes(value: float) -> str:
    """Return a length of time given in minutes."""
    if 0 < value < 1:
        return f"{value * 60:.0f} s"
    if value < _HOUR_MIN:
        return f"{value:.0f} min"
    return f"{value / 60:.1f} h" if value < _DAY_MIN else f"{value / 1440:.1f} d"


def age(seconds: float) -> str:
    """Return an age in the largest unit of which there are two."""
    for unit_s, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit_s:
            return f"{seconds / unit_s:.0f} {unit}"
    return f"{seconds:.0f} s"


def share(value: float | None) -> str:
    """Return a share in percent, with more digits the nearer it is to a whole."""
    if value is None:
        return NONE
    if value > 1 - 1e-9:
        return "100 %"
    return percent(value, 3 if value > _NEARER_ONE else 2 if value > _NEAR_ONE else 1)


def signed(value: float, digits: int) -> str:
    """Return a number with its sign and groups of three digits; nought has no sign."""
    text = f"{value:+,.{digits}f}"
    return text if any(digit in text for digit in "123456789") else text[1:]


def points(value: float | None) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    return NONE if value is None else f"{signed(value * 100, 2)} pp"


def relative(value: float | None) -> str:
    """Return a relative change in percent, with its sign."""
    return NONE if value is None else f"{signed(value * 100, 1)} %"


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share as a percentage."""
    return NONE if value is None else f"{value * 100:.{digits}f} %"


def count(value: float | None) -> str:
    """Return a number with groups of three digits."""
    return NONE if value is None else f"{value:,.0f}"


def moment(value: str) -> str:
    """Return an RFC 3339 time as a date and a time of day in its own zone."""
    found = datetime.fromisoformat(value)
    return f"{found:%d %B %Y, %H:%M} {found.tzname() or ''}".strip().lstrip("0")


def mebibytes(value: float | None) -> str:
    """Return bytes in MiB."""
    return NONE if value is None else f"{value / _MIB:,.0f} MiB"


def memory(value: float) -> str:
    """Return bytes in GiB."""
    return f"{value / 2**30:.1f} GiB"


def failure_kind(kind: str) -> str:
    """Return a kind of failure as people say it: a status, or how the request ended."""
    return f"HTTP {kind}" if kind.isdigit() else kind


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, e.g. `1 case` or `1,000 cases`; `many` where no s will do."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
