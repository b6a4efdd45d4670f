"""The values of a chart where they are drawn, so that people can look at each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.figure import Figure

_PER_INCH: Final = 72.0  # an SVG is in points


@dataclass(frozen=True, slots=True)
class Point:
    """One value at (`x`, `y`) of the axes: `label` says when and what, `series` is its number."""

    x: float
    y: float
    label: str
    series: int = 0


@dataclass(frozen=True, slots=True)
class Points:
    """All values of a chart, series by series; `colours` are of the style sheet.

    Of `bars` and `cells` no line is drawn when one zooms; cells are looked at only.
    """

    found: Sequence[Point]
    names: Sequence[str] = ("",)
    colours: Sequence[str] = ("var(--first)",)
    bars: bool = False
    cells: bool = False


def written(figure: Figure, points: Points) -> str:
    """Return the values as JSON, with their places in the drawn SVG."""
    axes = figure.axes[0]
    scale, height = _PER_INCH / figure.dpi, figure.get_figheight() * _PER_INCH

    def place(at: tuple[float, float]) -> tuple[float, float]:
        x, y = axes.transData.transform(at)
        return round(float(x) * scale, 1), round(height - float(y) * scale, 1)

    box = axes.get_window_extent()
    edges = (box.x0 * scale, height - box.y1 * scale, box.x1 * scale, height - box.y0 * scale)
    return json.dumps(
        {
            "box": [round(float(one), 1) for one in edges],
            "series": list(points.names),
            "colours": list(points.colours),
            "bars": points.bars,
            "cells": points.cells,
            "points": [[*place((p.x, p.y)), p.series, p.label] for p in points.found],
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
