"""labels/asked: selectors ask for the labels, and aggregations keep those, that a project wants."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import kept
from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import inner_of

NAME: Final = "labels/asked"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield selectors of what is scraped without a label, and aggregations that drop one."""
    for node in subject.nodes:
        if node.kind == "vector" and ":" not in node.name and not around.is_there(node.name):
            asked = {label for label, _, _ in node.matchers}
            for label in around.settings.selectors:
                if label not in asked and not node.name.startswith("ALERTS"):
                    yield subject.problem(
                        NAME, f"the project wants every selector to ask for {label}",
                        f'write {label}="…"', fragment=node.text,
                    )  # fmt: skip
        elif node.kind == "aggregate":
            for label in around.settings.keep:
                if kept(inner_of(node)).has(label) and not kept(node).has(label):
                    yield subject.problem(
                        NAME, f"the project wants {label} kept, and it is dropped",
                        f"aggregate by {label}, too", fragment=node.text,
                    )  # fmt: skip
