"""A row of a load run's verdict in words, the same in every kind of output."""

from collections.abc import Mapping
from typing import Any

_MINUTE_S = 60.0
_HOUR_S = 3600.0


def row_name(row: Mapping[str, Any]) -> str:
    """Return what the row is about, e.g. Latency under 2 s · POST /parse."""
    name = str(row["display_name"])
    if row["threshold_s"] is not None:
        name += f" under {row['threshold_s']:g} s"
    return name + (f" · {row['part']}" if row["part"] else "")


def target_words(row: Mapping[str, Any]) -> str:
    """Return the share that is promised."""
    return f"{row['target'] * 100:g} %"


def measured_words(row: Mapping[str, Any]) -> str:
    """Return the share that was measured, with its interval and basis."""
    measured = row["measured"]
    if measured is None:
        return "no requests"
    return (
        f"{measured['value'] * 100:.2f} % of {row['total']:,} "
        f"(95 % range {measured['low'] * 100:.2f} to {measured['high'] * 100:.2f})"
    )


def more_words(row: Mapping[str, Any]) -> str:
    """Return how much longer a run would have to be to decide; empty when it is decided."""
    needed = row["more_needed"]
    if needed is None:
        return ""
    needed_s = row.get("more_needed_s")
    longer = "" if needed_s is None else f", {duration_words(needed_s)} at this rate"
    requests = "request" if needed == 1 else "requests"
    return f"{needed:,} more {requests} would decide{longer}"


def duration_words(seconds: float) -> str:
    """Return a duration to the unit that matters."""
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.1f} h"
