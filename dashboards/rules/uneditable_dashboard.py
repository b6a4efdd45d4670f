"""A dashboard that is generated is not edited by hand."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want `editable: false`."""
    if dashboard.editable:
        yield Finding(
            "can be edited in the browser, where the next deploy undoes it",
            "set `editable` to false",
        )
