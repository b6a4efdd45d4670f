"""One sentence and what a person would put into the calendar for it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

FIELDS: Final = ("title", "start", "end", "all_day", "recurrence", "location", "attendees")
"""What a case may expect, in the order in which differences are reported."""

SLICES: Final = ("expression", "length", "direction", "recurrence", "noise", "locale")
"""The ways in which the set is cut; each case says its value for every one."""

WHOLE: Final = "all"
"""The name of the slice that holds every case."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who wrote the case, on which day, why, and from which decision of the service (or None)."""

    by: str
    on: str
    why: str
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the moment it is said, and the expected event.

    `now` is the user's wall clock (ISO 8601, no offset) in `timezone`. Only the fields named in
    `fields` count; `expected` holds a value for each: `start` and `end` as RFC 3339 or, for whole
    days, as a plain date; None where there must be nothing.
    """

    id: str
    text: str
    now: str
    timezone: str
    expected: Mapping[str, object]
    fields: tuple[str, ...]
    slices: Mapping[str, str]
    provenance: Provenance

    def labels(self) -> tuple[str, ...]:
        """Return the slices that the case belongs to, `all` first."""
        return (WHOLE, *(f"{name}:{self.slices[name]}" for name in SLICES))

    def to_json(self) -> dict[str, object]:
        """Return the case as one line of the set holds it."""
        provenance = {
            name: value
            for name in ("by", "on", "why", "decision_id")
            if (value := getattr(self.provenance, name)) is not None
        }
        return {
            "id": self.id,
            "text": self.text,
            "now": self.now,
            "timezone": self.timezone,
            "expected": dict(self.expected),
            "fields": list(self.fields),
            "slices": dict(self.slices),
            "provenance": provenance,
        }


def line_of(case: Case) -> str:
    """Return the case as a line of JSON, always written the same way."""
    return json.dumps(case.to_json(), ensure_ascii=False, separators=(",", ":"))


def fingerprint(cases: Iterable[Case]) -> str:
    """Return a hash of what the cases ask and expect, whatever their order or provenance."""
    digest = hashlib.sha256()
    for case in sorted(cases, key=lambda case: case.id):
        content = {key: value for key, value in case.to_json().items() if key != "provenance"}
        digest.update(json.dumps(content, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()[:16]
