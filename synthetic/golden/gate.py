"""Whether a change to the parser may be merged. Pure.

Three things can stop it: an objective that is not met (Wilson), a slice that got worse beyond
chance (McNemar, corrected for the number of slices by Holm), and more right cases lost in a
slice than its share allows, whatever was gained elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kit.pure.words import counted
from slo.verdict import Verdict
from synthetic.golden.baseline import Baseline
from synthetic.golden.case import WHOLE
from synthetic.golden.paired import Changed, Paired, changed, compare, holm
from synthetic.golden.run_value import GoldenRun
from synthetic.golden.verdicts import Goal, judge_slices
from synthetic.verdict_rows import Row, verdict_of

FEWEST: Final = 30
"""A slice of fewer cases is shown, not judged: its interval is wider than ten points."""


MOST_REASONS: Final = 5


class GateVerdict(StrEnum):
    """The answer to `may this be merged?`."""

    PASS = "PASS"  # noqa: S105 -- a verdict, not a password
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    NO_BASELINE = "NO BASELINE"
    VOID = "NO DATA"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the gate tolerates; shares are between 0 and 1.

    `lost_share` of a slice's cases may be lost (always at least one); above `void_share` of
    cases without an answer nothing is judged.
    """

    lost_share: float = 0.005
    void_share: float = 0.02
    fewest: int = FEWEST


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict, why in one line each, the objectives, the slices and the changed cases."""

    verdict: GateVerdict
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    slices: Mapping[str, Paired]
    changes: tuple[Changed, ...]

    @property
    def headline(self) -> str:
        """Return the one line to read."""
        return self.reasons[0]


def gate(
    run: GoldenRun,
    objectives: Sequence[Goal],
    baseline: Baseline | None,
    policy: Policy | None = None,
) -> Gate:
    """Return the verdict on a run; `baseline` must be of the same set, None when there is none."""
    policy = policy or Policy()
    if reason := _unfit(run, policy):
        verdict = GateVerdict.FAIL if run.unsteady else GateVerdict.VOID
        return Gate(verdict, (reason,), judge_slices(run, objectives, void=True), {}, ())
    rows = judge_slices(run, objectives)
    slices = {} if baseline is None else compare(
        run, baseline, judged_labels(run, policy.fewest), lost_share=policy.lost_share
    )  # fmt: skip
    changes = () if baseline is None else changed(run, baseline)
    failures = (*_broken(rows), *_worse(slices))
    if failures:
        return Gate(GateVerdict.FAIL, failures, rows, slices, changes)
    if baseline is None:
        reason = "there is no baseline to compare with: sre golden bless"
        return Gate(GateVerdict.NO_BASELINE, (reason,), rows, slices, changes)
    verdict, reason = _undecided(rows) or (GateVerdict.PASS, _fine(run, slices[WHOLE]))
    return Gate(verdict, (reason,), rows, slices, changes)


def judged_labels(run: GoldenRun, fewest: int = FEWEST) -> tuple[str, ...]:
    """Return the slices that are large enough to judge, `all` first."""
    sizes: dict[str, int] = {}
    for result in run.results:
        for label in result.labels:
            sizes[label] = sizes.get(label, 0) + 1
    return tuple(label for label, size in sizes.items() if label == WHOLE or size >= fewest)


def _unfit(run: GoldenRun, policy: Policy) -> str | None:
    if run.unsteady:
        names = ", ".join(result.case_id for result in run.unsteady[:5])
        return (
            f"answered differently when asked again: {counted(len(run.unsteady), 'case')}: {names}"
        )
    silent = len(run.unanswered)
    if silent > run.total * policy.void_share:
        problem = run.unanswered[0].answer.problem
        cases = counted(run.total, "case")
        return f"{silent:,} of {cases} got no answer ({problem}): nothing can be judged"
    return None


def _broken(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(
        f"{row.part or WHOLE}: {row.total - row.bad} of {row.total} right, "
        f"at most {row.measured.high:.1%} at 95 % confidence, the objective is {row.target:.0%}"
        for row in rows
        if row.verdict is Verdict.FAIL and row.measured is not None and row.measured.high
    )


def _worse(slices: Mapping[str, Paired]) -> tuple[str, ...]:
    """Return a line for each slice that got worse beyond chance or lost more than it may."""
    fallen = holm({label: one.p_value for label, one in slices.items()})
    worse = [
        one for label, one in slices.items() if label in fallen or len(one.lost) > one.allowed_lost
    ]
    worse.sort(key=lambda one: (-len(one.lost) / one.cases, one.cases))
    lines = [
        f"{_exchange(one)}, {_chance(one.p_value)}"
        if one.label in fallen
        else f"{_exchange(one)} ({one.allowed_lost} may be lost)"
        for one in worse
    ]
    if len(lines) > MOST_REASONS:
        lines[MOST_REASONS:] = [f"so did {counted(len(lines) - MOST_REASONS, 'other slice')}"]
    return tuple(lines)


def _chance(p_value: float) -> str:
    if p_value < 1e-6:  # noqa: PLR2004 -- beyond a million nobody counts
        return "which chance does less than once in a million"
    return f"which chance does once in {1 / p_value:,.0f}"


def _exchange(one: Paired) -> str:
    cases = counted(one.cases, "case")
    return f"{one.label} lost {len(one.lost)} and gained {len(one.gained)} of {cases}"


def _undecided(rows: Sequence[Row]) -> tuple[GateVerdict, str] | None:
    if verdict_of(rows) is Verdict.PASS:
        return None
    for row in rows:
        if row.verdict is not Verdict.PASS and row.measured is not None:
            low, high = row.measured.low or 0.0, row.measured.high or 1.0
            part = row.part or WHOLE
            return GateVerdict.INCONCLUSIVE, (
                f"{part}: between {low:.1%} and {high:.1%}, the objective is {row.target:.0%}; "
                f"{counted(row.total, 'case')} cannot decide"
            )
    return GateVerdict.VOID, "no accuracy objective could be judged"


def _fine(run: GoldenRun, whole: Paired) -> str:
    text = f"{run.right:,} of {counted(run.total, 'case')} right"
    if not whole.lost and not whole.gained:
        return f"{text}, as before"
    names = f" (lost: {', '.join(whole.lost)})" if whole.lost else ""
    return f"{text}, {whole.right_before:,} before; {_exchange(whole)}{names}"
