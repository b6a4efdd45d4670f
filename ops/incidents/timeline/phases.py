"""When an incident began, was noticed, mitigated and over: guessed from its entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ops.incidents.timeline.entry import ACTIONS, ENDS, SYMPTOMS, Entry, Kind

NAMES = ("start", "detection", "mitigation", "end")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the timeline; `because` says by what it was guessed, or who said so."""

    at: datetime
    because: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class Phases:
    """The four moments; None where nothing tells of one. Without an end it still lasts."""

    start: Moment | None
    detection: Moment | None
    mitigation: Moment | None
    end: Moment | None


def phases_of(
    entries: Sequence[Entry], said: "dict[str, datetime] | None" = None
) -> Phases:  # fmt: skip
    """Return the moments of a timeline whose entries are in their order; `said` go before guesses.

    It begins with the first symptom, is noticed with the first alert after that, mitigated with
    the first action after that, and over when the last thing that was wrong has ended.
    """
    given = {name: Moment(at, "said so", guessed=False) for name, at in (said or {}).items()}
    start = given.get("start") or _first(entries, SYMPTOMS, None)
    since = start.at if start else None
    detection = given.get("detection") or _first(entries, {Kind.ALERT_FIRED}, since)
    noticed = detection.at if detection else since
    mitigation = given.get("mitigation") or (_first(entries, ACTIONS, noticed) if start else None)
    end = given.get("end") or (_over(entries, start.at) if start else None)
    return Phases(start, detection, mitigation, end)


def _first(
    entries: Sequence[Entry], kinds: "frozenset[Kind] | set[Kind]", since: datetime | None
) -> Moment | None:
    for entry in entries:
        if entry.kind in kinds and (since is None or entry.at >= since) and not _is_note(entry):
            return Moment(entry.at, f"{entry.kind}: {entry.what}", guessed=True)
    return None


def _is_note(entry: Entry) -> bool:
    """Return whether an alert only shows something, such as a mode that was chosen."""
    return entry.kind is Kind.ALERT_FIRED and entry.priority == "P4"


def _over(entries: Sequence[Entry], start: datetime) -> Moment | None:
    """Return when the last of what went wrong ended; None while something is still wrong."""
    opening = {
        Kind.ALERT_ENDED: Kind.ALERT_FIRED,
        Kind.ERRORS_ENDED: Kind.ERRORS_BEGAN,
        Kind.DEPENDENCY_UP: Kind.DEPENDENCY_DOWN,
    }
    wrong: set[tuple[Kind, str]] = set()
    last: Entry | None = None
    for entry in entries:
        if entry.at < start:
            continue
        if entry.kind in SYMPTOMS and not _is_note(entry):
            wrong.add((entry.kind, entry.topic))
        elif entry.kind in ENDS and (opening[entry.kind], entry.topic) in wrong:
            wrong.discard((opening[entry.kind], entry.topic))
            last = entry
    if wrong or last is None:
        return None
    return Moment(last.at, f"{last.kind}: {last.what}", guessed=True)
