"""The series that recording rules keep for each objective."""

from datetime import timedelta

from slo.objective import Objective
from slo.promql import bad_ratio_query
from slo.series import Selector


def bad_ratio(objective: Objective, window: timedelta) -> str:
    """Return the share of bad events over a window."""
    return bad_ratio_query(objective, window)


def promise_of(selector: Selector) -> str | None:
    """Return the name of the objective that a recorded series belongs to, None for others."""
    return next(
        (value for label, op, value in selector.matchers if (label, op) == ("slo", "=")), None
    )
