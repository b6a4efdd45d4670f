"""promql/empty: a share whose part is no series at all while all is well, or while all is lost."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.bounds import is_part
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node

NAME: Final = "promql/empty"
_COUNTING: Final = frozenset({"count", "sum"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield shares that are missing where they should be 0.

    An alert above a limit is none the worse for it; a recorded share, one below a limit and one
    that is taken from 1 are.
    """
    del around
    for node in subject.nodes:
        if node.kind == "binary" and node.name == "-":
            yield from _difference(subject, node)
        if node.kind != "binary" or node.name != "/" or not _matters(subject, node):
            continue
        part, whole = node.kids[0].bare(), node.kids[1].bare()
        if _counts_what_holds(part) or (is_part(part, whole) and _chooses(part, whole)):
            yield subject.problem(
                NAME, "without a series of the part there is no share, where it should be 0",
                "add `or` and a zero: (… or 0 * whole) / whole", fragment=node.text,
                level=Level.WARNING,
            )  # fmt: skip


def _difference(subject: Subject, node: Node) -> Iterator[Problem]:
    whole, part = node.kids[0].bare(), node.kids[1].bare()
    if is_part(part, whole) and _chooses(part, whole) and whole.kind == "aggregate":
        yield subject.problem(
            NAME, "without a series of the part there is no difference, where it should be all",
            "add `or` and a zero: whole - (part or 0 * whole)", fragment=node.text,
            level=Level.WARNING,
        )  # fmt: skip


def _matters(subject: Subject, node: Node) -> bool:
    """Say whether a missing share differs from one of 0 for what is made of it."""
    if not subject.is_alert:
        return True
    above, below = node.up, node
    while above is not None:
        if above.kind == "binary" and above.name == "-" and above.kids[1] is below:
            return True
        if above.is_asking():
            return _is_below(above, below) and _counts_what_holds(node.kids[0].bare())
        below, above = above, above.up
    return False


def _is_below(above: Node, below: Node) -> bool:
    return above.name in ({"<", "<="} if above.kids[0] is below else {">", ">="})


def _counts_what_holds(node: Node) -> bool:
    """Say whether it counts the series for which a comparison holds: of none, nothing is left."""
    if node.kind != "aggregate" or node.name not in _COUNTING:
        return False
    return node.kids[-1].bare().is_asking()


def _chooses(part: Node, whole: Node) -> bool:
    """Say whether the part asks for values of a label that the whole does not."""
    mine = {each for node in part.walk() if node.kind == "vector" for each in node.matchers}
    others = {each for node in whole.walk() if node.kind == "vector" for each in node.matchers}
    return any(op in {"=", "=~"} and label != "le" for label, op, _ in mine - others)
