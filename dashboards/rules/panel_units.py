"""A number without a unit is read wrong at night."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.units import is_unit

_WITH_UNITS = frozenset({"stat", "singlestat", "graph", "table", "timeseries", "gauge", "bargauge"})


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want a unit that Grafana knows, for the panel or for each column."""
    for panel in dashboard.panels:
        if panel.kind not in _WITH_UNITS or not panel.targets:
            continue
        for unit in (panel.unit, *panel.units_by_column.values()):
            if unit and not is_unit(unit):
                yield Finding(
                    f"has the unit {unit!r}, which Grafana does not know",
                    "take an id from Grafana's list, or prefix it with `suffix:`",
                    panel.title,
                )
        if not panel.unit:
            yield Finding("has no unit", "set one; `short` and `none` are units too", panel.title)
