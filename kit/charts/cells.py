"""How many of each size, when: the buckets of a histogram over time."""

from collections.abc import Sequence

import numpy as np

from kit.charts import theme
from kit.charts.lines import time_axis
from kit.charts.shades import shade

_MOST_LABELS = 8


def cells(
    *,
    name: str,
    title: str,
    description: str,
    times: Sequence[float],
    labels: Sequence[str],
    counts: Sequence[Sequence[float]],
    span: tuple[float, float],
    width_in: float = theme.WIDTH_IN,
) -> str:
    """Return a heat map as SVG; `counts` has a row for each of `labels`, lowest bucket first.

    `times` are the ends of the columns in seconds since the epoch, evenly spaced. The rows are
    equally high whatever their bounds, so that the small ones can be seen.
    """
    figure, axes = theme.canvas(width_in=width_in, height_in=2.5)
    ends = np.asarray(times, dtype=float)
    step = float(np.min(np.diff(ends))) if len(ends) > 1 else (span[1] - span[0]) / 50
    across = np.concatenate((ends - step, ends[-1:]))
    shade(axes, across, np.arange(len(labels) + 1, dtype=float), np.asarray(counts, dtype=float))
    axes.set_ylim(0, len(labels))
    every = -(-len(labels) // _MOST_LABELS)
    places = np.arange(len(labels))[::every] + 1.0
    theme.ticks(axes.yaxis, places.tolist(), lambda at: labels[round(at) - 1])
    axes.grid(visible=False)
    time_axis(axes, span, width_in)
    return theme.svg(figure, name=name, title=title, description=description)
