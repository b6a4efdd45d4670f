"""What a run reports while it runs; whoever starts it decides what to do with it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Started:
    """The first request is due now."""

    profile: str
    target_url: str
    duration_s: float
    arrivals: int


@dataclass(frozen=True, slots=True)
class Tick:
    """The state about twice a second. Percentiles are over the whole run so far."""

    elapsed_s: float
    duration_s: float
    scheduled: int
    finished: int
    failed: int
    dropped: int
    rate_per_s: float  # finished, over the last second
    p95_ms: float | None  # None before the first answer
    lag_p99_ms: float | None
    budget_spent: float | None = None  # the highest of any objective, 1.0 is all of it


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The events that the run created are being removed."""

    tag: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing runs any more."""

    requests: int
    removed: int


Progress = Started | Tick | Cleaning | Ended
OnProgress = Callable[[Progress], None]


def ignore(_event: Progress) -> None:
    """Take an event and do nothing."""
