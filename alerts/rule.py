"""Rules and groups as values."""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """Who is disturbed: critical wakes a person, warning becomes a ticket, info only shows."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class Priority(StrEnum):
    """How soon somebody answers: 15 minutes, 1 hour, 4 hours, the next business day."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


@dataclass(frozen=True, slots=True)
class Record:
    """A recording rule."""

    name: str
    expr: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """An alerting rule without its texts; times are PromQL durations (`90s`, `5m`)."""

    name: str
    expr: str
    severity: Severity
    priority: Priority
    hold: str = "0s"
    keep: str = "5m"
    labels: tuple[tuple[str, str], ...] = ()
    board: str | None = None
    """The board with a panel for it; None is that of its objective, else that of operations."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated one after the other; `interval` None is the server's own."""

    name: str
    rules: tuple[Record | Alert, ...]
    interval: str | None = None

    def alerts(self) -> tuple[Alert, ...]:
        """Return the alerting rules."""
        return tuple(rule for rule in self.rules if isinstance(rule, Alert))


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that is deployed together."""

    groups: tuple[Group, ...] = field(default=())

    def alerts(self) -> tuple[Alert, ...]:
        """Return every alerting rule in the order of the groups."""
        return tuple(alert for group in self.groups for alert in group.alerts())
