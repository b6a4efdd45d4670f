"""One situation that an alert is put in: what Prometheus scraped, minute by minute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Segment = tuple[float, int]
"""A value (or events per minute) and for how many minutes it holds."""
STALE: Final = float("nan")
_GONE: Final = "stale"


@dataclass(frozen=True, slots=True)
class Case:
    """`series` in promtool's notation, one sample a minute; `fires` is what must come of it.

    Before the minute `quiet` nothing can come of it: a long past is not looked at.
    """

    name: str
    series: Mapping[str, str]
    minutes: int
    fires: bool
    quiet: int = 0


def gauge(*segments: Segment) -> str:
    """Return samples of a gauge; NaN marks that the series is gone."""
    return " ".join(_constant(value, minutes) for value, minutes in segments if minutes)


def _constant(value: float, minutes: int) -> str:
    if value != value:  # noqa: PLR0124 -- NaN is the one value that differs from itself
        return _GONE + (f" _x{minutes - 1}" if minutes > 1 else "")
    return f"{value:.10g}x{minutes - 1}" if minutes > 1 else f"{value:.10g}"


def counter(*segments: Segment) -> str:
    """Return samples of a counter that grows by so many events a minute."""
    parts, now = [], 0.0
    for per_minute, minutes in segments:
        if per_minute != per_minute:  # noqa: PLR0124 -- NaN
            parts.append(_constant(per_minute, minutes))
            continue
        parts.append(f"{now + per_minute:.10g}+{per_minute:.10g}x{minutes - 1}")
        # A hair more, lest rounding makes the next sample a reset of the counter.
        now += per_minute * minutes + 1e-6
    return " ".join(parts)


def length(segments: Sequence[Segment]) -> int:
    """Return the minutes of all segments."""
    return sum(minutes for _, minutes in segments)
