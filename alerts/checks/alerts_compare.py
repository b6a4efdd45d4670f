"""alerts/compare: an alert asks something; a value alone fires whatever it is."""

from collections.abc import Iterator
from typing import Final

import promql_parser as promql

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from slo.series import Node, nodes

NAME: Final = "alerts/compare"
_ASKING: Final = frozenset({"==", "!=", ">", "<", ">=", "<=", "unless", "and"})
_ABSENCE: Final = frozenset({"absent", "absent_over_time", "vector"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield alerts that fire as soon as their series exist."""
    if not subject.is_alert:
        return
    for node in nodes(subject.tree):
        if isinstance(node, promql.BinaryExpr) and _asks(node):
            return
        if isinstance(node, promql.Call) and node.func.name in _ABSENCE:
            return
        # A recorded series may hold the comparison, and so may the synthetic ones.
        if isinstance(node, promql.VectorSelector):
            name = node.name or ""
            if ":" in name or name.startswith("ALERTS") or name in around.recorded:
                return
    yield subject.problem(
        NAME, "it compares nothing, so it fires whatever the value is", "compare with a limit",
        fragment=subject.expr, level=Level.WARNING,
    )  # fmt: skip


def _asks(node: Node) -> bool:
    """Say whether an operator leaves out what does not hold; with `bool` it gives 0 instead."""
    return str(node.op) in _ASKING and not (node.modifier and node.modifier.return_bool)
