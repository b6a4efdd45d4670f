"""Figures as people read them."""

from datetime import datetime

_SECOND_MS = 1000.0


def milliseconds(value: float | None) -> str:
    """Return a duration given in milliseconds with a fitting unit and two or three digits."""
    if value is None:
        return "–"  # noqa: RUF001 -- a dash is meant
    if value >= _SECOND_MS:
        return f"{value / _SECOND_MS:.3g} s"
    if value >= 100:  # noqa: PLR2004 -- three digits are enough
        return f"{value:.0f} ms"
    return f"{value:.2g} ms" if value < 10 else f"{value:.3g} ms"  # noqa: PLR2004 -- as above


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share as a percentage."""
    return "–" if value is None else f"{value * 100:.{digits}f} %"  # noqa: RUF001 -- a dash is meant


def count(value: float | None) -> str:
    """Return a number with groups of three digits."""
    return "–" if value is None else f"{value:,.0f}"  # noqa: RUF001 -- a dash is meant


def moment(value: str) -> str:
    """Return an RFC 3339 time as a date and a time of day in its own zone."""
    found = datetime.fromisoformat(value)
    return f"{found:%d %B %Y, %H:%M} {found.tzname() or ''}".strip().lstrip("0")


def memory(value: float) -> str:
    """Return bytes in GiB."""
    return f"{value / 2**30:.1f} GiB"


def failure_kind(kind: str) -> str:
    """Return a kind of failure as people say it: a status, or how the request ended."""
    return f"HTTP {kind}" if kind.isdigit() else kind


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, e.g. `1 case` or `1,000 cases`; `many` where no s will do."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
