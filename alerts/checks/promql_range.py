"""promql/range: an expression reads what is past, and not longer ago than samples are kept."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "promql/range"
_READING: Final = frozenset({"vector", "subquery"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield offsets into the future, and windows that begin before the first sample."""
    for node in subject.nodes:
        if node.kind not in _READING:
            continue
        if node.offset_s < 0:
            yield subject.problem(
                NAME, "a negative offset asks for what has not happened yet",
                "write the offset without the minus", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip
        reach, above = node.offset_s + node.range_s, node.up
        while above is not None:
            reach += above.range_s + (above.offset_s if above.kind == "subquery" else 0.0)
            above = above.up
        if reach > around.retention_s and not any(kid.kind in _READING for kid in node.kids):
            shown = node.up if node.up is not None and node.up.kind == "matrix" else node
            yield subject.problem(
                NAME, f"it reads {reach / 86400:g} days back, and {around.retention_s / 86400:g}"
                " are kept", "shorten it, or say in [alerts.check] retention how long is kept",
                fragment=shown.text, level=Level.WARNING,
            )  # fmt: skip
