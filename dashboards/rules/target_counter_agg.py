"""A counter says nothing by itself: only how fast it grows does."""

from collections.abc import Iterator

import promql_parser as promql

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import is_recorded, parsed_targets
from slo.series import Node, children

_GROWTH = frozenset({"rate", "irate", "increase", "resets", "changes", "absent", "count_over_time"})
_COUNTS_SERIES = frozenset({"count", "group"})


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want rate, irate or increase around every series whose name ends in _total."""
    for panel, target, tree in parsed_targets(dashboard):
        for metric in sorted(set(_bare_counters(tree, grown=False))):
            yield Finding(
                f"shows the counter {metric} as it is",
                f"write rate({metric}[$__rate_interval])",
                panel.title,
                target.ref,
            )


def _bare_counters(node: Node, *, grown: bool) -> Iterator[str]:
    if isinstance(node, promql.Call):
        grown = grown or node.func.name in _GROWTH
    elif isinstance(node, promql.AggregateExpr):
        grown = grown or str(node.op).lower() in _COUNTS_SERIES
    elif isinstance(node, promql.VectorSelector):
        name = node.name or ""
        if not grown and name.endswith("_total") and not is_recorded(name):
            yield name
    for child in children(node):
        yield from _bare_counters(child, grown=grown)
