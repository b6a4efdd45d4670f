"""Choices are looked up again when the time range changes, or they miss what came and went."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding

_ON_TIME_RANGE_CHANGED = 2


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want every query variable to refresh when the time range changes."""
    for variable in dashboard.variables:
        if variable.kind == "query" and variable.refresh != _ON_TIME_RANGE_CHANGED:
            yield Finding(
                f"variable {variable.name!r} is not refreshed when the time range changes",
                "set its refresh to `On time range change`",
            )
