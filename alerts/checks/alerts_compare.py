"""alerts/compare: an alert asks something; a value alone fires whatever it is."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import COMPARISONS, Node

NAME: Final = "alerts/compare"
_ABSENCE: Final = frozenset({"absent", "absent_over_time", "vector"})
_JOINING: Final = frozenset({"and", "unless"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield alerts that fire as soon as their series exist, and halves of `or` that do."""
    if not subject.is_alert or subject.tree is None:
        return
    for node in subject.nodes:
        if node.kind == "binary" and node.name in _JOINING:
            right = node.kids[1].bare()
            if right.kind == "binary" and right.name in COMPARISONS and right.returns_bool:
                yield subject.problem(
                    NAME, f"with bool the right side of {node.name} is always there",
                    "leave out bool", fragment=node.text, level=Level.WARNING,
                )  # fmt: skip
    branches = tuple(subject.tree.operands("or"))
    for branch in branches:
        if not _asks(branch, around) or (len(branches) > 1 and _is_always_there(branch)):
            yield subject.problem(
                NAME, "it compares nothing, so it fires whatever the value is"
                if len(branches) == 1
                else "this side of `or` compares nothing, so it fires whatever the value is",
                "compare with a limit", fragment=branch.text, level=Level.WARNING,
            )  # fmt: skip


def _is_always_there(branch: Node) -> bool:
    """Say whether it is a number as a vector, which alone is a watchdog, and after `or` a fault."""
    return branch.kind == "call" and branch.name == "vector"


def _asks(tree: Node, around: Around) -> bool:
    for node in tree.walk():
        if node.is_asking() or (node.kind == "binary" and node.name in _JOINING):
            return True
        if node.kind == "call" and node.name in _ABSENCE:
            return True
        # A recorded series may hold the comparison, and so may the synthetic ones.
        if node.kind == "vector" and (
            ":" in node.name or node.name.startswith("ALERTS") or around.is_there(node.name)
        ):
            return True
    return False
