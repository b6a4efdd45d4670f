"""How old the last verified backup and the last drill are, and how the runs went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reports.period.evidence import Evidence, Record

_PASSED: Final = frozenset({"PASS", "OK", "VERIFIED"})
_LIMIT_DAYS: Final = {"backup": 7.0, "drill": 31.0}


@dataclass(frozen=True, slots=True)
class Age:
    """The newest good record of a kind; `days` counts to the end of the window, None for none."""

    kind: str
    id: str
    at: datetime | None
    days: float | None
    limit_days: float

    @property
    def overdue(self) -> bool:
        """Tell whether it is too old, or was never done."""
        return self.days is None or self.days > self.limit_days


@dataclass(frozen=True, slots=True)
class Run:
    """A load or golden run of the window."""

    kind: str
    id: str
    at: datetime
    title: str
    verdict: str


def ages(evidence: Evidence) -> tuple[Age, ...]:
    """Return how long ago a backup was verified and a drill was passed."""
    return tuple(_age(evidence, kind, limit) for kind, limit in _LIMIT_DAYS.items())


def runs(evidence: Evidence) -> tuple[Run, ...]:
    """Return the load and golden runs that began within the window, oldest first."""
    found = [r for kind in ("load", "golden") for r in evidence.in_window(kind)]
    return tuple(
        Run(r.kind, r.id, r.at, _title(r, evidence.project.reports.cases), r.verdict or "")
        for r in sorted(found, key=lambda r: (r.at, r.id))
    )


def _age(evidence: Evidence, kind: str, limit: float) -> Age:
    good = [r for r in evidence.of_kind(kind) if (r.verdict or "").upper() in _PASSED]
    if not good:
        return Age(kind, "", None, None, limit)
    newest = good[-1]
    days = (evidence.window.end - newest.at).total_seconds() / 86_400
    return Age(kind, newest.id, newest.at, days, limit)


def _title(record: Record, cases: str) -> str:
    if record.kind == "load":
        profile = record.data.get("config", {}).get("profile", {})
        return str(profile.get("name", "load"))
    return f"{record.data.get('cases', 0)} {cases}"
