"""One text and what a person takes it for."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from synthetic.golden.spec import Spec
from synthetic.steps.step import Step

WHOLE: Final = "all"
"""The name of the slice that holds every case."""
PLAIN: Final = Spec(Step("POST", "/"), ())
"""A set of which nobody has said anything: each field is compared as it is."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who wrote the case, on which day, why, and from which decision of the service (or None)."""

    by: str
    on: str
    why: str
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A text, the moment it is said, and the expected answer.

    `now` is the user's wall clock (ISO 8601, no offset) in `timezone`; both are empty where the
    set has no moments. Only the fields named in `fields` count; `expected` holds a value for each,
    None where there must be nothing. `inputs` are further variables of the request. `spec` is that
    of the set.
    """

    id: str
    text: str
    now: str
    timezone: str
    expected: Mapping[str, object]
    fields: tuple[str, ...]
    slices: Mapping[str, str]
    provenance: Provenance
    inputs: Mapping[str, object] = field(default_factory=dict)
    spec: Spec = field(default=PLAIN, compare=False, repr=False)

    def labels(self) -> tuple[str, ...]:
        """Return the slices that the case belongs to, `all` first."""
        return (WHOLE, *(f"{name}:{value}" for name, value in self.slices.items()))

    def to_json(self) -> dict[str, object]:
        """Return the case as one line of the set holds it."""
        provenance = {
            name: value
            for name in ("by", "on", "why", "decision_id")
            if (value := getattr(self.provenance, name)) is not None
        }
        clock = {"now": self.now, "timezone": self.timezone} if self.now else {}
        return {
            "id": self.id,
            "text": self.text,
            **clock,
            **({"inputs": dict(self.inputs)} if self.inputs else {}),
            "expected": dict(self.expected),
            "fields": list(self.fields),
            "slices": dict(self.slices),
            **({"provenance": provenance} if self.provenance.by else {}),
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
