"""The escalation matrix as rules: how long a page has been firing, and who is next."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from alerts.expressions import number
from alerts.rule import Alert, Group, Priority, Severity
from alerts.scope import scoped

MATRIX: Final = (
    ("L2", timedelta(minutes=15)),
    ("L3", timedelta(hours=1)),
    ("L4", timedelta(hours=4)),
)
"""When each level is notified; L1 is notified at once. Source: the operational procedures."""


def escalation_group(prefix: str, services: Iterable[str]) -> Group:
    """Return the rules that notify the next level, for the pages of each service.

    An escalation carries the `topic` of its page, and acknowledging is silencing the topic: that
    silences the page and every escalation of it. They only show (info), for they are no new
    trouble; their route goes by the level.
    """
    levels = (scoped(_level(*level), service) for service in services for level in MATRIX)
    return Group(f"{prefix}.escalation", tuple(levels))


def _level(name: str, after: timedelta) -> Alert:
    pages = '{severity="critical"}'
    lasting = f"max by (topic) (time() - ALERTS_FOR_STATE{pages})"
    firing = 'ALERTS{severity="critical",alertstate="firing"}'
    return Alert(
        f"EscalatedTo{name}",
        f"{lasting} > {number(after.total_seconds())} and on(topic) {firing}",
        Severity.INFO,
        Priority.P1,
        keep="0s",
        labels=(("escalation", name),),
    )
