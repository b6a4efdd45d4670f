"""Panels stand side by side in 24 columns."""

from collections.abc import Iterator
from itertools import combinations

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.grid import COLUMNS
from dashboards.problem import Finding


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want every panel inside the grid and none over another of the same row."""
    placed = [
        (panel, panel.place)
        for panel in dashboard.panels
        if panel.place is not None and not panel.is_copy
    ]
    for panel, place in placed:
        if not (place.x >= 0 and place.width >= 1 and place.x + place.width <= COLUMNS):
            yield Finding(
                f"covers columns {place.x} to {place.x + place.width} of {COLUMNS}",
                "move it or make it narrower",
                panel.title,
            )
    for (first, one), (second, other) in combinations(placed, 2):
        if first.group == second.group and one.overlaps(other):
            yield Finding(f"overlaps {first.title!r}", "move one of them", second.title)
