"""labels/match: both sides of an operator have the labels by which they are matched."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import Kept, kept, surely
from alerts.checks.problem import Level, Problem
from alerts.checks.rules_duplicate import are_apart
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node, shape

NAME: Final = "labels/match"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield operators whose sides never match: their result is always empty."""
    del around
    for node in subject.nodes:
        if node.kind != "binary" or node.name == "or":
            continue
        left, right = node.kids
        if "scalar" in {shape(left), shape(right)}:
            continue
        apart, level = _apart(node, kept(left), kept(right)), Level.ERROR
        if not apart:
            apart, level = _scraped_apart(node, left, right), Level.WARNING
        if not apart and (differing := _values_apart(node, left, right)):
            yield subject.problem(
                NAME, f"the two sides have no value of {', '.join(differing)} in common, so that"
                " nothing matches", "match by the labels that they share: on(...)",
                fragment=node.text, level=Level.WARNING if node.name == "unless" else Level.ERROR,
            )  # fmt: skip
        if apart:
            yield subject.problem(
                NAME, f"only one side has {', '.join(sorted(apart))}, so that nothing matches",
                "aggregate both by the same labels, or add on(...)", fragment=node.text,
                level=level,
            )  # fmt: skip


def _apart(node: Node, left: Kept, right: Kept) -> frozenset[str]:
    """Return the labels of the match that surely only one side has."""
    if node.on:
        # A side that may have any label may as well have none of that name.
        both_known = not left.others and not right.others
        return frozenset(
            label for label in node.labels if both_known and left.has(label) != right.has(label)
        )
    if left.others or right.others:
        return frozenset()
    return (left.named ^ right.named) - frozenset(node.labels)


def _values_apart(node: Node, left: Node, right: Node) -> tuple[str, ...]:
    """Return the labels of the match of which the sides ask for values that differ."""
    if not (_is_plain(left) and _is_plain(right)):
        return ()
    mine = [each for each in left.walk() if each.kind == "vector"]
    theirs = [each for each in right.walk() if each.kind == "vector"]
    asked = {label for each in mine for label, _, _ in each.matchers}
    return tuple(
        label
        for label in sorted(asked)
        if (label in node.labels) is bool(node.on)
        and kept(left).has(label)
        and kept(right).has(label)
        and all(
            any(
                are_apart(one, other)
                for one in here.matchers
                for other in there.matchers
                if one[0] == other[0] == label
            )
            for here in mine
            for there in theirs
        )
    )


def _is_plain(node: Node) -> bool:
    """Say whether the labels of its selectors reach its result as they are."""
    changing = {"label_replace", "label_join", "info", "absent", "absent_over_time", "vector"}
    return not any(
        (each.kind == "call" and each.name in changing)
        or (each.kind == "binary" and (each.group_labels or each.name in {"or", "unless"}))
        for each in node.walk()
    )


def _scraped_apart(node: Node, left: Node, right: Node) -> frozenset[str]:
    """Return the labels of every scraped series that one side has, and the other lost."""
    has, may = (surely(left), surely(right)), (kept(left), kept(right))
    asked = frozenset(node.labels)
    for this, other in ((has[0], may[1]), (has[1], may[0])):
        wanted = this & asked if node.on else this - asked
        lost = frozenset(label for label in wanted if not other.has(label))
        if node.on and not lost and not other.others:
            # Whoever matches by a label on purpose has it on the other side.
            lost = frozenset(label for label in asked if not other.has(label))
        if lost:
            return lost
    return frozenset()
