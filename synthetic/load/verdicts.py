"""Which objectives a run met. Pure: objectives and samples in, rows out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kit.pure.run_status import Status
from slo.objective import Objective
from slo.project.project import Project
from slo.verdict import Verdict, overall
from synthetic.clusters import Evidence, evidence
from synthetic.load.counting import Counting, Judged, Mask, asked_of, judged_by
from synthetic.load.coverage import in_stage, judged_stages, missing, stages_of, status_of
from synthetic.load.run_value import LoadRun
from synthetic.load.samples import Outcome, Samples, without_lag
from synthetic.load.shape import Kind
from synthetic.verdict_rows import Row, Rule, row, unmeasurable_row, verdict_on

_NOTHING = "no answer"


def judge(
    samples: Samples,
    routes: Sequence[str],
    objectives: Sequence[Objective],
    project: Project,
    *,
    void: bool = False,
    rule: Rule = Rule.OBSERVED,
) -> tuple[Row, ...]:
    """Return a row for each objective by what it counts, in the order given.

    An objective of one route is judged over that route; one that single requests do not show
    gets a row that says why.
    """
    return tuple(
        _whole(one, samples, routes, void=void, rule=rule) for one in judged_by(objectives, project)
    )


def judge_run(run: LoadRun, objectives: Sequence[Objective], project: Project) -> tuple[Row, ...]:
    """Return the rows of a run by its profile's rule; a void run gives NO DATA throughout.

    The objectives on the sum come first, then those that are also watched by a label, a row a
    value. Requests that an early end cut off count neither way. A partial run is never a PASS, and
    a FAIL only where the objective is missed even if all that was not seen had been good.
    """
    status, rule, samples = status_of(run), run.profile.rule, judged(run)
    void, every = status is Status.VOID, judged_by(asked_of(run.profile, objectives), project)
    rows = [_whole(one, samples, run.routes, void=void, rule=rule) for one in every]
    for one in every:
        rows += _parts(one, samples, run.routes, void=void, rule=rule)
    if status is Status.PARTIAL:
        known = {one.objective.name: one for one in every}
        rows = [_with_the_rest(run, samples, one, known[one.objective]) for one in rows]
    left_out = (one for one in objectives if not run.profile.asks(one.name))
    why = f"profile {run.profile.name} leaves it out"
    return (*rows, *(unmeasurable_row(one, why) for one in left_out))


def _whole(one: Judged, samples: Samples, routes: Sequence[str], *, void: bool, rule: Rule) -> Row:
    if one.meaning is None:
        return unmeasurable_row(one.objective, one.why_not or "")
    counting = Counting(one.meaning, routes)
    counted, bad = counting.masks(samples)
    found = _row(one, _seen(one, samples, counted, bad), void=void, rule=rule)
    return _unless_lagged(found, one, counting, samples[counted], rule)


def _seen(one: Judged, samples: Samples, counted: Mask, bad: Mask) -> Evidence:
    """Return what the counted ones of some samples show."""
    slow = one.meaning is not None and bool(one.meaning.edges_s)
    return evidence(samples["due_s"][counted], bad[counted], slow=slow)


def _row(one: Judged, seen: Evidence, *, void: bool, rule: Rule, part: str | None = None) -> Row:
    found = row(
        one.objective,
        total=seen.total,
        bad=seen.bad,
        rule=rule,
        void=void,
        part=part,
        effect=seen.effect,
        unseen=seen.unseen,
    )
    edges_s = one.meaning.edges_s if one.meaning else ()
    return replace(found, threshold_s=edges_s[0]) if len(edges_s) == 1 else found


def _parts(
    one: Judged, samples: Samples, routes: Sequence[str], *, void: bool, rule: Rule
) -> Iterator[Row]:
    """Yield a row for each value of the label by which an objective is also watched."""
    label = one.objective.split_by
    if label is None or one.meaning is None:
        return
    if one.split is None:
        why = f"it is also watched by {label}, which no client sees"
        yield unmeasurable_row(one.objective, why, part=f"by {label}")
        return
    counting = Counting(one.meaning, routes)
    counted, bad = counting.masks(samples)
    names, place = _values(one.split, samples, routes)
    totals = np.bincount(place[counted], minlength=len(names))
    always = {n for n in range(len(routes)) if counting.counts_route(n)}
    for number, name in enumerate(names):
        if totals[number] or (one.split == "route" and number in always):
            mine = counted & (place == number)
            found = _row(
                one, _seen(one, samples, mine, bad & mine), void=void, rule=rule, part=name
            )
            yield _unless_lagged(found, one, counting, samples[mine], rule)


def _unless_lagged(
    found: Row, one: Judged, counting: Counting, counted: Samples, rule: Rule
) -> Row:
    """Return a row, not decided where it is missed by the generator's own lag alone."""
    if found.verdict is not Verdict.FAIL or not (one.meaning and one.meaning.edges_s):
        return found
    own = without_lag(counted)
    again = _seen(one, own, *counting.masks(own))
    if verdict_on(again, one.objective.target, rule) is Verdict.FAIL:
        return found
    return replace(found, verdict=Verdict.INCONCLUSIVE, lagged=True)


