"""rules/duplicate: no alert, recorded series or group is there twice."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "rules/duplicate"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield the second of two rules that write the same series."""
    for other in around.rules:
        if other is subject:
            return
        if _key(other) == _key(subject):
            where = f"{other.file}:{other.line}"
            yield subject.problem(NAME, f"the same as in {where}", "remove or rename one")
            return


def _key(subject: Subject) -> tuple[object, ...]:
    labels = tuple(sorted((subject.body.get("labels") or {}).items()))
    return (subject.is_alert, subject.name, labels)
