"""Which alert thresholds were proposed to be changed, by the newest search on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reports.period.evidence import Evidence, Json
from reports.period.window import Kind

TUNING_SCHEMA: Final = "calendar-sre/alert-tuning/v1"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One limit of alerts: what it is and what it should be."""

    threshold: str
    now: float
    proposed: float


@dataclass(frozen=True, slots=True)
class Tuning:
    """A search among thresholds on replayed incidents; without proposals, none was better.

    `figures` are those of the thresholds as they are and as proposed, by their name.
    """

    id: str
    at: datetime
    tried: int
    proposals: tuple[Proposal, ...]
    figures: tuple[tuple[str, float | None, float | None], ...]


def tuning(evidence: Evidence) -> Tuning | None:
    """Return the newest search before the end of a month; None for other windows and for none."""
    if evidence.window.kind is not Kind.MONTH:
        return None
    kept = [r for r in evidence.of_kind("tune") if r.data.get("schema") == TUNING_SCHEMA]
    if not kept:
        return None
    newest = kept[-1]
    before, after = newest.data.get("as_is", {}), newest.data.get("best", {})
    return Tuning(
        newest.id,
        newest.at,
        int(newest.data.get("tried", 0)),
        tuple(_proposal(one) for one in newest.data.get("proposal", ())),
        tuple((str(name), before.get(name), after.get(name)) for name in before),
    )


def _proposal(one: Json) -> Proposal:
    return Proposal(str(one["threshold"]), float(one["now"]), float(one["proposed"]))
