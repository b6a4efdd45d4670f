"""What a climb of rates was served, beside the scalability law that was fitted to it."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from kit.charts import theme
from kit.charts.record import RunRecord

_COLOURS: Final = {"PASS": theme.GOOD, "FAIL": theme.BAD}


def scaling(record: RunRecord) -> str | None:
    """Return requests served a second by requests in flight; None for a run without a climb."""
    capacity = record.get("capacity")
    if not capacity or not capacity["steps"]:
        return None
    figure, axes = theme.canvas()
    steps = capacity["steps"]
    for verdict in dict.fromkeys(step["verdict"] for step in steps):
        mine = [step for step in steps if step["verdict"] == verdict]
        axes.scatter(
            [step["in_flight"] for step in mine],
            [step["served_per_s"] for step in mine],
            color=_COLOURS.get(verdict, theme.WARN),
            label=verdict,
            zorder=3,
        )
    widest = max(step["in_flight"] for step in steps) * 1.15
    _draw_law(axes, capacity, widest)
    safe = capacity["safe_per_s"]
    if safe is not None:
        axes.axhline(safe, color=theme.GOOD, linewidth=1.2, linestyle=(0, (5, 3)), label="safe")
    axes.set(
        xlim=(0, widest),
        ylim=(0, None),
        xlabel="requests in flight",
        ylabel="served a second",
    )
    theme.legend_above(axes, 4)
    said = "no step met every objective" if safe is None else f"safe up to {safe:g} a second"
    return theme.svg(
        figure,
        name="scaling",
        title="What it can take",
        description=f"{len(steps)} steps of a climb with the fitted scalability law; {said}.",
    )


def _draw_law(axes: Axes, capacity: RunRecord, widest: float) -> None:
    """Draw rate N / (1 + contention (N - 1) + coherency N (N - 1)) where it was fitted."""
    law = [capacity[name] for name in ("rate", "contention", "coherency")]
    if any(one is None for one in law):
        return
    rate, contention, coherency = (one["value"] for one in law)
    n = np.linspace(widest / 200, widest, 200)
    served = rate * n / (1 + contention * (n - 1) + coherency * n * (n - 1))
    axes.plot(n, served, color=theme.FIRST, label="fitted law")
