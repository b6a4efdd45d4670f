"""Samples that were gathered from `/metrics` pages, as one table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from kit.pure.answers import Floats
from slo.series import Selector

NAME: Final = "__name__"
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """One target's samples at one moment, each with its labels and its name."""

    at_s: float
    samples: Sequence[tuple[Labels, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """`values` has a row for each of `labels` and a column for each of `times`, NaN for none."""

    times: Floats
    labels: tuple[Labels, ...]
    values: Floats
    _found: dict[Selector, list[int]] = field(default_factory=dict, repr=False)

    def rows(self, selector: Selector) -> list[int]:
        """Return which rows a selector means."""
        if selector not in self._found:
            self._found[selector] = self._search(selector)
        return self._found[selector]

    def _search(self, selector: Selector) -> list[int]:
        matchers = selector.matchers
        if selector.metric:
            matchers = ((NAME, "=", selector.metric), *matchers)
        return [
            place
            for place, labels in enumerate(self.labels)
            if all(_fits(labels.get(label, ""), op, value) for label, op, value in matchers)
        ]


def table_of(pages: Iterable[Page]) -> Samples:
    """Return the samples of pages in any order; several may be of one moment."""
    ordered = sorted(pages, key=lambda page: page.at_s)
    times = np.unique(np.array([page.at_s for page in ordered], dtype=np.float64))
    places: dict[tuple[tuple[str, str], ...], int] = {}
    found: list[tuple[int, int, float]] = []
    for page in ordered:
        column = int(np.searchsorted(times, page.at_s))
        for labels, value in page.samples:
            row = places.setdefault(tuple(sorted(labels.items())), len(places))
            found.append((row, column, value))
    values = np.full((len(places), len(times)), np.nan)
    for row, column, value in found:
        values[row, column] = value
    return Samples(times, tuple(dict(key) for key in places), values)


def _fits(value: str, op: str, wanted: str) -> bool:
    if op in {"=", "!="}:
        return (value == wanted) is (op == "=")
    return (re.fullmatch(wanted, value) is not None) is (op == "=~")
