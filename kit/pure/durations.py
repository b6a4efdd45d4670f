"""Durations as OpenSLO and Prometheus write them, and back."""

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    # A month, quarter and year have no fixed length; as rolling windows they get these.
    "M": timedelta(days=30),
    "Q": timedelta(days=90),
    "Y": timedelta(days=365),
}
_OPENSLO: Final = re.compile(r"([1-9][0-9]{0,8})([mhdwMQY])")
_PROMETHEUS: Final = re.compile(r"0|(\d+(ms|[smhdw]))+")
_PROMETHEUS_PART: Final = re.compile(r"(\d+)(ms|[smhdw])")
_PROMETHEUS_UNITS: Final = ("w", "d", "h", "m", "s")


LONGEST: Final = timedelta(days=3650)
"""The longest window of an objective; more is a typing error, and no calendar holds it."""


def parse_openslo(text: str) -> timedelta | None:
    """Return the duration of a text such as `28d`, or None when it is not one or over ten years."""
    parts = split_openslo(text)
    if parts is None or parts[0] > LONGEST / _UNITS[parts[1]]:
        return None
    return parts[0] * _UNITS[parts[1]]


def split_openslo(text: str) -> tuple[int, str] | None:
    """Return number and unit (m h d w M Q Y) of a text such as `28d`, or None."""
    match = _OPENSLO.fullmatch(text)
    return (int(match[1]), match[2]) if match else None


def to_prometheus(duration: timedelta) -> str:
    """Write a duration of whole seconds in the largest unit that divides it: `30d`, `90m`, `15s`.

    Weeks are written as days, which is how windows are spoken of.
    """
    seconds = round(duration.total_seconds())
    for unit in _PROMETHEUS_UNITS[1:]:
        size = round(_UNITS[unit].total_seconds())
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    raise AssertionError(seconds)  # every number of seconds is divisible by one second


def parse_prometheus(text: str) -> float:
    """Return the seconds of a PromQL duration such as `1m30s`; ValueError when it is not one."""
    if not _PROMETHEUS.fullmatch(text) or not text:
        raise ValueError(f"{text!r} is not a duration such as 1m30s")
    return sum(
        int(number) * (_UNITS[unit].total_seconds() if unit != "ms" else 0.001)
        for number, unit in _PROMETHEUS_PART.findall(text)
    )
