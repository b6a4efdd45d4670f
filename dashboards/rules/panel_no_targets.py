"""A panel that asks nothing shows nothing."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import DATA_PANELS


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want a query on every panel that shows data."""
    for panel in dashboard.panels:
        if panel.kind in DATA_PANELS and not panel.targets:
            yield Finding("has no query", "add one or remove the panel", panel.title)
