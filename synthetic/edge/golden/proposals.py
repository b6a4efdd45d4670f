"""Candidates for the golden set: gathered, written down, and safely accepted once a week."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kit.edge.access import access
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError, NotEnoughDataError, RefusedError
from kit.pure.json_values import from_json
from synthetic.edge.golden.files import load_cases, shipped_spec
from synthetic.edge.golden.mining import live_material
from synthetic.edge.golden.parser import Parser
from synthetic.edge.golden.runs import bless, folder_to_bless
from synthetic.golden.candidates import Candidate, accepted_by, propose, read_material
from synthetic.golden.case import Case
from synthetic.golden.case_file import case_from_json

NAME: Final = "auto-update"


@dataclass(frozen=True, slots=True)
class Update:
    """What the weekly update did: how many cases joined, and whether the baseline was renewed.

    `waits` is why a person has to act, None when nobody has to.
    """

    added: int
    renewed: bool
    waits: str | None


def proposals(
    material: Sequence[Path], cases: Path | None, *, service: str | None = None
) -> tuple[tuple[Candidate, ...], int]:
    """Return the candidates among decisions, feedback and reviews, and how many were none.

    They come from files and, where its URL is given, from a service.
    """
    known = load_cases(cases) if cases else load_cases()
    entries = [entry for path in material for entry in read_material(_text(path), source=str(path))]
    if service is not None:
        entries += live_material(service, shipped_spec(), access=access())
    return propose(entries, known, shipped_spec(), on=datetime.now(UTC).date())


def write_candidates(path: Path, candidates: Sequence[Candidate]) -> Path | None:
    """Write candidates where a person can look at them; None when there are none."""
    if not candidates:
        return None
    lines = (
        json.dumps(
            {"kind": one.kind, "waits_for": one.waits_for, "case": one.case.to_json()},
            ensure_ascii=False,
        )
        for one in candidates
    )
    write_whole(path, "".join(f"{line}\n" for line in lines))
    return path


def read_candidates(path: Path, name: str, reason: str) -> tuple[Case, ...]:
    """Return the cases of a file of candidates as accepted by a person."""
    found = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        try:
            data = from_json(line)
            case = case_from_json(data["case"], shipped_spec())
            candidate = Candidate(case, data["kind"], data["waits_for"])
        except (BadInputError, ValueError, TypeError, KeyError) as err:
            raise BadInputError(
                f"{path}:{number}: no candidate: {err}",
                hint="use a file that sre golden propose made",
            ) from err
        found.append(accepted_by(candidate, name, reason))
    return tuple(found)


def auto_updated(candidates: Sequence[Candidate], cases: Path | None, parser: Parser) -> Update:
    """Add confirmed corrections and renew the baseline, unless right answers were lost."""
    reason = "weekly update: confirmed corrections, nothing lost"
    confirmed = [accepted_by(c, NAME, reason) for c in candidates if c.waits_for is None]
    try:
        bless(folder_to_bless(cases), parser, name=NAME, reason=reason, accepted=confirmed)
    except (RefusedError, NotEnoughDataError) as err:
        return Update(0, renewed=False, waits=str(err))
    return Update(len(confirmed), renewed=True, waits=None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"cannot read {path}: {err}", hint="is the path right?") from err
