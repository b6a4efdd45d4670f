"""Make candidate cases of what users corrected and reviewers decided. Pure.

Nothing that is proposed is accepted by itself: a candidate is `confirmed` when a person decided
what is right and nothing personal may be left in it; everything else waits for one.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from kit.pure.errors import BadInputError
from kit.pure.json_values import JsonMapping, JsonObject, from_json
from synthetic.golden.case import Case
from synthetic.golden.case_file import case_from_json
from synthetic.golden.kinds import rule_kind
from synthetic.golden.privacy import without_people
from synthetic.golden.spec import Spec

LOW_CONFIDENCE: Final = 0.6
KINDS: Final = ("decision", "feedback", "review")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that might join the set; `waits_for` says what a person has to do, None: nothing."""

    case: Case
    kind: str
    waits_for: str | None


def read_material(text: str, *, source: str) -> tuple[JsonMapping, ...]:
    """Return the JSON objects of a file of decisions, feedback and reviews, one a line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = from_json(line)
        except ValueError as err:
            raise BadInputError(
                f"{source}:{number}: not JSON: {err}", hint="one JSON object a line"
            ) from err
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if kind not in KINDS:
            raise BadInputError(
                f"{source}:{number}: kind {kind!r} is not known", hint=f"use {', '.join(KINDS)}"
            )
        found.append(entry)
    return tuple(found)


def propose(
    material: Iterable[JsonMapping], known: Sequence[Case], spec: Spec, *, on: date
) -> tuple[tuple[Candidate, ...], int]:
    """Return candidates, and how many entries were left out: known already, confident or no use."""
    seen = {_question(case.text, case.now, case.timezone) for case in known}
    found: list[Candidate] = []
    left_out = 0
    for entry in material:
        candidate = _candidate(entry, spec, on)
        if candidate is None:
            left_out += 1
            continue
        case = candidate.case
        question = _question(case.text, case.now, case.timezone)
        if question in seen:
            left_out += 1
            continue
        seen.add(question)
        found.append(candidate)
    return tuple(found), left_out


def _candidate(entry: JsonMapping, spec: Spec, on: date) -> Candidate | None:
    kind = entry["kind"]
    truth = entry.get("correction") if kind == "feedback" else entry.get("outcome")
    if kind == "decision":
        if float(entry.get("confidence") or 0.0) >= LOW_CONFIDENCE:
            return None
        truth = entry.get("event")
    if not isinstance(truth, Mapping) or not isinstance(entry.get("text"), str):
        return None
    text, expected, suspects = without_people(
        entry["text"], {name: truth[name] for name in spec.names if name in truth}
    )
    try:
        case = case_from_json(_line(entry, text, expected, on), spec)
    except (BadInputError, ValueError):
        return None
    return Candidate(case, kind, _waits(entry, suspects))


def _waits(entry: JsonMapping, suspects: Sequence[str]) -> str | None:
    if suspects:
        return f"may name a person or a place: {', '.join(suspects)}"
    if entry["kind"] == "decision":
        return "nobody has said what is right"
    if entry["kind"] == "feedback" and entry.get("confirmed") is not True:
        return "one user's correction, not confirmed"
    return None


def _line(entry: JsonMapping, text: str, expected: JsonMapping, on: date) -> JsonObject:
    now, zone = str(entry.get("now")), str(entry.get("timezone"))
    digest = hashlib.sha256(f"{text}\0{now}\0{zone}".encode()).hexdigest()[:10]
    words = len(text.split())
    provenance = {"by": f"users ({entry['kind']})", "on": on.isoformat(), "why": "from live use"}
    if isinstance(entry.get("decision_id"), str):
        provenance["decision_id"] = entry["decision_id"]
    return {
        "id": f"live-{digest}",
        "text": text,
        "now": now,
        "timezone": zone,
        "expected": dict(expected),
        "fields": list(expected),
        "slices": {
            "expression": "from users",
            "length": "short" if words <= 4 else "medium" if words <= 9 else "long",  # noqa: PLR2004
            "direction": _direction(expected.get("start"), now),
            "recurrence": rule_kind(expected.get("recurrence")).replace("never", "none"),
            "noise": "as typed",
            "locale": str(entry.get("locale") or "unknown"),
        },
        "provenance": provenance,
    }


def _direction(start: object, now: str) -> str:
    if start is None:
        return "none"
    day, today = date.fromisoformat(str(start)[:10]), datetime.fromisoformat(now).date()
    return "past" if day < today else "today" if day == today else "future"


def _question(text: str, now: str, zone: str) -> tuple[str, str, str]:
    return " ".join(text.casefold().split()), now, zone


def accepted_by(candidate: Candidate, name: str, reason: str) -> Case:
    """Return the case with who accepted it, and why, in its provenance."""
    before = candidate.case.provenance
    return replace(
        candidate.case,
        provenance=replace(before, by=f"{before.by}, accepted by {name}", why=reason),
    )
