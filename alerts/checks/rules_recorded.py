"""rules/recorded: what a rule records already is read, and not computed again."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "rules/recorded"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield aggregations that another rule of the same files records."""
    for node in subject.nodes:
        if node.kind != "aggregate" or not around.computed:
            continue
        found = around.computed.get(node.text)
        if found is not None and found is not subject and found.labels == {}:
            yield subject.problem(
                NAME, f"{found.name} is this already", f"read {found.name}", fragment=node.text,
                level=Level.INFO,
            )  # fmt: skip
