"""The buckets of a histogram as rows of counts."""

import math
from collections.abc import Sequence

from dashboards.preview.answers import Named
from dashboards.units import write


def heat_rows(
    found: Sequence[Named], unit: str
) -> tuple[list[float], list[str], list[list[float]]]:
    """Return times, labels of the rows, and counts by row and time, the lowest bucket first.

    Prometheus's buckets are cumulative (`le`): a row is what a bucket has over the one below.
    Empty rows above the highest and below the lowest that is used are left out.
    """
    ordered = sorted(
        ((bound, named) for named in found if (bound := _bound(named)) is not None),
        key=lambda pair: pair[0],
    )
    times = sorted({at for _, named in ordered for at in named.times})
    below = [0.0] * len(times)
    rows: list[tuple[str, list[float]]] = []
    for bound, named in ordered:
        at = dict(named.series.samples)
        total = [_number(at.get(time, 0.0)) for time in times]
        counts = [max(0.0, here - under) for here, under in zip(total, below, strict=True)]
        rows.append((f"≤ {write(bound, unit)}" if math.isfinite(bound) else "more", counts))
        below = total
    used = [number for number, (_, counts) in enumerate(rows) if any(counts)]
    if used:
        rows = rows[max(0, used[0] - 1) : used[-1] + 2]
    return times, [label for label, _ in rows], [counts for _, counts in rows]


def _bound(named: Named) -> float | None:
    """Return the upper bound of a bucket, None for a series that is none."""
    try:
        return float(named.series.labels.get("le", ""))
    except ValueError:
        return None


def _number(value: float) -> float:
    return value if math.isfinite(value) else 0.0
