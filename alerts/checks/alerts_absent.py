"""alerts/absent: an alert on what is missing fires only where it goes on being missing."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.alerts_for import hold_of
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "alerts/absent"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield alerts on absence that one restart of Prometheus, or one failed scrape, sets off."""
    if not subject.is_alert:
        return
    hold = hold_of(subject, "for")
    if hold is None or hold >= 2 * around.scrape:
        return
    for node in subject.nodes:
        # absent_over_time has a window of its own.
        if node.kind == "call" and node.name == "absent":
            yield subject.problem(
                NAME, "without `for` it fires whenever Prometheus starts", "add `for: 5m`",
                fragment=node.text, level=Level.WARNING,
            )  # fmt: skip
