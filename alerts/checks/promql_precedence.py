"""promql/precedence: parentheses say what belongs together, not a table of operators."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node, shape

NAME: Final = "promql/precedence"
_TIGHTER: Final = frozenset({"and", "unless"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield `or` beside `and` or `unless`, and a difference whose share is taken of a part."""
    del around
    for node in subject.nodes:
        if node.kind != "binary":
            continue
        if node.name == "or":
            tied = [side for side in node.kids if side.kind == "binary" and side.name in _TIGHTER]
            if len(tied) == 1:  # of two, each side of `or` reads as one anyway
                yield subject.problem(
                    NAME, f"`{tied[0].name}` binds tighter than `or`",
                    "put in parentheses what belongs together", fragment=node.text,
                    level=Level.WARNING,
                )  # fmt: skip
        elif node.name == "and" and node.kids[0].kind == "binary" and node.kids[0].name == "unless":
            yield subject.problem(
                NAME, "`and` asks of what `unless` has left, and not of its right side",
                "put in parentheses what belongs together", fragment=node.text,
                level=Level.WARNING,
            )  # fmt: skip
        elif node.name in {"-", "+"} and (_is_share_of_part(node) or _is_half_a_share(node)):
            yield subject.problem(
                NAME, "`/` binds tighter, so that only the last part is divided",
                "put the difference in parentheses", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip


def _is_share_of_part(node: Node) -> bool:
    """Say whether it is `a - b / a`: a share is taken from what it is a share of."""
    left, right = node.kids
    if right.kind == "binary" and right.name == "*":
        right = right.kids[0]
    if right.kind != "binary" or right.name != "/":
        return False
    below = right.kids[1].bare()
    return below.kind != "number" and left.bare().text == below.text


def _is_half_a_share(node: Node) -> bool:
    """Say whether it is `a + b / c`: what is added to a share is none itself."""
    left, right = node.kids
    if right.kind != "binary" or right.name != "/" or shape(left) == "scalar":
        return False
    vectors = shape(right.kids[0]) == shape(right.kids[1]) == "vector"
    shares = any(each.kind == "binary" and each.name == "/" for each in left.walk())
    return vectors and not shares and left.bare().kind not in {"vector", "number"}
