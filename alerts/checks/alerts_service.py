"""alerts/service: a rule looks at its own service's alerts, and at no other team's."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node

NAME: Final = "alerts/service"
_READ: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
_SCOPES: Final = frozenset({"service", "job", "namespace"})
"""Labels by which teams that share a Prometheus tell their alerts apart."""


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield selectors of alerts that anybody's alert of the same name matches.

    It is enough that an operator matches both of its sides by such a label.
    """
    if subject.tree is None:
        return
    level = Level.ERROR if around.pages is not None else Level.WARNING
    for node in _unscoped(subject.tree):
        yield subject.problem(
            NAME, "another team's alert of the same name, in the same Prometheus, counts here, too",
            'add service="…", or job="…"', fragment=node.text, level=level,
        )  # fmt: skip


def _unscoped(node: Node) -> Iterator[Node]:
    """Yield the selectors of alerts that neither name a scope nor are below one that does."""
    if node.kind == "binary" and node.on and not _SCOPES.isdisjoint(node.labels):
        return
    if node.kind == "vector" and node.name in _READ and not _names_one(node):
        yield node
    for child in node.kids:
        yield from _unscoped(child)


def _names_one(node: Node) -> bool:
    """Say whether a matcher asks for a service, rather than for any or for all but one."""
    return any(
        label in _SCOPES and op in {"=", "=~"} and value not in {"", ".*", ".+"}
        for label, op, value in node.matchers
    )