def _values(
    part: str, samples: Samples, routes: Sequence[str]
) -> tuple[Sequence[str], NDArray[np.intp]]:
    """Return the values of a part of the requests, and which of them each sample has."""
    if part == "route":
        return routes, samples["route"].astype(np.intp)
    if part == "status":
        values, place = np.unique(samples["status"], return_inverse=True)
        return [str(value) if value else _NOTHING for value in values], place
    methods = [name.partition(" ")[0] for name in routes]
    names = sorted(set(methods))
    numbers = np.array([names.index(method) for method in methods], dtype=np.intp)
    return names, numbers[samples["route"]]


def _with_the_rest(run: LoadRun, samples: Samples, one: Row, by: Judged) -> Row:
    """Return a row of a partial run: what was not seen may have been good, or bad."""
    if one.unmeasurable is not None or by.meaning is None:
        return one
    counting, stages = Counting(by.meaning, run.routes), judged_stages(run.profile)
    rest = missing(run, samples, slice(stages))
    counted, bad = counting.masks(samples)
    if one.part is not None and by.split is not None:
        names, place = _values(by.split, samples, run.routes)
        counted &= place == list(names).index(one.part)
    lost = _is_lost(run, by, (samples, counted, bad & counted), rest, run.profile.duration_s)
    if run.profile.kind is Kind.STRESS and one.part is None:  # each stage has to hold by itself
        lost = lost or any(_lost_stage(run, samples, by, counting, n) for n in range(stages))
    verdict = Verdict.FAIL if lost else Verdict.INCONCLUSIVE
    return replace(one, verdict=verdict, more_needed=None if lost else rest)


def _lost_stage(
    run: LoadRun, samples: Samples, by: Judged, counting: Counting, number: int
) -> bool:
    inside = in_stage(run.profile, samples, number)
    rest = missing(run, samples, slice(number, number + 1))
    until_s = sum(stage.for_s for stage in stages_of(run.profile)[: number + 1])
    return _is_lost(run, by, (inside, *counting.masks(inside)), rest, until_s)


def _is_lost(
    run: LoadRun, by: Judged, seen: tuple[Samples, Mask, Mask], rest: int | None, until_s: float
) -> bool:
    """Return whether an objective is missed even if the `rest` until then is all good."""
    if rest is None:
        return False
    samples, counted, bad = seen
    best = evidence(samples["due_s"][counted], bad[counted], rest=rest, until_s=until_s)
    return verdict_on(best, by.objective.target, run.profile.rule) is Verdict.FAIL


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

    A route with too few requests leaves its own row open, not the whole run's verdict. What a load
    run cannot judge decides nothing; where it can judge nothing at all, that is NO DATA.
    """
    return overall(
        one.verdict
        for one in rows
        if one.unmeasurable is None and (one.part is None or one.verdict is Verdict.FAIL)
    )
