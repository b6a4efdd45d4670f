"""Whether a golden run meets the accuracy objectives. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kit.pure.errors import BadInputError
from slo.objective import Objective, RawRatio
from slo.project.roles import Accuracy
from slo.series import selectors
from slo.verdict import Verdict
from synthetic.golden.case import WHOLE
from synthetic.golden.run_value import GoldenRun
from synthetic.verdict_rows import Row, Rule, row


@dataclass(frozen=True, slots=True)
class Goal:
    """An accuracy objective, and the slice of the set that it is about."""

    objective: Objective
    label: str = WHOLE


def goals(objectives: Sequence[Objective], accuracy: Accuracy | None) -> tuple[Goal, ...]:
    """Return the objectives whose query reads the accuracy that the project binds.

    One is about the slice that it selects (`slice="expression:weekday"`), else about the whole.
    """
    if accuracy is None:
        return ()
    found = ((one, _slice_of(one, accuracy)) for one in objectives)
    return tuple(Goal(one, label) for one, label in found if label is not None)


def _slice_of(objective: Objective, accuracy: Accuracy) -> str | None:
    """Return the slice that an objective is about, None where it is about no accuracy."""
    indicator = objective.indicator
    query = indicator.success if isinstance(indicator, RawRatio) else indicator.total
    about = [one for one in selectors(query) if one.metric == accuracy.gauge]
    if not about:
        return None
    matched = (
        value
        for one in about
        for name, op, value in one.matchers
        if (name, op) == (accuracy.slice, "=")
    )
    label = next(matched, WHOLE)
    return WHOLE if label == accuracy.whole else label


def judge(run: GoldenRun, objectives: Sequence[Goal]) -> tuple[Row, ...]:
    """Return the rows of the accuracy objectives that are about the whole set."""
    return tuple(one for one in judge_slices(run, objectives) if one.part is None)


def judge_slices(
    run: GoldenRun, objectives: Sequence[Goal], *, void: bool = False
) -> tuple[Row, ...]:
    """Return a row for each accuracy objective, proved or refuted by the Wilson interval.

    A void run gives NO DATA. Raises BadInputError when the set has no case in a slice.
    """
    return tuple(_row(run, one.objective, one.label, void=void) for one in objectives)


def _row(run: GoldenRun, objective: Objective, label: str, *, void: bool) -> Row:
    results = run.with_label(label)
    if not results:
        raise BadInputError(
            f"objective {objective.name!r} is about slice {label!r}, which no golden case has",
            hint="add cases of that slice, or correct the objective",
        )
    judged = row(
        objective,
        total=len(results),
        bad=sum(not result.right for result in results),
        rule=Rule.PROVEN,
        void=void,
        part=None if label == WHOLE else label,
    )
    if any(result.answer.problem is None for result in results):
        return judged
    nothing = Verdict.NO_DATA  # silence says nothing about accuracy
    return replace(judged, measured=None, budget_spent=None, more_needed=None, verdict=nothing)
