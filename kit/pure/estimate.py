"""A figure that was estimated from data, and how sure it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; a bound is None where the data cannot give it."""

    value: float
    low: float | None = None
    high: float | None = None
