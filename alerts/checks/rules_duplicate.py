"""rules/duplicate: no alert or recorded series is there twice."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import kept
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "rules/duplicate"
_LITERAL: Final = re.compile(r"[\w|/-]+")


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield a rule that writes what one before it writes already.

    Rules of one name and one set of labels are two rules where what they read is disjoint by a
    label that both leave.
    """
    for first in around.firsts.get(subject.writes, ()):
        if first is subject:
            return
        where = f"{first.file}:{first.line}"
        if _said(first) == _said(subject):
            yield subject.problem(NAME, f"the same as in {where}", "remove or rename one")
            return
        if (level := _clash(first, subject)) is not None:
            yield subject.problem(
                NAME, f"it writes the same series as {where}", "rename one, or add a label",
                level=level,
            )  # fmt: skip
            return


def _said(subject: Subject) -> str:
    return subject.tree.text if subject.tree is not None else subject.expr


def _clash(first: Subject, second: Subject) -> Level | None:
    """Return how surely two rules of different expressions write one series."""
    if first.tree is None or second.tree is None:
        return None
    left, right = kept(first.tree), kept(second.tree)
    if left.others or right.others or left.named != right.named:
        return None
    asked, others = _values(first), _values(second)
    if any(label in left.named and asked[label].isdisjoint(others[label])
           for label in asked.keys() & others.keys()):  # fmt: skip
        return None
    return Level.ERROR if not left.named and not first.is_alert else Level.WARNING


def _values(subject: Subject) -> dict[str, frozenset[str]]:
    """Return by label the only values that all selectors of a rule let through."""
    found: list[dict[str, frozenset[str]]] = []
    for node in subject.vectors():
        one: dict[str, frozenset[str]] = {}
        for label, op, value in node.matchers:
            if op == "=":
                one[label] = frozenset({value})
            elif op == "=~" and _LITERAL.fullmatch(value):
                one[label] = frozenset(value.split("|"))
        found.append(one)
    labels = set.intersection(*(set(each) for each in found)) if found else set()
    return {label: frozenset().union(*(each[label] for each in found)) for label in labels}
