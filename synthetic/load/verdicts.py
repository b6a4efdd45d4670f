"""Which objectives a run met. Pure: objectives and samples in, rows out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.run_status import Status
from slo.objective import Measure, Objective
from slo.verdict import Verdict, overall
from synthetic.load.coverage import in_stage, judged_stages, missing, status_of
from synthetic.load.run_value import LoadRun
from synthetic.load.samples import Outcome, Samples, failed, samples_by_route, unavailable
from synthetic.load.shape import Kind
from synthetic.verdict_rows import Row, Rule, row

Bad = Callable[[Samples, Objective], NDArray[np.bool_]]
BY_ROUTE: Final = "route"


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
            bad=int(np.count_nonzero(bad_of(samples, objective))),
            rule=rule,
            void=void,
            part=part,
        )
        for objective in objectives
        if speaks_of(objective)
    )


def judge_run(run: LoadRun, objectives: Sequence[Objective]) -> tuple[Row, ...]:
    """Return the rows of a run by its profile's rule; a void run gives NO DATA throughout.

    The objectives on the sum come first, then those that are also watched by route, a row a route.
    Requests that an early end cut off count neither way. A partial run is never a PASS, and a
    FAIL only where the objective is missed even if all that was not seen had been good.
    """
    status, rule, samples = status_of(run), run.profile.rule, judged(run)
    void = status is Status.VOID
    rows = judge(samples, objectives, void=void, rule=rule)
    split = [objective for objective in objectives if objective.split_by == BY_ROUTE]
    by_route = zip(run.routes, samples_by_route(samples, len(run.routes)), strict=True)
    parts = (
        one
        for name, mine in by_route
        for one in judge(mine, split, void=void, rule=rule, part=name)
    )
    found = (*rows, *parts)
    if status is not Status.PARTIAL:
        return found
    known = {objective.name: objective for objective in objectives}
    return tuple(_with_the_rest(run, samples, one, known[one.objective]) for one in found)


def _with_the_rest(run: LoadRun, samples: Samples, one: Row, objective: Objective) -> Row:
    """Return a row of a partial run: what was not seen may have been good, or bad."""
    stages = judged_stages(run.profile)
    rest = missing(run, samples, slice(stages))
    lost = rest is not None and _is_lost(objective, one.bad, one.total + rest, run.profile.rule)
    if run.profile.kind is Kind.STRESS and one.part is None:  # each stage has to hold by itself
        lost = lost or any(_lost_stage(run, samples, objective, n) for n in range(stages))
    verdict = Verdict.FAIL if lost else Verdict.INCONCLUSIVE
    return replace(one, verdict=verdict, more_needed=None if lost else rest)


def _lost_stage(run: LoadRun, samples: Samples, objective: Objective, number: int) -> bool:
    inside = in_stage(run.profile, samples, number)
    rest = missing(run, samples, slice(number, number + 1))
    bad = int(np.count_nonzero(bad_of(inside, objective)))
    return rest is not None and _is_lost(objective, bad, len(inside) + rest, run.profile.rule)


def _is_lost(objective: Objective, bad: int, total: int, rule: Rule) -> bool:
    """Return whether an objective is missed with `bad` of `total` requests, all others good."""
    return row(objective, total=total, bad=bad, rule=rule, void=False).verdict is Verdict.FAIL


def judged(run: LoadRun) -> Samples:
    """Return the samples that a verdict is about."""
    samples, until_s = not_cut_off(run), run.profile.judged_until_s
    result: Samples = samples if until_s is None else samples[samples["due_s"] < until_s]
    return result


def not_cut_off(run: LoadRun) -> Samples:
    """Return the samples of a run without those that an early end cut off."""
    cut = run.interrupted or run.stopped_early is not None
    samples: Samples = run.samples
    return samples[samples["outcome"] != Outcome.UNFINISHED] if cut else samples


def verdict_of(rows: Iterable[Row]) -> Verdict:
    """Return the one verdict of a run: the sum must be decided, and no route may miss an objective.

    A route with too few requests leaves its own row open, not the whole run's verdict.
    """
    return overall(one.verdict for one in rows if one.part is None or one.verdict is Verdict.FAIL)


def speaks_of(objective: Objective) -> bool:
    """Return whether a load run can say anything of an objective."""
    return objective.measure in _BAD


def bad_of(samples: Samples, objective: Objective) -> NDArray[np.bool_]:
    """Return for each sample whether it spends the objective's budget."""
    return _BAD[objective.measure](samples, objective)


def _slow(samples: Samples, objective: Objective) -> NDArray[np.bool_]:
    """Return for each sample whether it took longer than the objective allows, or never came."""
    threshold_s = objective.threshold_s if objective.threshold_s is not None else np.inf
    in_vain: NDArray[np.bool_] = samples["status"] == 0
    return in_vain | (samples["latency_s"] > threshold_s)


_BAD: Final[Mapping[Measure, Bad]] = {
    Measure.AVAILABILITY: lambda samples, _: unavailable(samples),
    Measure.LATENCY: _slow,
    Measure.ERRORS: lambda samples, _: failed(samples),
}
