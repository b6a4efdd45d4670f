"""What was scheduled, what finished, what failed, over the run."""

from kit.charts import theme
from kit.charts.record import RunRecord


def throughput(record: RunRecord) -> str | None:
    """Return rates over time against the schedule; None for a run without a slice.

    Answers count when they came, so that a stall is a gap and what it held back is a peak.
    """
    slices = record["timeline"]
    if not slices:
        return None
    edges = [slices[0]["begin_s"], *(part["end_s"] for part in slices)]
    slices = [{**part, "answers": part.get("answers", part["finished"])} for part in slices]
    rates = {
        name: [part[name] / (part["end_s"] - part["begin_s"]) for part in slices]
        for name in ("scheduled", "answers", "failed")
    }
    figure, axes = theme.canvas()
    axes.stairs(rates["answers"], edges, fill=True, color=theme.FIRST, alpha=0.25, linewidth=0)
    axes.stairs(rates["answers"], edges, color=theme.FIRST, label="answered", linewidth=1.8)
    axes.stairs(
        rates["scheduled"], edges, color=theme.INK, label="scheduled", linewidth=1.2,
        linestyle=(0, (3, 2)), baseline=None,
    )  # fmt: skip
    if any(rates["failed"]):
        axes.stairs(rates["failed"], edges, fill=True, color=theme.BAD, label="failed")
    top = max(*rates["scheduled"], *rates["answers"], 1)
    axes.set(ylim=(0, top * 1.15), ylabel="requests a second")
    theme.seconds_axis(axes, edges[0], edges[-1])
    theme.legend_above(axes, 3)
    account = record["account"]
    description = (
        f"{account['scheduled']} requests scheduled, {account['finished']} finished, "
        f"{record['overall']['failed']} failed, {account['dropped']} dropped."
    )
    return theme.svg(
        figure, name="throughput", title="Throughput against the schedule", description=description
    )
