"""A run of many histories: what it counted, and what it proves."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from kit.pure.json_values import JsonMapping, JsonObject
from ops.histories.operation import History, Outcome, Phase, Violation
from ops.histories.promises import PROMISES
from slo.verdict import Verdict

SCHEMA: Final = "calendar-sre/history-run/v1"


@dataclass(frozen=True, slots=True)
class Judged:
    """One history and what it broke; `shortest` proves the first violation."""

    history: History
    violations: tuple[Violation, ...] = ()
    shortest: History | None = None


@dataclass(slots=True)
class HistoryRun:
    """Histories as they were judged. `void` are those that could not be played to their end."""

    identity: str
    started_at: datetime
    judged: list[Judged] = field(default_factory=list)
    void: list[tuple[str, int, str]] = field(default_factory=list)
    wall_s: float = 0.0

    @property
    def violations(self) -> int:
        """Return how many violations there are."""
        return sum(len(each.violations) for each in self.judged)

    @property
    def verdict(self) -> Verdict:
        """PASS needs every history that was wanted; one violation is a FAIL, void or not."""
        if self.violations:
            return Verdict.FAIL
        if self.void:
            return Verdict.INCONCLUSIVE
        writes = sum(each.history.acknowledged for each in self.judged)
        return Verdict.PASS if writes else Verdict.NO_DATA


@dataclass(frozen=True, slots=True)
class Counted:
    """What the histories of one kind of fault counted."""

    fault: str
    histories: int
    requests: int
    acknowledged: int
    refused: int
    unknown: int
    violations: int


def counted(judged: Sequence[Judged]) -> list[Counted]:
    """Return the counts of each kind of fault, in the order of playing."""
    found = []
    for fault in dict.fromkeys(each.history.fault for each in judged):
        of_it = [each for each in judged if each.history.fault == fault]
        asked = [o for each in of_it for o in each.history.operations if o.phase is Phase.FAULTY]
        found.append(
            Counted(
                fault, len(of_it), len(asked),
                sum(each.history.acknowledged for each in of_it),
                sum(o.outcome is Outcome.REFUSED for o in asked),
                sum(o.outcome is Outcome.UNKNOWN for o in asked),
                sum(len(each.violations) for each in of_it),
            )
        )  # fmt: skip
    return found


def to_record(run: HistoryRun, *, commit: str, machine: JsonMapping) -> JsonObject:
    """Return the record of a run; a violation comes with its shortest history."""
    return {
        "schema": SCHEMA,
        "id": run.identity,
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "commit": commit,
        "machine": dict(machine),
        "wall_s": round(run.wall_s, 1),
        "verdict": str(run.verdict),
        "histories": len(run.judged),
        "acknowledged": sum(each.history.acknowledged for each in run.judged),
        "promises": {name: means for name, (means, _) in PROMISES.items()},
        "faults": [asdict(each) for each in counted(run.judged)],
        "void": [{"fault": f, "seed": seed, "why": why} for f, seed, why in run.void],
        "violations": [_violation(each, found) for each in run.judged for found in each.violations],
        "shortest": [history_record(each.shortest) for each in run.judged if each.shortest],
    }


def _violation(judged: Judged, found: Violation) -> JsonObject:
    proof = {"proof": list(found.proof)}
    return {"fault": judged.history.fault, "seed": judged.history.seed, **asdict(found), **proof}


def history_record(history: History) -> JsonObject:
    """Return a history as JSON."""
    return {
        "fault": history.fault,
        "seed": history.seed,
        "troubles": [asdict(each) for each in history.troubles],
        "operations": [asdict(each) for each in history.operations],
    }
