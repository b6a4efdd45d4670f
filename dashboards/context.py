"""What the rules may know besides the dashboard itself."""

from dataclasses import dataclass

from slo.objective import Objective


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of the catalogue and its PromQL."""

    name: str
    expr: str


@dataclass(frozen=True, slots=True)
class Context:
    """The objectives and the alerts that dashboards are held against; both may be empty."""

    objectives: tuple[Objective, ...] = ()
    alerts: tuple[Alert, ...] = ()
