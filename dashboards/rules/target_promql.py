"""Every query is PromQL."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import is_surely_prometheus, parse, prometheus_targets


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want every expression to parse once its variables are filled in."""
    for panel, target in prometheus_targets(dashboard):
        try:
            parse(dashboard, target.expr)
        except ValueError as err:
            yield Finding(
                f"{target.expr!r} is not PromQL: {err}",
                "fix the expression",
                panel.title,
                target.ref,
                unsure=not is_surely_prometheus(target.source or panel.source),
            )
