"""One objective about a service, as a value."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from slo.period import Calendar
from slo.policy import Policy


class Measure(StrEnum):
    """What an objective measures, so that a client-side run is held against the same objective."""

    AVAILABILITY = "availability"  # share of attempts that got any answer but a server's failure
    LATENCY = "latency"  # share of requests answered within `threshold_s`
    ERRORS = "errors"  # share of requests that did not fail
    ACCURACY = "accuracy"  # share of texts answered as a person would
    OTHER = "other"  # anything else, which only its own queries can measure


class Budgeting(StrEnum):
    """What is counted (OpenSLO's `budgetingMethod`)."""

    OCCURRENCES = "Occurrences"  # events
    TIMESLICES = "Timeslices"  # slices of time, each good or bad
    RATIO_TIMESLICES = "RatioTimeslices"  # slices of time, each by its own share of good


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
class Threshold:
    """What makes a point of a threshold metric good: that it is `op` `value`."""

    op: str  # one of lte, gte, lt, gt
    value: float


@dataclass(frozen=True, slots=True)
class Slices:
    """Time cut into pieces of `length`, each judged by `indicator` over the piece.

    A slice is good when its share of good is at least `good_share`; None lets each slice count by
    its share.
    """

    length: timedelta
    good_share: float | None
    indicator: Ratio | RawRatio


@dataclass(frozen=True, slots=True)
class Part:
    """One of the several objectives of the SLO `whole`; `weight` is how much its burning counts."""

    whole: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective: the share `target` (between 0 and 1) of what `indicator` counts is good.

    `window` is the period of the objective: it rolls, unless `calendar` says when it begins.
    `threshold_s` is the limit of a latency objective in seconds, None for every other measure.
    `split_by` is a label by which the objective is also watched, so that one small route cannot
    hide in the sum. An objective on `slices` or a `threshold` has an indicator made of them, so
    that code that only asks for shares over a window need not know.
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
    calendar: Calendar | None = None
    slices: Slices | None = None
    threshold: Threshold | None = None
    part: Part | None = None
    policies: tuple[Policy, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """Its own labels, such as team and tier, that its alerts carry."""
    is_first: bool = False
    """It is one of the first project, of the time when no recorded series named its service."""

    @property
    def budget(self) -> float:
        """Return the share that may be bad, between 0 and 1."""
        return 1.0 - self.target

    @property
    def budgeting(self) -> Budgeting:
        """Return what is counted."""
        if self.slices is None:
            return Budgeting.OCCURRENCES
        judged = self.slices.good_share is not None
        return Budgeting.TIMESLICES if judged else Budgeting.RATIO_TIMESLICES

    @property
    def counts_requests(self) -> bool:
        """Say whether its counts are of what users asked for, not of points or slices of time."""
        by_time = self.slices is not None or self.threshold is not None
        return isinstance(self.indicator, Ratio) and not by_time
