"""alerts/service: a rule looks at its own service's alerts, and at no other team's."""

from collections.abc import Iterator
from typing import Final

import promql_parser as promql

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from slo.series import Node, children

NAME: Final = "alerts/service"
_READ: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
_SCOPES: Final = frozenset({"service", "job", "namespace"})
"""Labels by which teams that share a Prometheus tell their alerts apart."""
_ASKING: Final = frozenset({"MatchOp.Equal", "MatchOp.Re"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield selectors of alerts that anybody's alert of the same name matches.

    It is enough that an operator matches both of its sides by such a label.
    """
    level = Level.ERROR if around.pages is not None else Level.WARNING
    for node in _unscoped(subject.tree):
        yield subject.problem(
            NAME, "another team's alert of the same name, in the same Prometheus, counts here, too",
            'add service="…", or job="…"', fragment=str(node.prettify()), level=level,
        )  # fmt: skip


def _unscoped(node: Node) -> Iterator[Node]:
    """Yield the selectors of alerts that neither name a scope nor are below one that does."""
    if isinstance(node, promql.BinaryExpr) and _matched_by(node) & _SCOPES:
        return
    if isinstance(node, promql.VectorSelector) and node.name in _READ and not _names_one(node):
        yield node
    for child in children(node):
        yield from _unscoped(child)


def _matched_by(node: Node) -> frozenset[str]:
    matching = node.modifier.matching if node.modifier else None
    if matching is None or not str(matching.type).endswith("Include"):
        return frozenset()
    return frozenset(matching.labels)


def _names_one(node: Node) -> bool:
    """Say whether a matcher asks for a service, rather than for any or for all but one."""
    return any(
        each.name in _SCOPES and str(each.op) in _ASKING and each.value not in {"", ".*", ".+"}
        for each in node.matchers.matchers
    )
