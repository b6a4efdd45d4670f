"""promql/rate: `rate` before `sum`, of counters only, and never a counter without it."""

import re
from collections.abc import Iterator
from typing import Final

import promql_parser as promql

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from slo.catalogue import Kind
from slo.series import Node, nodes

NAME: Final = "promql/rate"
_RATES: Final = frozenset({"rate", "irate", "increase"})
_RECORDED: Final = re.compile(r":i?rate\d*[a-z]*$")
"""A recorded series is named level:metric:operations, the newest operation first or last."""
_COUNTS: Final = frozenset({"absent", "absent_over_time", "count_over_time", "present_over_time",
                            "changes", "resets", "timestamp"})  # fmt: skip


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield misuses of rates."""
    used = set[int]()
    for node in nodes(subject.tree):
        if isinstance(node, promql.Call):
            yield from _call(subject, around, node)
        if _consumes(node):
            used |= {_key(child) for child in nodes(node)}
    for node in nodes(subject.tree):
        if not isinstance(node, promql.VectorSelector) or _key(node) in used:
            continue
        if _only_grows(node.name or "", around):
            yield subject.problem(
                NAME, f"{node.name} only ever grows", "take its rate first",
                fragment=str(node.prettify()), level=Level.WARNING,
            )  # fmt: skip


def _only_grows(name: str, around: Around) -> bool:
    """Say whether a series is a counter's; of those not known here the name tells."""
    metric = around.metrics.get(name)
    if metric is not None:
        return metric.kind is not Kind.GAUGE
    return name.endswith("_total") and name not in around.recorded


def _consumes(node: Node) -> bool:
    if isinstance(node, promql.Call):
        return node.func.name in _RATES | _COUNTS
    return isinstance(node, promql.AggregateExpr) and str(node.op) in {"count", "group"}


def _call(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    if node.func.name not in _RATES:
        return
    if node.func.name == "irate" and subject.is_alert:
        yield subject.problem(
            NAME, "irate looks at two samples only, so that one lucky pair ends the alert",
            "use rate", fragment=str(node.prettify()), level=Level.WARNING,
        )  # fmt: skip
    for child in nodes(node.args[0]):
        if isinstance(child, promql.AggregateExpr):
            yield subject.problem(
                NAME, "a rate of a sum takes a restarted instance for a reset of all",
                f"sum({node.func.name}(...)) instead", fragment=str(node.prettify()),
            )  # fmt: skip
        elif isinstance(child, promql.VectorSelector) and _RECORDED.search(child.name or ""):
            yield subject.problem(
                NAME, f"{child.name} is a rate already", "use avg_over_time",
                fragment=str(node.prettify()),
            )  # fmt: skip
        elif isinstance(child, promql.VectorSelector):
            metric = around.metrics.get(child.name or "")
            if metric is not None and metric.kind is Kind.GAUGE:
                yield subject.problem(
                    NAME, f"{child.name} is a gauge", "use delta, deriv or avg_over_time",
                    fragment=str(node.prettify()),
                )  # fmt: skip


def _key(node: Node) -> int:
    # The parser makes a new wrapper at each access; what it prints tells nodes apart well enough.
    return hash(node.prettify())
