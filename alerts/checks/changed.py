"""Which rules differ from those of an earlier state of the same files."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Subject

REMOVED: Final = "rules/removed"
Place = tuple[str, int]
"""File and line of a rule."""


def changed_rules(now: Iterable[Subject], before: Iterable[Subject]) -> frozenset[Place]:
    """Return the places of rules that are new, or no longer what they were."""
    old = {_print(each) for each in before}
    return frozenset((each.file, each.line) for each in now if _print(each) not in old)


def _print(subject: Subject) -> str:
    """Return all that decides what a rule does."""
    return json.dumps([subject.group.interval, subject.body], sort_keys=True)


def removed_records(now: Iterable[Subject], before: Iterable[Subject]) -> Iterator[Problem]:
    """Yield rules that read a series which an earlier state recorded and this one does not."""
    rules = tuple(now)
    there = {each.name for each in rules if not each.is_alert}
    gone = {each.name for each in before if not each.is_alert} - there
    for each in rules:
        for name in dict.fromkeys(node.name for node in each.vectors()):
            if name in gone:
                yield each.problem(
                    REMOVED, f"{name} is no longer recorded", "record it, or read something else",
                    fragment=name, level=Level.WARNING,
                )  # fmt: skip
