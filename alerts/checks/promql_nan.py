"""promql/nan: a value that is not a number, or infinite, by how the expression is built."""

import math
from collections.abc import Iterator
from typing import Final

from alerts.checks.bounds import bounds
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import COMPARISONS, Node

NAME: Final = "promql/nan"
_LOGARITHMS: Final = frozenset({"ln", "log2", "log10"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield comparisons with NaN, divisions by what is always zero, roots of what is below it."""
    for node in subject.nodes:
        if node.kind == "binary":
            yield from _binary(subject, around, node)
        elif node.kind == "call" and node.name == "scalar" and _is_many(node.kids[0].bare()):
            yield subject.problem(
                NAME, "a scalar of more than one series is no number", "aggregate it first",
                fragment=node.text, level=Level.WARNING,
            )  # fmt: skip
        elif node.kind == "call" and node.name in {"sqrt", *_LOGARITHMS}:
            yield from _of_less(subject, node, bounds(node.kids[0], around).high)


def _of_less(subject: Subject, node: Node, highest: float) -> Iterator[Problem]:
    """Yield a root of what is below zero, and a logarithm of what is never above it."""
    if highest < 0 or (highest == 0 and node.name in _LOGARITHMS):
        yield subject.problem(
            NAME, f"the {node.name} of what is below zero is not a number",
            "correct the expression", fragment=node.text,
        )  # fmt: skip


def _binary(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    if node.name in COMPARISONS:
        if any(
            side.bare().kind == "number" and math.isnan(side.bare().value) for side in node.kids
        ):
            yield subject.problem(
                NAME, "nothing is greater than, less than or equal to NaN",
                "x != x is true where x is NaN", fragment=node.text,
            )  # fmt: skip
        return
    if node.name not in {"/", "%"}:
        return
    below = node.kids[1].bare()
    found = bounds(below, around)
    if (found.is_number and found.low == 0) or _is_nothing(below):
        yield subject.problem(
            NAME, "it divides by what is always zero", "divide by something else",
            fragment=node.text,
        )  # fmt: skip
    elif below.kind == "binary" and below.name == "or" and _is_zero(below.kids[1].bare(), around):
        yield subject.problem(
            NAME, "where the divisor is missing it is zero, and the result is no number",
            "leave out the zero: no divisor, no result", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip


def _is_many(node: Node) -> bool:
    """Say whether nothing has made one series of what may be any number of them."""
    while node.kind in {"call", "matrix", "unary", "paren"} and node.kids:
        node = node.kids[-1] if node.name == "histogram_quantile" else node.kids[0]
    if node.kind == "aggregate" and node.by:
        return any(not _is_one_value(node, label) for label in node.labels)
    return node.kind == "vector" and not node.matchers and ":" not in node.name


def _is_one_value(node: Node, label: str) -> bool:
    """Say whether all that is read below has the same value of a label."""
    return any(
        name == label and op == "="
        for each in node.walk() if each.kind == "vector"
        for name, op, _ in each.matchers
    )  # fmt: skip


def _is_zero(node: Node, around: Around) -> bool:
    found = bounds(node, around)
    return found.is_number and found.low == 0


def _is_nothing(node: Node) -> bool:
    """Say whether something is taken from itself, or multiplied by zero."""
    if node.kind != "binary":
        return False
    left, right = node.kids[0].bare(), node.kids[1].bare()
    if node.name == "-":
        return left.text == right.text
    numbers = [each.value for each in (left, right) if each.kind == "number"]
    return node.name == "*" and 0.0 in numbers
