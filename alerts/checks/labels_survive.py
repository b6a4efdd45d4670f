"""labels/survive: a label that a text shows is still there after aggregation."""

import re
from collections.abc import Iterator
from typing import Any, Final

import promql_parser as promql

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "labels/survive"
_SHOWN: Final = re.compile(r"\$labels\.(\w+)")


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield labels that the texts show and the expression has dropped."""
    del around
    if subject.tree is None or not subject.is_alert:
        return
    kept = _kept(subject.tree)
    own = set(subject.body.get("labels") or {})
    for key, text in (subject.body.get("annotations") or {}).items():
        for label in _SHOWN.findall(str(text)):
            if kept is not None and label not in kept | own:
                yield subject.problem(
                    NAME, f"{key} shows a label that the expression drops",
                    "aggregate by it, or leave it out", fragment=f"$labels.{label}",
                )  # fmt: skip


def _kept(node: Any) -> frozenset[str] | None:
    """Return the labels that are left, or None when they are not known."""
    if isinstance(node, promql.ParenExpr):
        return _kept(node.expr)
    if isinstance(node, promql.AggregateExpr):
        if node.modifier is None:
            return frozenset()
        by = str(node.modifier.type).endswith("By")
        return frozenset(node.modifier.labels) if by else None
    if isinstance(node, promql.BinaryExpr):
        many_right = node.modifier is not None and str(node.modifier.card).endswith("OneToMany")
        left = _kept(node.rhs if many_right else node.lhs)
        if str(node.op) == "or" and left is not None:
            right = _kept(node.rhs)
            return None if right is None else left | right
        return left
    return None
