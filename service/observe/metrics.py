"""Metrics as values: what each is, where its numbers lie, and how to add to it."""

import itertools
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from service.observe.cells import Cells

Kind = Literal["counter", "gauge", "histogram"]
Combine = Literal["sum", "max", "min"]  # how the gauges of several workers become one


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with every label set it will ever have, in the order of `labels`."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    label_sets: tuple[tuple[str, ...], ...] = ((),)
    edges: tuple[float, ...] = ()
    combine: Combine = "sum"

    @property
    def width(self) -> int:
        """Return the number of cells per label set: buckets, the one above, and the sum."""
        return len(self.edges) + 2 if self.kind == "histogram" else 1


def every(*closed: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return all combinations of closed sets of label values."""
    return tuple(itertools.product(*closed))


@dataclass(frozen=True, slots=True)
class Layout:
    """The place of each (metric, label set) in the array of cells."""

    metrics: tuple[Metric, ...]
    places: Mapping[tuple[str, tuple[str, ...]], int] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, metrics: Sequence[Metric]) -> "Layout":
        """Lay the metrics out one after the other."""
        places: dict[tuple[str, tuple[str, ...]], int] = {}
        names: list[str] = []
        for metric in metrics:
            for labels in metric.label_sets:
                places[metric.name, labels] = len(names)
                names.extend(f"{metric.name}{labels}{i}" for i in range(metric.width))
        return cls(metrics=tuple(metrics), places=places, names=tuple(names))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A layout and the cells it describes."""

    layout: Layout
    cells: Cells

    @classmethod
    def of(cls, kind: str, metrics: Sequence[Metric], directory: Path | None) -> "Sheet":
        """Return a sheet in a file of its own kind, or in memory without a directory."""
        layout = Layout.of(metrics)
        return cls(layout=layout, cells=Cells(kind, layout.names, directory))

    def places_of(self, name: str) -> dict[tuple[str, ...], int]:
        """Return where the series of a metric are, by their label values."""
        metric = next(metric for metric in self.layout.metrics if metric.name == name)
        return {labels: self.layout.places[name, labels] for labels in metric.label_sets}


class _Handle:
    """The series of a metric, by the values of their labels. An unknown label set is a KeyError."""

    __slots__ = ("_own", "_places")

    def __init__(self, sheet: Sheet, name: str) -> None:
        self._own, self._places = sheet.cells.own, sheet.places_of(name)


class Count(_Handle):
    """Adds to a counter."""

    __slots__ = ()

    def add(self, *labels: str, by: float = 1.0) -> None:
        """Add `by` to the series with these label values."""
        self._own[self._places[labels]] += by


class Gauge(_Handle):
    """Sets a gauge."""

    __slots__ = ()

    def set(self, value: float, *labels: str) -> None:
        """Set the series with these label values."""
        self._own[self._places[labels]] = value

    def add(self, value: float, *labels: str) -> None:
        """Add to the series with these label values; negative takes away."""
        self._own[self._places[labels]] += value


class Histogram(_Handle):
    """Sorts values into buckets."""

    __slots__ = ("_edges", "_sum_offset")

    def __init__(self, sheet: Sheet, name: str) -> None:
        super().__init__(sheet, name)
        self._edges = next(m for m in sheet.layout.metrics if m.name == name).edges
        self._sum_offset = len(self._edges) + 1

    def observe(self, value: float, *labels: str) -> None:
        """Count one value."""
        place = self._places[labels]
        self._own[place + bisect_left(self._edges, value)] += 1.0
        self._own[place + self._sum_offset] += value
