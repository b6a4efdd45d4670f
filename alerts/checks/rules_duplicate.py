"""rules/duplicate: no alert, recorded series or group is there twice."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "rules/duplicate"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield the second of two rules that write the same series."""
    first = around.firsts.get(subject.writes, subject)
    if first is not subject:
        where = f"{first.file}:{first.line}"
        yield subject.problem(NAME, f"the same as in {where}", "remove or rename one")
