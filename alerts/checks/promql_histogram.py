"""promql/histogram: a quantile is taken of buckets that still say where they end."""

from collections.abc import Iterator
from typing import Final

import promql_parser as promql

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject
from slo.series import Node, nodes

NAME: Final = "promql/histogram"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield quantiles of what has lost its label `le`: they are always empty."""
    del around
    for node in nodes(subject.tree):
        if isinstance(node, promql.Call) and node.func.name == "histogram_quantile":
            aggregate = _outermost(node.args[1])
            if aggregate is not None and not _keeps_le(aggregate):
                yield subject.problem(
                    NAME, "the quantile of buckets without `le` is always empty",
                    "aggregate by (le, ...)", fragment=str(aggregate.prettify()),
                )  # fmt: skip


def _outermost(node: Node) -> Node:
    """Return the aggregation that the quantile is taken of, if it is one of classic buckets."""
    while isinstance(node, promql.ParenExpr):
        node = node.expr
    if not isinstance(node, promql.AggregateExpr):
        return None
    names = [each.name or "" for each in nodes(node) if isinstance(each, promql.VectorSelector)]
    # A native histogram has no buckets as series of their own, and needs no `le`.
    return node if any("bucket" in name for name in names) else None


def _keeps_le(node: Node) -> bool:
    if node.modifier is None:
        return False
    by = str(node.modifier.type).endswith("By")
    return ("le" in node.modifier.labels) is by
