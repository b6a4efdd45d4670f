"""One promise about a service, as a value."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Measure(StrEnum):
    """What a promise is about, so that a client-side run can be judged by the same promise."""

    AVAILABILITY = "availability"  # share of attempts that got any answer but a server's failure
    LATENCY = "latency"  # share of requests answered within `threshold_s`
    ERRORS = "errors"  # share of requests that did not fail
    ACCURACY = "accuracy"  # share of sentences understood as a person would


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two counters in PromQL with `{{.window}}` for the range; one of good and bad is given."""

    total: str
    good: str | None = None
    bad: str | None = None


@dataclass(frozen=True, slots=True)
class RawRatio:
    """A gauge that is itself the share of good, between 0 and 1; PromQL with `{{.window}}`."""

    success: str


@dataclass(frozen=True, slots=True)
class Objective:
    """A promise: the share `target` (between 0 and 1) of what `indicator` counts is good.

    `window` is the rolling period over which the promise is kept; `threshold_s` is the time in
    seconds that a latency promise speaks of and None for every other measure. `split_by` is a label
    by which the promise is also watched, so that one small route cannot hide in the sum.
    """

    name: str
    display_name: str
    description: str
    service: str
    measure: Measure
    target: float
    window: timedelta
    indicator: Ratio | RawRatio
    threshold_s: float | None = None
    split_by: str | None = None

    @property
    def budget(self) -> float:
        """Return the share that may be bad, between 0 and 1."""
        return 1.0 - self.target
