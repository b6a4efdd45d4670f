"""What a check finds wrong."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a problem is: an `error` works in no Grafana, a `warning` is against a custom."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: which rule, where, what is wrong and what to do.

    `panel` is "" for the dashboard as a whole, `target` the query's letter or "".
    """

    rule: str
    dashboard: str
    panel: str
    target: str
    message: str
    hint: str
    level: Level = Level.ERROR

    def place(self) -> str:
        """Return where it is, for a person."""
        parts = [self.dashboard]
        if self.panel:
            parts.append(f"panel {self.panel!r}")
        if self.target:
            parts.append(f"query {self.target}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before it is known which rule and dashboard it belongs to."""

    message: str
    hint: str
    panel: str = ""
    target: str = ""
    unsure: bool = False
    """It may be meant: the type of a data source is not known, or Grafana gives what lacks."""
