"""promql/fragile: an alert whose series come and go with each other's values never holds."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import SETS, Node

NAME: Final = "promql/fragile"
_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield choices among series whose labels reach an alert: each change of place ends it."""
    del around
    if not subject.is_alert or subject.tree is None:
        return
    for node in _sources(subject.tree):
        if node.kind == "aggregate" and node.name in _CHOOSING:
            yield subject.problem(
                NAME, f"{node.name} gives other series as soon as values change places, and the"
                " alert begins anew", "compare all of them with the limit", fragment=node.text,
                level=Level.WARNING,
            )  # fmt: skip


def _sources(node: Node) -> Iterator[Node]:
    """Yield the nodes whose labels the result has."""
    node = node.bare()
    yield node
    if node.kind == "aggregate" and node.name in _CHOOSING:
        return
    if node.kind == "binary":
        if node.name == "or":
            sides = node.kids
        elif node.name in SETS or node.card == "left":
            sides = node.kids[:1]
        else:
            sides = node.kids[1:] if node.card == "right" else node.kids
        for side in sides:
            yield from _sources(side)
    elif node.kind in {"call", "unary"}:
        for kid in node.kids:
            yield from _sources(kid)
