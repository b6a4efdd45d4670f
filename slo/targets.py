"""The fields of one objective: its target, and the size of its slices."""

from datetime import timedelta
from typing import Final

from kit.pure.durations import parse_openslo, to_prometheus
from kit.pure.fields import Field
from slo.objective import Budgeting, Threshold
from slo.policy import OPERATORS

OBJECTIVE_FIELDS: Final = (
    "displayName", "target", "targetPercent", "op", "value", "timeSliceTarget", "timeSliceWindow",
    "indicator", "indicatorRef", "compositeWeight",
)  # fmt: skip
_DURATION_FIX: Final = "write a number and one of m h d w M Q Y: 5m"


def only_known(place: Field, budgeting: Budgeting, *, several: bool) -> None:
    """Refuse fields that are unknown, or that say nothing in an SLO of this kind."""
    place.only(*OBJECTIVE_FIELDS)
    if budgeting is Budgeting.OCCURRENCES:
        slicing = ("timeSliceTarget", "timeSliceWindow")
        place.without(*slicing, why="belongs to time slices, and budgetingMethod is Occurrences")
    if budgeting is Budgeting.RATIO_TIMESLICES:
        place.without("timeSliceTarget", why="belongs to budgetingMethod: Timeslices")
    if not several:
        place.without("compositeWeight", why="weighs several objectives, and this is the only one")


def read_budgeting(spec: Field) -> Budgeting:
    """Return what an SLO counts."""
    fix = f"add `budgetingMethod:` with one of {', '.join(Budgeting)}"
    return Budgeting(spec.need("budgetingMethod", fix).choice(*Budgeting))


def read_target(objective: Field) -> float:
    """Return the target as a share; it must ask for something and leave some budget."""
    share, percent = objective.get("target"), objective.get("targetPercent")
    if (share is None) == (percent is None):
        raise objective.wrong("needs exactly one of target and targetPercent", "keep one of them")
    if share is not None:
        if not 0 < share.number() < 1:
            raise share.wrong("is not between 0 and 1", _target_fix(share.number()))
        return share.number()
    assert percent is not None  # noqa: S101 -- the test above leaves only this case
    if not 0 < percent.number() < 100:  # noqa: PLR2004 -- per cent
        fix = "a target leaves some budget, and asks for something: write for example 99.9"
        raise percent.wrong("is not between 0 and 100", fix)
    return percent.number() / 100


def read_threshold(objective: Field) -> Threshold:
    """Return which values of a threshold metric are good."""
    fix = "add `op:` with lte, gte, lt or gt: which values are good"
    op = objective.need("op", fix).choice(*OPERATORS)
    value = objective.need("value", "add `value:`, which the metric is compared with")
    return Threshold(op, value.number())


def read_slicing(
    objective: Field, budgeting: Budgeting, window: timedelta
) -> tuple[timedelta, float | None] | None:
    """Return the length of time slices and the least share of good in one; None without slices."""
    if budgeting is Budgeting.OCCURRENCES:
        return None
    place = objective.need("timeSliceWindow", "add `timeSliceWindow: 5m`")
    length = parse_openslo(place.text())
    if length is None:
        raise place.wrong("is not a duration", _DURATION_FIX)
    if length >= window:
        raise place.wrong(
            f"is no shorter than the window of {to_prometheus(window)}", "write for example 5m"
        )
    if budgeting is Budgeting.RATIO_TIMESLICES:
        return length, None
    share = objective.need("timeSliceTarget", "add the least share of good in a slice: 0.95")
    if not 0 < share.number() <= 1:
        fix = f"write {share.number() / 100:g}" if 1 < share.number() <= 100 else "write 0.95"  # noqa: PLR2004 -- per cent
        raise share.wrong("is not above 0 and up to 1", fix)
    return length, share.number()


def read_weight(objective: Field) -> float:
    """Return how much the burning of one objective of several counts; 1 unless said."""
    place = objective.get("compositeWeight")
    if place is None:
        return 1.0
    if place.number() <= 0:
        raise place.wrong("is not above 0", "write 1, or remove the objective")
    return place.number()


def _target_fix(value: float) -> str:
    if 1 < value < 100:  # noqa: PLR2004 -- looks like per cent
        return f"write target: {value / 100:g}, or targetPercent: {value:g}"
    if value in {0, 1}:
        return "a target leaves some budget: write for example 0.999"
    return "write a share such as 0.999"
