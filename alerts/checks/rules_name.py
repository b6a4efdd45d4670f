"""rules/name: a name says which kind of series it is, and is written as the project wants it."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import Kept, kept
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "rules/name"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield names that the project does not want, with blanks, or that look scraped."""
    yield from _slips(subject, around)
    kind = "alert" if subject.is_alert else "record"
    wanted = around.settings.names.get(kind)
    if wanted and not re.fullmatch(wanted, subject.name):
        yield subject.problem(
            NAME, f"the project names an {kind} as {wanted}"
            if subject.is_alert else f"the project names a {kind} as {wanted}",
            "rename it", fragment=subject.name,
        )  # fmt: skip
    elif subject.name != subject.name.strip() or not subject.name:
        yield subject.problem(NAME, "a name with blanks at its ends", "rename it")
    elif not subject.is_alert and _looks_scraped(subject):
        yield subject.problem(
            NAME, "a recorded series without a colon looks like a counter that is scraped",
            "name it level:metric:operations", fragment=subject.name, level=Level.INFO,
        )  # fmt: skip
    elif not subject.is_alert and _is_of_another_level(subject):
        yield subject.problem(
            NAME, f"there is no series for each {subject.name.partition(':')[0]}",
            "aggregate by that label, or name it after those that are left",
            fragment=subject.name, level=Level.INFO,
        )  # fmt: skip


def _is_of_another_level(subject: Subject) -> bool:
    """Say whether a name tells of a series each by a label that the expression lost.

    A total has no labels at all, and what is chosen by the label is of one value.
    """
    level, _, rest = subject.name.partition(":")
    if subject.tree is None or not rest or level not in _LEVELS or level in subject.labels:
        return False
    left = kept(subject.tree)
    of_one = any(label == level for each in subject.vectors() for label, _, _ in each.matchers)
    return left != Kept() and not left.has(level) and not of_one


def _looks_scraped(subject: Subject) -> bool:
    """Say whether others will take the rate of it, as of any series of such a name."""
    return ":" not in subject.name and subject.name.endswith(
        ("_total", "_bucket", "_count", "_sum")
    )


def _slips(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield names of series and labels that Prometheus 2 refuses and 3 takes, and few mean."""
    if around.settings.version == _ANY_NAME:
        return
    for name in (*(() if subject.is_alert else (subject.name,)), *subject.labels):
        if _SLIP.search(name):
            yield subject.problem(
                NAME, "Prometheus 2 takes no blank and no dash in a name",
                "write an underscore, or say version = 3 in [alerts.check]", fragment=name,
                level=Level.WARNING,
            )  # fmt: skip


_LEVELS: Final = frozenset({"instance", "job", "namespace", "pod", "container"})
_ANY_NAME: Final = 3
_SLIP: Final = re.compile(r"[\s-]")
