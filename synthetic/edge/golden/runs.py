"""Run the golden set against a parser, hold it to its baseline, and bless what is accepted."""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.edge import records, writing
from kit.pure.errors import BadInputError, NotEnoughDataError, RefusedError
from kit.pure.words import counted
from synthetic.edge.golden.files import SHIPPED, load_cases
from synthetic.edge.golden.judged_answers import OnAnswer
from synthetic.edge.golden.judged_answers import ignore as no_progress
from synthetic.edge.golden.judged_answers import run as golden_run
from synthetic.edge.golden.parser import Parser
from synthetic.golden import baseline as baselines
from synthetic.golden.baseline import Baseline, Blessing
from synthetic.golden.case import Case, fingerprint, line_of
from synthetic.golden.gate import Gate, Policy, gate
from synthetic.golden.gate_record import gate_record
from synthetic.golden.record import to_record as golden_to_record
from synthetic.golden.run_value import GoldenRun
from synthetic.golden.spec import Spec
from synthetic.golden.stages import with_stages as golden_with_stages
from synthetic.golden.verdicts import Goal

BASELINE: str = "baseline.json"
ACCEPTED: str = "accepted.jsonl"


@dataclass(frozen=True, slots=True)
class Gated:
    """A run with the gate's answer and the record of both."""

    run: GoldenRun
    gate: Gate
    record: dict[str, Any]


def folder_of(cases: Path | None) -> Path:
    """Return the folder that holds a set: its baseline and accepted cases lie beside it."""
    if cases is None:
        return SHIPPED
    return cases if cases.is_dir() else cases.parent


def folder_to_bless(cases: Path | None) -> Path:
    """Return the folder whose baseline is to be written.

    Raises BadInputError for a file: a baseline is of all the files beside it.
    """
    if cases is None or cases.is_dir():
        return folder_of(cases)
    if not cases.exists():
        raise BadInputError(f"there is no folder {cases}", hint="is the path right?")
    raise BadInputError(
        f"{cases} is a file, and a baseline is of a whole folder",
        hint=f"--cases {cases.parent}, or a folder that holds this file alone",
    )


def ask_all(
    cases: Sequence[Case], parser: Parser, *, repeats: int = 1, on_answer: OnAnswer = no_progress
) -> GoldenRun:
    """Return the judged answers of `parser` to `cases`."""
    with parser.asking() as ask:
        return golden_run(cases, ask, workers=parser.workers, repeats=repeats, on_answer=on_answer)


def gated(
    cases: Sequence[Case],
    parser: Parser,
    objectives: Sequence[Goal],
    *,
    baseline: Baseline | None,
    policy: Policy,
    repeats: int = 1,
    on_answer: OnAnswer = no_progress,
) -> Gated:
    """Return a run held to its baseline; raises BadInputError when that is of another set."""
    if baseline is not None:
        baselines.check_same_set(baseline, cases, fingerprint(cases))
    started_at = datetime.now(UTC)
    run = ask_all(cases, parser, repeats=repeats, on_answer=on_answer)
    with parser.explaining() as explain:
        run = golden_with_stages(run, cases, explain)
    answer = gate(run, objectives, baseline, policy)
    record = golden_to_record(
        run,
        answer.rows,
        identifier=f"{started_at:%Y%m%dT%H%M%S}-golden",
        started_at=started_at,
        commit=records.commit(),
        machine=records.machine(),
        config={"target": parser.name, "policy": asdict(policy)},
        gate=gate_record(answer, run, baseline),
    )
    return Gated(run, answer, record)


def read_baseline(folder: Path) -> Baseline | None:
    """Return the baseline beside a set, None when nothing was ever blessed."""
    path = folder / BASELINE
    if not path.is_file():
        return None
    return baselines.from_text(path.read_text(encoding="utf-8"), source=str(path))


def bless(
    folder: Path,
    parser: Parser,
    *,
    name: str,
    reason: str,
    accepted: Sequence[Case] = (),
    accept_lost: bool = False,
    spec: Spec | None = None,
) -> tuple[Baseline, tuple[str, ...]]:
    """Make what `parser` answers the baseline of the set in `folder`; return it and what was lost.

    `accepted` cases join the set first. Cases and baseline are each written whole; a run that is
    killed in between leaves a set that the old baseline refuses, and the same call finishes it.
    Raises RefusedError when right answers would be lost without `accept_lost`.
    """
    with _alone(folder):
        cases = load_cases(folder, spec)
        known = {case.id for case in cases}
        new = [case for case in accepted if case.id not in known]
        before = read_baseline(folder)
        run = ask_all((*cases, *new), parser, repeats=2)
        _check_fit(run)
        lost = _lost(run, before, (*cases, *new))
        if not accept_lost:
            _refuse_loss(lost)
        blessing = asdict(_blessing(run, name, reason))
        baseline = baselines.baseline_of(run, (*cases, *new), blessing, before)
        if new:
            _append(folder / ACCEPTED, new)
        writing.write_whole(folder / BASELINE, baselines.to_text(baseline))
    return baseline, lost


def _blessing(run: GoldenRun, name: str, reason: str) -> Blessing:
    return Blessing(
        on=f"{datetime.now(UTC):%Y-%m-%d}",
        by=name,
        reason=reason,
        set_hash=run.set_hash,
        commit=records.commit(),
        cases=run.total,
        right=run.right,
    )


def _refuse_loss(lost: Sequence[str]) -> None:
    if lost:
        raise RefusedError(
            f"{counted(len(lost), 'right answer')} would be lost: {', '.join(lost[:8])}",
            hint="mend the parser, or say --accept-lost and why in --reason",
        )


def _check_fit(run: GoldenRun) -> None:
    if run.unsteady:
        raise RefusedError(
            f"answered differently when asked again: {counted(len(run.unsteady), 'case')}",
            hint="a baseline must be repeatable; see sre golden run --repeat 2",
        )
    if run.unanswered:
        raise NotEnoughDataError(
            f"{counted(len(run.unanswered), 'case')} got no answer "
            f"({run.unanswered[0].answer.problem})",
            hint="a baseline needs an answer to every case",
        )


def _lost(run: GoldenRun, before: Baseline | None, cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the unchanged cases that were right in the old baseline and are wrong now."""
    if before is None:
        return ()
    hashes = {case.id: baselines.content_hash(case) for case in cases}
    return tuple(
        result.case_id
        for result in run.results
        if not result.right
        and (old := before.cases.get(result.case_id)) is not None
        and old.right
        and old.content == hashes[result.case_id]
    )


def _append(path: Path, cases: Sequence[Case]) -> None:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    writing.write_whole(path, text + "".join(f"{line_of(case)}\n" for case in cases))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the set's lock, so that two blessings do not overwrite each other's history."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as err:
        raise BadInputError(
            f"cannot open {folder}: {err.strerror}", hint="give a folder you may read"
        ) from err
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise RefusedError(
                f"somebody else is blessing {folder}", hint="wait until that is done"
            ) from err
        yield
    finally:
        os.close(descriptor)
