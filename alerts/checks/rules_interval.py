"""rules/interval: a group is evaluated as often as there is something new, and is never stale."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from kit.pure.durations import parse_prometheus

NAME: Final = "rules/interval"
_STALE_S: Final = 300.0
"""How long Prometheus goes on showing a sample that is not followed by another."""


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield the interval of a group, with its first rule, where it is too short or too long."""
    group = subject.group
    if subject.index != 0 or group.interval is None:
        return
    try:
        seconds = parse_prometheus(group.interval)
    except ValueError:
        yield subject.problem(
            NAME, "the interval of the group is no duration", "write for example 1m",
            fragment=group.interval,
        )  # fmt: skip
        return
    if 0 < seconds < around.scrape:
        yield subject.problem(
            NAME, f"a new sample comes every {around.scrape:g} s only", "evaluate as often as that",
            fragment=f"interval: {group.interval}", level=Level.WARNING,
        )  # fmt: skip
    elif seconds > _STALE_S:
        yield subject.problem(
            NAME, "after five minutes a sample is stale, so that what is recorded has gaps",
            "evaluate every five minutes at least", fragment=f"interval: {group.interval}",
            level=Level.WARNING,
        )  # fmt: skip
