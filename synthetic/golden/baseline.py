"""The blessed baseline: what the last accepted parser answered to each case of the set."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jsonschema import Draft202012Validator

from kit.pure.errors import BadInputError
from kit.pure.json_values import JsonMapping, from_json
from kit.pure.schema_ids import of_later_release
from synthetic.golden.case import Case
from synthetic.golden.run_value import GoldenRun

SCHEMA: Final = "calendar-sre/golden-baseline/v1"
_SHAPE: Final[JsonMapping] = {
    "type": "object",
    "required": ["schema", "set_hash", "cases", "history"],
    "properties": {
        "schema": {"const": SCHEMA},
        "set_hash": {"type": "string", "minLength": 1},
        "cases": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "required": ["content", "right", "answered"],
                "properties": {"content": {"type": "string"}, "right": {"type": "boolean"}},
            },
        },
        "history": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["on", "by", "reason", "set_hash"]},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Blessed:
    """A case as the baseline knows it; `answered` holds the fields that count, None: no answer."""

    content: str
    right: bool
    answered: JsonMapping | None


@dataclass(frozen=True, slots=True)
class Blessing:
    """Who accepted a baseline, when and why, and what it was."""

    on: str
    by: str
    reason: str
    set_hash: str
    commit: str
    cases: int
    right: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted answers of one set, and every blessing so far, oldest first."""

    set_hash: str
    cases: Mapping[str, Blessed]
    history: tuple[JsonMapping, ...]

    @property
    def right(self) -> int:
        """Return how many cases the accepted parser had right."""
        return sum(case.right for case in self.cases.values())


def content_hash(case: Case) -> str:
    """Return a hash of what a case asks and expects; another hash is another case."""
    content = {k: v for k, v in case.to_json().items() if k not in {"provenance", "slices"}}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def baseline_of(
    run: GoldenRun, cases: Sequence[Case], blessing: JsonMapping, before: Baseline | None
) -> Baseline:
    """Return the baseline that accepts what `run` answered to `cases`, with the history so far."""
    hashes = {case.id: content_hash(case) for case in cases}
    accepted = {
        result.case_id: Blessed(hashes[result.case_id], result.right, result.answered())
        for result in run.results
    }
    history = (*(before.history if before else ()), blessing)
    return Baseline(run.set_hash, accepted, history)


def to_text(baseline: Baseline) -> str:
    """Return the baseline's file: one case a line, so that a change can be read as a diff."""
    lines = [
        f"  {json.dumps(name)}: "
        + json.dumps(
            {"content": case.content, "right": case.right, "answered": case.answered},
            ensure_ascii=False,
        )
        for name, case in sorted(baseline.cases.items())
    ]
    history = ",\n".join(
        f"  {json.dumps(dict(blessing), ensure_ascii=False)}" for blessing in baseline.history
    )
    return (
        f'{{\n "schema": "{SCHEMA}",\n "set_hash": "{baseline.set_hash}",\n'
        f' "history": [\n{history}\n ],\n "cases": {{\n' + ",\n".join(lines) + "\n }\n}\n"
    )


def from_text(text: str, *, source: str) -> Baseline:
    """Return the baseline in a file; raises BadInputError when it is none."""
    try:
        data = from_json(text)
    except ValueError as err:
        raise BadInputError(
            f"{source}: not a baseline: {err}", hint="restore it from version control"
        ) from err
    found = data.get("schema") if isinstance(data, dict) else None
    if later := of_later_release(found, SCHEMA):
        raise BadInputError(f"{source}: schema {found!r} is not known", hint=later)
    error = next(iter(Draft202012Validator(_SHAPE).iter_errors(data)), None)
    if error is not None:
        where = ".".join(map(str, error.absolute_path)) or "the file"
        raise BadInputError(
            f"{source}: not a baseline: {where}: {error.message[:120]}",
            hint="restore it from version control",
        )
    cases = {
        name: Blessed(case["content"], case["right"], case["answered"])
        for name, case in data["cases"].items()
    }
    return Baseline(data["set_hash"], cases, tuple(data["history"]))


def overlap(baseline: Baseline, cases: Sequence[Case]) -> int:
    """Return how many of `cases` the baseline knows unchanged."""
    known = baseline.cases
    return sum(case.id in known and known[case.id].content == content_hash(case) for case in cases)


def check_same_set(baseline: Baseline, cases: Sequence[Case], set_hash: str) -> None:
    """Raise BadInputError, naming the overlap, when the baseline is of another set."""
    shared = overlap(baseline, cases)
    if shared == len(cases) == len(baseline.cases):
        return
    raise BadInputError(
        f"the baseline is of another set ({baseline.set_hash}, not {set_hash}): {shared:,} of its "
        f"{len(baseline.cases):,} cases are among the {len(cases):,} of this one",
        hint="accept the new set: sre golden bless --name YOU --reason WHY",
    )
