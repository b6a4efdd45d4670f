"""labels/match: both sides of an operator have the labels by which they are matched."""

from collections.abc import Iterator
from typing import Final

import promql_parser as promql

from alerts.checks.kept import Kept, kept
from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject
from slo.series import Node, nodes, shape

NAME: Final = "labels/match"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield operators whose sides never match: their result is always empty."""
    del around
    for node in nodes(subject.tree):
        if not isinstance(node, promql.BinaryExpr) or str(node.op) == "or":
            continue
        if "scalar" in {shape(node.lhs), shape(node.rhs)}:
            continue
        if apart := _apart(node, kept(node.lhs), kept(node.rhs)):
            yield subject.problem(
                NAME, f"only one side has {', '.join(sorted(apart))}, so that nothing matches",
                "aggregate both by the same labels, or add on(...)",
                fragment=str(node.prettify()),
            )  # fmt: skip


def _apart(node: Node, left: Kept, right: Kept) -> frozenset[str]:
    """Return the labels of the match that surely only one side has."""
    matching = node.modifier.matching if node.modifier else None
    if matching is not None and str(matching.type).endswith("Include"):
        # A side that may have any label may as well have none of that name.
        both_known = not left.others and not right.others
        return frozenset(
            label for label in matching.labels if both_known and left.has(label) != right.has(label)
        )
    if left.others or right.others:
        return frozenset()
    ignored = matching.labels if matching is not None else ()
    return (left.named ^ right.named) - frozenset(ignored)
