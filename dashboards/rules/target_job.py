"""Queries follow the chosen job."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.rules.shared import target_matcher


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want job=~"$job" on every series."""
    return target_matcher(dashboard, "job")
