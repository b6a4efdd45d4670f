"""The series that recording rules keep for each objective; who makes the rules says their names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from slo.objective import Objective
from slo.recorded import SLO_LABEL, selector_of
from slo.series import Selector


@dataclass(frozen=True, slots=True)
class Recorded:
    """Names of recorded series, each with the label `slo`.

    `bad_ratio` gives that of the share of bad events over a window; `bad` and `total` are events
    per second. `budget_watched` is the share of its window so far in which an objective was
    measured; `parts` gives those of the bad and of all events by the label that splits it, None for
    one that is not split.
    """

    bad: str
    total: str
    bad_ratio: Callable[[timedelta], str]
    budget_spent: str
    budget_watched: str
    parts: Callable[[Objective], tuple[str, str] | None]


def of(series: str, objective: Objective) -> str:
    """Return the selector of a recorded series for one objective."""
    return f"{series}{selector_of(objective)}"


def objective_of(selector: Selector) -> str | None:
    """Return the name of the objective that a recorded series belongs to, None for others."""
    if ":" not in selector.metric:
        return None
    return next(
        (value for label, op, value in selector.matchers if (label, op) == (SLO_LABEL, "=")), None
    )
