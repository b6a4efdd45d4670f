"""Which metrics there are: `metrics.yaml` beside the service, the one place that lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from service.json_values import JsonMapping
from service.observe.metrics import Kind, Metric, every

FILE: Final = Path(__file__).resolve().parents[1] / "metrics.yaml"
OWN: Final = "calendar-api"
"""The scrape job that shows the service itself."""
CELLS: Final = "cells"
"""Where numbers come from unless the file says otherwise: the parts of the service count them."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One metric as the file declares it; a label with no values in `closed` is open."""

    name: str
    kind: Kind
    help: str
    origin: str
    combine: str
    labels: tuple[str, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edges: tuple[float, ...] = ()

    def metric(self, **narrower: Sequence[str]) -> Metric:
        """Return the metric with every set of its closed values, or of the narrower ones given.

        Raises ValueError for an open label: a series that is born late loses its first event.
        """
        values = []
        for label in self.labels:
            found = narrower.get(label, self.closed.get(label))
            if found is None:
                raise ValueError(f"{FILE}: {self.name}: list the values of the label {label!r}")
            values.append(found)
        combine = self.combine
        if combine not in {"sum", "max", "min"}:
            raise ValueError(f"{FILE}: {self.name}: combine is {combine!r}: write sum, max or min")
        return Metric(
            self.name,
            self.kind,
            self.help,
            self.labels,
            every(*values),
            self.edges,
            combine,  # type: ignore[arg-type]  # checked above
        )


@cache
def declared() -> Mapping[str, Declared]:
    """Return what the service shows, by name, in the order of the file; it is read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: Any = yaml.load(FILE.read_text(encoding="utf-8"), loader)  # noqa: S506 -- a safe one
    return {each["name"]: _read(each) for each in document["metrics"] if OWN in each["jobs"]}


def closed(name: str, label: str) -> tuple[str, ...]:
    """Return the values that a label of a metric can have."""
    return declared()[name].closed[label]


def _read(each: JsonMapping) -> Declared:
    labels: Mapping[str, Sequence[str] | None] = each.get("labels") or {}
    return Declared(
        name=each["name"],
        kind=each["type"],
        help=each["help"],
        origin=each.get("from", CELLS),
        combine=each.get("combine", "sum"),
        labels=tuple(labels),
        closed={label: tuple(values) for label, values in labels.items() if values is not None},
        edges=tuple(each.get("buckets", ())),
    )
