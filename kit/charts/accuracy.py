"""Parsing accuracy: by slice, by field, and against the confidence."""

from collections.abc import Sequence

from matplotlib.ticker import PercentFormatter

from kit.charts import theme
from kit.charts.record import RunRecord


def shares(
    items: Sequence[tuple[str, RunRecord]], *, target: float | None, name: str, title: str
) -> str | None:
    """Return a dot with its 95 % interval for each (label, share), the objective as a line."""
    items = [(label, share) for label, share in items if share["ratio"] is not None]
    if not items:
        return None
    figure, axes = theme.canvas(height_in=0.85 + 0.24 * len(items))
    for row, (_, share) in enumerate(items):
        below = target is not None and share["high"] < target
        colour = theme.BAD if below else theme.FIRST
        axes.plot([share["low"], share["high"]], [row, row], color=colour, linewidth=2.2)
        axes.plot([share["ratio"]], [row], "o", color=colour, markersize=5.5)
    if target is not None:
        axes.axvline(target, color=theme.INK, linewidth=1.1, linestyle=(0, (3, 2)))
    axes.set_yticks(range(len(items)), [f"{label}  ({share['cases']})" for label, share in items])
    axes.set_ylim(len(items) - 0.5, -0.5)
    lowest = min([share["low"] for _, share in items] + ([target] if target else []))
    axes.set_xlim(max(lowest - 0.04, 0) if lowest > 0.1 else 0, 1.005)  # noqa: PLR2004 -- near zero: show zero
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.tick_params(axis="y", length=0, labelcolor=theme.INK)
    axes.grid(axis="x", color=theme.GRID)
    axes.grid(axis="y", visible=False)
    said = "; ".join(f"{label} {share['ratio']:.0%} of {share['cases']}" for label, share in items)
    return theme.svg(figure, name=name, title=title, description=f"{title}: {said}.")


def calibration(record: RunRecord) -> str | None:
    """Return how often answers of a confidence are right; on the diagonal it can be believed."""
    bins = record["calibration"]
    if not bins:
        return None
    figure, axes = theme.canvas()
    axes.plot([0, 1], [0, 1], color=theme.MUTED, linewidth=1.1, linestyle=(0, (3, 2)))
    for one in bins:
        x = one["mean_confidence"]
        axes.plot([x, x], [one["low"], one["high"]], color=theme.FIRST, linewidth=1.6, alpha=0.6)
    largest = max(one["cases"] for one in bins)
    axes.scatter(
        [one["mean_confidence"] for one in bins],
        [one["ratio"] for one in bins],
        s=[30 + 120 * one["cases"] / largest for one in bins],
        color=theme.FIRST,
        zorder=3,
        linewidth=0,
    )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set(
        xlim=(0, 1.03),
        ylim=(0, 1.03),
        xlabel="confidence the service stated",
        ylabel="answers that were right",
    )
    said = "; ".join(
        f"at confidence {one['mean_confidence']:.0%}, {one['ratio']:.0%} of {one['cases']} right"
        for one in bins
    )
    return theme.svg(
        figure, name="calibration", title="Confidence against truth", description=f"{said}."
    )
