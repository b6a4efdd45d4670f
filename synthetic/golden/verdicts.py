"""Whether a golden run meets the accuracy objectives. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kit.pure.errors import BadInputError
from slo.objective import Measure, Objective, RawRatio
from slo.verdict import Verdict
from synthetic.golden.case import WHOLE
from synthetic.golden.run_value import GoldenRun
from synthetic.verdict_rows import Row, Rule, row

_SLICE: Final = re.compile(r'\bslice="([^"]+)"')


def judge(run: GoldenRun, objectives: Sequence[Objective]) -> tuple[Row, ...]:
    """Return the rows of the accuracy objectives that are about the whole set."""
    return tuple(one for one in judge_slices(run, objectives) if one.part is None)


def judge_slices(
    run: GoldenRun, objectives: Sequence[Objective], *, void: bool = False
) -> tuple[Row, ...]:
    """Return a row for each accuracy objective, proved or refuted by the Wilson interval.

    An objective is about the slice that its indicator selects (`slice="expression:weekday"`),
    else about the whole set; a void run gives NO DATA.
    Raises BadInputError when the set has no case in that slice.
    """
    return tuple(
        _row(run, objective, slice_of(objective), void=void)
        for objective in objectives
        if objective.measure is Measure.ACCURACY
    )


def slice_of(objective: Objective) -> str:
    """Return the slice that an accuracy objective is about."""
    indicator = objective.indicator
    query = indicator.success if isinstance(indicator, RawRatio) else indicator.total
    found = _SLICE.search(query)
    return found[1] if found else WHOLE


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
    nothing = Verdict.NO_DATA  # silence says nothing about parsing accuracy
    return replace(judged, measured=None, budget_spent=None, more_needed=None, verdict=nothing)
