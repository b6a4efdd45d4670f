"""rules/text: labels and annotations are texts that say something."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "rules/text"
_NUMBERS: Final = frozenset({"int", "float"})
_UNWRITTEN: Final = frozenset({"todo", "tbd", "fixme", "xxx", "changeme"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield what YAML reads as something else than a text, and texts that are not written yet."""
    del around
    of_kubernetes = subject.group.of_kubernetes
    for part, name, kind in subject.odd:
        if kind in _NUMBERS and not of_kubernetes:
            continue
        value = subject.body[part][name]
        shown = f"{name}: {value}"
        yield subject.problem(
            NAME, f"YAML reads this as {_READ.get(kind, kind)}, and not as a text",
            "put it in quotes", fragment=shown,
            level=Level.ERROR if of_kubernetes else Level.WARNING,
        )  # fmt: skip
    for name, text in subject.annotations.items():
        words = text.strip().strip(".:!").casefold()
        if (not words and not _is_null(subject, name)) or words in _UNWRITTEN:
            yield subject.problem(
                NAME, "it says nothing yet", "write it, or leave it out",
                fragment=f"{name}: {text}".strip(), level=Level.WARNING,
            )  # fmt: skip


_READ: Final = {"bool": "true or false", "null": "nothing", "timestamp": "a date",
                "int": "a number", "float": "a number"}  # fmt: skip


def _is_null(subject: Subject, name: str) -> bool:
    return any(odd == ("annotations", name, "null") for odd in subject.odd)
