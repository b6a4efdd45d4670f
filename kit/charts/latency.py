"""Latency: as a distribution, over time, and as a heat map."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator, NullFormatter, NullLocator

from kit.charts import theme
from kit.charts.record import RunRecord
from kit.charts.shades import shade
from kit.pure.words import milliseconds

_MARKED: Final = ("p50", "p95", "p99")

_WIDE: Final = 200.0
"""From this ratio of its ends on, a tick at each of 1, 2 and 5 would write over the next."""


def distribution(record: RunRecord) -> str | None:
    """Return the histogram of latency with its percentiles marked; None without an answer."""
    edges = np.asarray(record["distribution"]["edges_ms"])
    counts = np.asarray(record["distribution"]["counts"])
    if not counts.sum():
        return None
    figure, axes = theme.canvas()
    axes.stairs(counts, edges, fill=True, color=theme.FIRST, alpha=0.85, linewidth=0)
    axes.set_xscale("log")
    _latency_axis(axes.xaxis)
    top = counts.max()
    axes.set(ylim=(0, top * 1.34), xlabel="latency from the intended start", ylabel="requests")
    found = record["overall"]["percentiles_ms"]
    for level, name in enumerate(_MARKED):
        value = found[name]["value"]
        axes.axvline(value, color=theme.INK, linewidth=1, linestyle=(0, (3, 2)))
        right = value < edges[0] * (edges[-1] / edges[0]) ** 0.72
        axes.annotate(
            f"{name} {milliseconds(value)}",
            (value, top * (1.25 - 0.12 * level)),
            xytext=(4 if right else -4, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
            color=theme.INK,
            bbox={"facecolor": theme.CARD, "edgecolor": "none", "pad": 1.0},
        )
    said = ", ".join(f"{name} {milliseconds(found[name]['value'])}" for name in _MARKED)
    description = f"Histogram of {record['overall']['requests']} requests: {said}."
    return theme.svg(
        figure, name="distribution", title="Distribution of latency", description=description
    )


def over_time(record: RunRecord, thresholds_s: Sequence[float]) -> str | None:
    """Return p50, p95 and p99 of each slice of the run, with the objectives' limits in reach."""
    slices = [part for part in record["timeline"] if part["p50_ms"] is not None]
    if not slices:
        return None
    figure, axes = theme.canvas()
    middle = [(part["begin_s"] + part["end_s"]) / 2 for part in slices]
    for name, colour, style in (
        ("p99", theme.SECOND, (0, (1, 1.5))),
        ("p95", theme.SECOND, "-"),
        ("p50", theme.FIRST, "-"),
    ):
        values = [part[f"{name}_ms"] for part in slices]
        axes.plot(middle, values, color=colour, linestyle=style, label=name)
    axes.set_yscale("log")
    _latency_axis(axes.yaxis)
    highest = max(part["p99_ms"] for part in slices)
    for threshold_s in thresholds_s:
        if threshold_s * 1000 <= highest * 20:
            axes.axhline(threshold_s * 1000, color=theme.BAD, linewidth=1.2)
            axes.annotate(
                f"objective {threshold_s:g} s",
                (0.995, threshold_s * 1000),
                xycoords=("axes fraction", "data"),
                ha="right",
                va="bottom",
                color=theme.BAD,
            )
    theme.seconds_axis(axes, 0, record["config"]["duration_s"])
    theme.legend_above(axes, 3)
    worst = max(slices, key=lambda part: part["p95_ms"])
    description = (
        f"p50, p95 and p99 over the run; the highest p95 is {milliseconds(worst['p95_ms'])}, "
        f"{worst['begin_s']:.0f} s into it."
    )
    return theme.svg(figure, name="overtime", title="Latency over time", description=description)


def heat_map(record: RunRecord) -> str | None:
    """Return how many requests took how long, when; darker is more."""
    data = record["heat_map"]
    counts = np.asarray(data["counts"])
    if not counts.size or not counts.sum():
        return None
    times, edges = np.asarray(data["time_edges_s"]), np.asarray(data["latency_edges_ms"])
    figure, axes = theme.canvas()
    shade(axes, times, edges, counts)
    axes.set(yscale="log", ylim=(edges[0], edges[-1]), ylabel="latency")
    _latency_axis(axes.yaxis)
    axes.grid(visible=False)
    theme.seconds_axis(axes, times[0], times[-1])
    row = int(np.argmax(counts.sum(axis=1)))
    description = (
        f"Requests by time and latency; most took {milliseconds(edges[row])} to "
        f"{milliseconds(edges[row + 1])}."
    )
    return theme.svg(figure, name="heat", title="Latency heat map", description=description)


def _latency_axis(axis: Axis) -> None:
    low, high = axis.get_view_interval()
    wide = low > 0 and high / low > _WIDE
    subs = (1.0,) if wide else (1.0, 2.0, 5.0)
    theme.ticks(axis, LogLocator(subs=subs, numticks=9), milliseconds)
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
