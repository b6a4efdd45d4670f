"""Do a load run as `sre load run` does it: run, judge, fit, record, compare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kit.edge import records
from kit.pure.errors import BadInputError, HarnessError, NotEnoughDataError
from slo.objective import Objective
from slo.project.project import Project
from slo.verdict import Verdict
from synthetic.edge.load.one_run import LoadInterrupted
from synthetic.load.capacity import Climbed, capacity_of, climbed
from synthetic.load.comparison import MOST_RUNS, Comparison, compare, unlikeness
from synthetic.load.coverage import why_not_whole
from synthetic.load.record import SCHEMA
from synthetic.load.record import to_record as load_to_record
from synthetic.load.run_value import LoadRun
from synthetic.load.search import Try, search
from synthetic.load.shape import Kind, Profile
from synthetic.load.verdicts import judge_run
from synthetic.verdict_rows import Row

Record = Mapping[str, Any]
Do = Callable[[Profile], LoadRun]
LAST = "last"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run: its record, where that is kept (None: it could not be), and its comparison.

    `trouble` is what could not be done after it (written, compared); the verdict stands all the
    same.
    """

    record: Record
    path: Path | None
    interrupted: bool = False
    comparison: Comparison | None = None
    trouble: HarnessError | None = None
    tries: tuple[Try, ...] = field(default=())

    @property
    def verdict(self) -> Verdict:
        """Return the verdict on the objectives, worsened by a comparison that found a loss."""
        found = Verdict(self.record["verdict"])
        if self.comparison is not None and self.comparison.verdict is Verdict.FAIL:
            return Verdict.FAIL
        return found


def run_once(
    profile: Profile,
    do: Do,
    objectives: Sequence[Objective],
    project: Project,
    runs: Path | None = None,
) -> Outcome:
    """Do one run, judge it and keep its record, a partial one when it is interrupted.

    `runs` is the folder that the project states for it.
    """
    result, interrupted = _done(profile, do)
    rows, capacity = judge_run(result, objectives, project), None
    if profile.kind is Kind.STRESS:
        steps = climbed(result, objectives, project)
        if not interrupted and result.void_reason is None:
            steps, broke = _confirmed(profile, do, objectives, project, steps)
            rows = rows if broke else tuple(map(_doubted, rows))
        capacity = capacity_of(steps)
    record = load_to_record(
        result, rows, commit=records.commit(), machine=records.machine(), capacity=capacity
    )
    try:
        return Outcome(record, records.save("load", record, runs), interrupted)
    except HarnessError as err:
        return Outcome(record, None, interrupted, trouble=err)


def _done(profile: Profile, do: Do) -> tuple[LoadRun, bool]:
    try:
        return do(profile), False
    except LoadInterrupted as err:
        return err.run, True


def _confirmed(
    profile: Profile,
    do: Do,
    objectives: Sequence[Objective],
    project: Project,
    steps: Climbed,
) -> tuple[Climbed, bool]:
    """Climb again from each step that broke until one breaks twice; also whether the first did."""
    stages, seed, first = profile.stages, profile.seed, True
    while (broken := steps.broken) is not None:
        seed += 1
        again = replace(profile, stages=stages[broken:], seed=seed, must_hold_per_s=None)
        result, interrupted = _done(again, do)
        if interrupted or result.void_reason is not None:
            break
        more = climbed(result, objectives, project)
        twice = more.broken == 0
        steps = steps.then(more) if more.steps else steps
        if twice or not more.steps:
            break
        first = False
    return steps, first


def _doubted(row: Row) -> Row:
    """Return a row whose miss did not come again when the stage was repeated."""
    missed = row.verdict is Verdict.FAIL and row.part is None
    return replace(row, verdict=Verdict.INCONCLUSIVE) if missed else row


