"""A variable chooses the instance."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.rules.shared import target_variable


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want an `instance` variable that can be several or all."""
    return target_variable(dashboard, "instance")
