"""A panel says what it shows and what good looks like."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import DATA_PANELS


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want a title and a description on every panel that shows data."""
    for number, panel in enumerate(dashboard.panels, start=1):
        if panel.kind not in DATA_PANELS:
            continue
        if not panel.title.strip():
            yield Finding("has no title", "say in three words what it shows", f"number {number}")
        if not panel.description.strip():
            yield Finding(
                "has no description", "say what good looks like and what to do", panel.title
            )
