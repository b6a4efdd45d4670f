"""rules/order: what a rule reads of another rule is not an evaluation older than it need be."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Group, Subject
from alerts.checks.tree import Node
from kit.pure.durations import parse_prometheus

NAME: Final = "rules/order"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield recorded series that are written later, or more seldom, than they are read."""
    seen = set[str]()
    for node in subject.vectors():
        writers = around.recorded.get(node.name, ())
        if node.name in seen or ":" not in node.name:
            continue
        seen.add(node.name)
        if not writers:
            yield from _unwritten(subject, around, node)
            continue
        told = [_late(subject, each) for each in writers]
        if any(not each for each in told):
            continue
        yield subject.problem(
            NAME, f"{node.name} is recorded {told[0]}", "move that rule, or give both one interval",
            fragment=node.text, level=Level.WARNING,
        )  # fmt: skip


def _unwritten(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    """Yield a series that no rule here records, where its neighbour is: a server would know."""
    near = around.neighbours.get(node.name.rpartition(":")[0])
    if around.live is None and around.metrics is None and near:
        yield subject.problem(
            NAME, f"none of these rules records {node.name}", f"is {near} meant?",
            fragment=node.text, level=Level.INFO,
        )  # fmt: skip


def _late(subject: Subject, writer: Subject) -> str:
    """Return when a series is written, where that is later than need be."""
    mine, theirs = subject.group, writer.group
    if mine.file == theirs.file and mine.index == theirs.index:
        if writer is subject:
            return ""
        return "later in the same group" if writer.index > subject.index else ""
    slow, fast = _seconds(theirs), _seconds(mine)
    if slow is not None and fast is not None and slow > fast:
        return f"every {theirs.interval}, and read every {mine.interval}"
    if slow is not None and fast is None and slow > _LONG_S:
        return f"every {theirs.interval} only"
    return "in a later group" if mine.file == theirs.file and theirs.index > mine.index else ""


_LONG_S: Final = 60.0
"""What a server that says nothing evaluates at least as often as."""


def _seconds(group: Group) -> float | None:
    if group.interval is None:
        return None
    try:
        return parse_prometheus(group.interval)
    except ValueError:
        return None
