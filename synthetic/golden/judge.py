"""Whether a golden run keeps the promise on accuracy. Pure."""

from collections.abc import Sequence

from slo.objective import Measure, Objective
from synthetic.golden.case import WHOLE
from synthetic.golden.run_value import GoldenRun
from synthetic.judgement import Row, Rule, row


def judge(
    run: GoldenRun, objectives: Sequence[Objective], *, label: str = WHOLE
) -> tuple[Row, ...]:
    """Return a row for each accuracy objective, proved or refuted by the Wilson interval.

    `label` names the slice to judge; a run of a parser that answers differently when asked
    again cannot be judged.
    """
    results = run.with_label(label)
    return tuple(
        row(
            objective,
            total=len(results),
            bad=sum(not result.right for result in results),
            rule=Rule.PROVEN,
            void=False,
            part=None if label == WHOLE else label,
        )
        for objective in objectives
        if objective.measure is Measure.ACCURACY
    )
