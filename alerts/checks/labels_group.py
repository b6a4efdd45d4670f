"""labels/group: group_left and group_right take labels from the side that has them."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import is_one_a_group, kept, surely
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import SETS, Node

NAME: Final = "labels/group"
_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield labels that the side of one does not have, and sides that stand the wrong way round."""
    del around
    for node in subject.nodes:
        if node.kind == "binary" and node.card == "one" and node.on and node.labels:
            yield from _several(subject, node)
        if node.kind != "binary" or node.card == "one":
            continue
        many, one = node.kids if node.card == "left" else reversed(node.kids)
        word = f"group_{node.card}"
        left = kept(one)
        lost = [label for label in node.group_labels if not left.has(label)]
        if lost:
            yield subject.problem(
                NAME, f"{word} takes {', '.join(lost)} from a side that has lost it",
                "aggregate that side by it, too", fragment=node.text,
            )  # fmt: skip
        if node.on is not None and not node.on:
            continue
        if not is_one_a_group(many, node.labels) or node.group_labels:
            continue
        if is_one_a_group(one, node.labels):
            yield subject.problem(
                NAME, f"both sides have one series each, so that there are none for {word}",
                f"leave out {word}", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip
        elif not _may_be_one(one):
            yield subject.problem(
                NAME, f"{word} says that the aggregated side is the many",
                f"write group_{'right' if node.card == 'left' else 'left'}", fragment=node.text,
                level=Level.WARNING,
            )  # fmt: skip


def _several(subject: Subject, node: Node) -> Iterator[Problem]:
    """Yield sides of which every instance is matched by what does not tell instances apart."""
    if node.name in SETS or "instance" in node.labels:
        return
    for side, word in zip(node.kids, ("left", "right"), strict=True):
        other = node.kids[1 if word == "left" else 0]
        if "instance" in surely(side) and is_one_a_group(other, node.labels):
            yield subject.problem(
                NAME, "as soon as there are two instances, several series of a side match",
                f"write group_{word}, or aggregate that side", fragment=node.text,
                level=Level.WARNING,
            )  # fmt: skip


def _may_be_one(node: Node) -> bool:
    """Say whether a side may have one series a group: chosen, aggregated, or a metric of facts."""
    inner = node.bare()
    names = [each.name for each in inner.walk() if each.kind == "vector"]
    facts = all(each.endswith(("_info", "_owner", "_labels")) or ":" in each for each in names)
    return facts or inner.kind == "aggregate"