def run_search(
    profile: Profile,
    do: Do,
    objectives: Sequence[Objective],
    project: Project,
    on_try: Callable[[Try], None],
    runs: Path | None = None,
) -> Outcome:
    """Repeat runs until the breaking point is known; the outcome is that of the last one."""
    last: list[Outcome] = []

    def attempt(one: Profile) -> Try:
        done = run_once(one, do, objectives, project, runs)
        last[:] = [done]
        if done.interrupted:
            raise KeyboardInterrupt
        found = Try(one.highest_per_s, Verdict(done.record["verdict"]), _reason(done.record))
        on_try(found)
        return found

    try:
        tries = search(profile, attempt)
    except KeyboardInterrupt:
        if not last:
            raise
        return last[0]
    return Outcome(last[0].record, last[0].path, tries=tries, trouble=last[0].trouble)


def baseline_for(reference: str, profile: Profile, runs: Path | None = None) -> Record:
    """Return the record that `reference` names, `last` being the last like it that passed.

    Asked before a run, so that a wrong name costs nothing. Raises BadInputError when there is no
    such load run, NotEnoughDataError when it is not whole or none of `profile` has passed yet.
    """
    if reference == LAST:
        return _last_like(profile.name, runs)
    found = _load_run(reference, runs)
    if why := why_not_whole(found):
        raise NotEnoughDataError(f"run {reference} {why}", hint="name a run that sent all its plan")
    return found


def runs_named(reference: str, runs: Path | None = None) -> list[Record]:
    """Return the load runs that `reference` names: an id, a file, several with commas, a folder.

    A folder holds them itself, or in `load` as the folder of all records does. Raises BadInputError
    where one of them is no load run, or there is none.
    """
    folder = Path(reference)
    if folder.is_dir() and reference not in records.KINDS:
        paths = sorted(folder.glob("*.json")) or sorted((folder / "load").glob("*.json"))
        if not paths:
            raise BadInputError(
                f"no run record in {reference}", hint="it holds a run's .json files"
            )
        return [_load_run(str(path), runs) for path in paths]
    one = folder.is_file() or "," not in reference
    names = [reference] if one else [part.strip() for part in reference.split(",") if part.strip()]
    return [_load_run(name, runs) for name in names]


def _load_run(reference: str, runs: Path | None) -> Record:
    found = records.read(reference, runs)
    if found["schema"] != SCHEMA:
        raise BadInputError(
            f"{reference} is a record of {found['schema']}, not of a load run",
            hint="sre load list shows the load runs and their ids",
        )
    return found


def earlier_than(before: Record, after: Record, runs: Path | None = None) -> list[Record]:
    """Return the whole runs like `before` that are kept, the oldest first, without `after`."""
    found = [before]
    for _, other in records.listed("load", stated=runs):
        if len(found) == MOST_RUNS:
            break
        new = other["id"] not in {before["id"], after["id"]}
        alike = "blocks" in other and why_not_whole(other) is None
        if new and alike and other["started_at"] < after["started_at"]:
            found += [other] if not unlikeness(before, other) else []
    return sorted(found, key=lambda one: str(one["started_at"]))


def with_baseline(
    outcome: Outcome, before: Record, *, force: bool, runs: Path | None = None
) -> Outcome:
    """Return the outcome compared with an earlier run; `trouble` says why where it cannot be.

    A run that is not whole is compared with nothing, and its own verdict stands.
    """
    if why_not_whole(outcome.record) is not None:
        return outcome
    try:
        earlier = earlier_than(before, outcome.record, runs)
        found = compare(before, outcome.record, force=force, earlier=earlier)
        return replace(outcome, comparison=found)
    except HarnessError as err:
        return replace(outcome, trouble=outcome.trouble or err)


def _last_like(name: str, runs: Path | None) -> Record:
    for _, other in records.listed("load", stated=runs):
        whole = "blocks" in other and why_not_whole(other) is None
        alike = whole and other["config"]["profile"]["name"] == name
        if alike and other["verdict"] == Verdict.PASS:
            return other
    raise NotEnoughDataError(
        f"no earlier run of {name} that passed", hint="name a run's id or file as the baseline"
    )


def _reason(record: Record) -> str:
    if record["void_reason"]:
        return str(record["void_reason"])
    broken = [row["display_name"] for row in record["rows"] if row["verdict"] == Verdict.FAIL]
    return ", ".join(dict.fromkeys(broken))
