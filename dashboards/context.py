"""What the rules may know besides the dashboard itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from slo.catalogue import CATALOGUE, Metric
from slo.objective import Objective

BOARDS: Final = "the folder of [paths] boards"


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert and its PromQL; `objective` is the name of the one it is about, if it is."""

    name: str
    expr: str
    objective: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The objectives, alerts and metrics that dashboards are held against; all may be missing.

    `metrics` is each series of the project's catalogue with its metric, None where there is none;
    `catalogue` and `boards` are where these are written;
    `edges_s` is by objective the latency from which a request is bad.
    """

    objectives: tuple[Objective, ...] = ()
    alerts: tuple[Alert, ...] = ()
    metrics: Mapping[str, Metric] | None = None
    catalogue: str = CATALOGUE
    boards: str = BOARDS
    edges_s: Mapping[str, float] = field(default_factory=dict)
