"""What the dashboards are compiled from: the objectives and the limits of the alerts."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from dashboards.names import Recorded
from kit.pure.errors import BadInputError
from slo.objective import Measure, Objective


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers that thresholds come from, so that none is written twice.

    `limits` are those that alerts turn on, by name, such as `error_ratio_high`: 0.05.
    """

    objectives: tuple[Objective, ...]
    limits: Mapping[str, float]
    recorded: Recorded

    def objective(self, measure: Measure) -> Objective:
        """Return the objective of a measure; BadInputError when there is none."""
        found = next((item for item in self.objectives if item.measure is measure), None)
        if found is None:
            raise BadInputError(
                f"no objective measures {measure}, but a dashboard shows it",
                hint=f"add an objective with `measure: {measure}`",
            )
        return found

    def limit(self, name: str) -> float:
        """Return a limit; BadInputError when no alert has it."""
        if name not in self.limits:
            near = get_close_matches(name, self.limits, n=1)
            raise BadInputError(
                f"a dashboard draws the limit {name!r}, which no alert has",
                hint=f"did you mean {near[0]!r}?" if near else "draw another one",
            )
        return float(self.limits[name])
