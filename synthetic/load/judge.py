"""Which promises a run kept. Pure: objectives and samples in, rows out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slo.objective import Measure, Objective
from synthetic.judgement import Row, Rule, row
from synthetic.load.run_value import LoadRun
from synthetic.load.samples import Samples, failed, unavailable

Bad = Callable[[Samples, Objective], NDArray[np.bool_]]


def judge(
    samples: Samples,
    objectives: Sequence[Objective],
    *,
    void: bool = False,
    rule: Rule = Rule.OBSERVED,
    part: str | None = None,
) -> tuple[Row, ...]:
    """Return a row for each objective that a load run can speak of, in the order given."""
    return tuple(
        row(
            objective,
            total=len(samples),
            bad=int(np.count_nonzero(_BAD[objective.measure](samples, objective))),
            rule=rule,
            void=void,
            part=part,
        )
        for objective in objectives
        if objective.measure in _BAD
    )


def judge_run(run: LoadRun, objectives: Sequence[Objective]) -> tuple[Row, ...]:
    """Return the rows of a whole run by its profile's rule; a void run gives NO DATA throughout."""
    void = run.void_reason is not None
    return judge(run.samples, objectives, void=void, rule=run.profile.rule)


def _slow(samples: Samples, objective: Objective) -> NDArray[np.bool_]:
    """Return for each sample whether its user waited longer than promised, or in vain."""
    threshold_s = objective.threshold_s if objective.threshold_s is not None else np.inf
    in_vain: NDArray[np.bool_] = samples["status"] == 0
    return in_vain | (samples["latency_s"] > threshold_s)


_BAD: Final[Mapping[Measure, Bad]] = {
    Measure.AVAILABILITY: lambda samples, _: unavailable(samples),
    Measure.LATENCY: _slow,
    Measure.ERRORS: lambda samples, _: failed(samples),
}
