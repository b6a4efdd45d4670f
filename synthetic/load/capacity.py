"""How much the target can take: the universal scalability law, fitted to a climb of rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.estimate import Estimate
from kit.pure.inference import least_squares
from kit.pure.json_values import JsonObject
from slo.objective import Objective
from slo.project.project import Project
from slo.verdict import Verdict
from synthetic.load.counting import asked_of
from synthetic.load.run_value import LoadRun
from synthetic.load.samples import Samples, sent_only
from synthetic.load.shape import Stage
from synthetic.load.verdicts import judge, not_cut_off, verdict_of
from synthetic.verdict_rows import Row, Rule

SLICES: Final = 4
"""Points a stage: they give the spread that the interval of the fit comes from."""
RESAMPLES: Final = 200
FEWEST_POINTS: Final = 6
TAIL: Final = 0.025
BEHIND: Final = 0.05
"""Of what arrived in a stage, so much may still wait at its end."""
_SEED: Final = 4_711


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a climb: its rate, what came of it, and whether the objectives were met.

    It `kept_up` when as much was served as arrived; otherwise the objectives were only met because
    the stage was short.
    """

    offered_per_s: float
    served_per_s: float
    in_flight: float
    p95_ms: float | None
    verdict: Verdict
    kept_up: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a climb has shown.

    `safe_per_s` is the highest rate up to which every step kept up and met all objectives (None:
    none did), `broken_per_s` the first that broke one (None: none did: the knee lies higher).
    With N requests in flight the law gives a throughput of `rate` N / (1 + `contention` (N - 1)
    + `coherency` N (N - 1)) per second (Gunther 2007, Guerrilla Capacity Planning, chapter 4);
    it peaks at `peak_per_s` with `peak_in_flight`. None where too few points, or no bend, was
    seen.
    """

    steps: tuple[Step, ...]
    safe_per_s: float | None
    broken_per_s: float | None
    rate: Estimate | None
    contention: Estimate | None
    coherency: Estimate | None
    peak_per_s: Estimate | None
    peak_in_flight: Estimate | None


@dataclass(frozen=True, slots=True)
class Climbed:
    """The steps of one run, and the points (in flight, per second) that its stages give."""

    steps: tuple[Step, ...]
    points: tuple[tuple[float, float], ...]

    @property
    def broken(self) -> int | None:
        """Return the number of the first step that missed an objective, None where none did."""
        missed = (n for n, one in enumerate(self.steps) if one.verdict is Verdict.FAIL)
        return next(missed, None)

    def then(self, other: "Climbed") -> "Climbed":
        """Return both, `other` going on where this one broke: its first step is that one again."""
        kept = self.steps if self.broken is None else self.steps[: self.broken]
        return Climbed((*kept, *other.steps), (*self.points, *other.points))


def climbed(run: LoadRun, objectives: Sequence[Objective], project: Project) -> Climbed:
    """Return what the stages of a run show; a stage that was not reached is left out."""
    steps, points, begin_s = [], [], 0.0
    asked = asked_of(run.profile, objectives)
    judged, sent = not_cut_off(run), sent_only(run.samples)
    for stage in run.profile.stages:
        inside = _between(judged, begin_s, begin_s + stage.for_s)
        if len(inside):
            end_s = min(begin_s + stage.for_s, run.lasted_s)
            rows = judge(inside, run.routes, asked, project, rule=Rule.OBSERVED)
            steps.append(_step(inside, stage, end_s - begin_s, flow(sent, begin_s, end_s), rows))
            edges = np.linspace(begin_s, end_s, SLICES + 1)
            points += [flow(sent, low, high) for low, high in pairwise(edges)]
        begin_s += stage.for_s
    return Climbed(tuple(steps), tuple(points))


def capacity_of(found: Climbed) -> Capacity:
    """Return what the steps of a climb say of the service's capacity."""
    safe, broken = _edge(found.steps)
    points = np.array([one for one in found.points if min(one) > 0])
    return Capacity(found.steps, safe, broken, *_fitted(points))


def throughput(in_flight: NDArray[np.float64], law: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return requests per second by the law's (rate, contention, coherency)."""
    rate, contention, coherency = law
    n = in_flight
    result: NDArray[np.float64] = rate * n / (1 + contention * (n - 1) + coherency * n * (n - 1))
    return result


def fit(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the law's (rate, contention, coherency) for rows of (in flight, per second).

    Least squares on errors as shares of the highest throughput, since the top is what is asked
    for; beyond a tenth they count linearly, so that a slice that was disturbed bends nothing.
    """
    n, x = points[:, 0], points[:, 1]
    start, top = float(np.max(x / np.maximum(n, 1e-9))), float(np.max(x))

    def errors(law: NDArray[np.float64]) -> NDArray[np.float64]:
        return (throughput(n, law) - x) / top

    return least_squares(
        errors,
        [start, 0.01, 1e-4],
        bounds=([1e-9, 0.0, 0.0], [np.inf, 1.0, 1.0]),
        scale=[start, 0.1, 0.01],
        beyond=0.1,
    )


def peak(law: NDArray[np.float64]) -> tuple[float, float]:
    """Return (in flight, per second) where throughput is highest; infinite without coherency.

    The derivative of the law vanishes at N = sqrt((1 - contention) / coherency).
    """
    rate, contention, coherency = law
    if coherency <= 1e-12:  # noqa: PLR2004 -- zero, as far as the solver can tell
        return np.inf, rate / contention if contention > 0 else np.inf
    n = float(np.sqrt((1 - contention) / coherency))
    return n, float(throughput(np.array([n]), law)[0])


def as_json(capacity: Capacity | None) -> JsonObject | None:
    """Return the capacity as plain JSON data; what is infinite is null."""
    if capacity is None:
        return None
    fields = ("rate", "contention", "coherency", "peak_per_s", "peak_in_flight")
    return {
        "safe_per_s": capacity.safe_per_s,
        "broken_per_s": capacity.broken_per_s,
        **{name: _estimate(getattr(capacity, name)) for name in fields},
        "steps": [
            {
                "offered_per_s": one.offered_per_s,
                "served_per_s": one.served_per_s,
                "in_flight": one.in_flight,
                "p95_ms": one.p95_ms,
                "verdict": str(one.verdict),
                "kept_up": one.kept_up,
            }
            for one in capacity.steps
        ],
    }


def _fitted(points: NDArray[np.float64]) -> tuple[Estimate | None, ...]:
    if len(points) < FEWEST_POINTS:
        return (None,) * 5
    random = np.random.default_rng(_SEED)
    best = fit(points)
    drawn = [fit(points[random.integers(0, len(points), len(points))]) for _ in range(RESAMPLES)]
    laws = np.array([best, *drawn])
    peaks = np.array([peak(law) for law in laws])
    columns = [*laws.T, peaks[:, 1], peaks[:, 0]]
    return tuple(
        Estimate(float(c[0]), *np.quantile(c[1:], (TAIL, 1 - TAIL), method="nearest").tolist())
        for c in columns
    )


def flow(sent: Samples, low_s: float, high_s: float) -> tuple[float, float]:
    """Return how many requests were in flight on average, and how many were served a second.

    Both are of the time from `low_s` to `high_s`, whenever the requests were due.
    """
    width_s = max(high_s - low_s, 1e-3)
    ends_s = sent["due_s"] + sent["latency_s"]
    waited_s = np.minimum(ends_s, high_s) - np.maximum(sent["due_s"], low_s)
    served = (sent["expected"] == 1) & (ends_s >= low_s) & (ends_s < high_s)
    in_flight = float(np.maximum(waited_s, 0.0).sum()) / width_s
    return in_flight, int(np.count_nonzero(served)) / width_s


def _step(
    inside: Samples,
    stage: Stage,
    lasted_s: float,
    seen: tuple[float, float],
    rows: Sequence[Row],
) -> Step:
    sent = sent_only(inside)
    p95 = float(np.quantile(sent["latency_s"], 0.95)) * 1000 if len(sent) else None
    in_flight, served_per_s = seen
    verdict = verdict_of(rows)
    kept_up = served_per_s * lasted_s >= (1 - BEHIND) * len(inside)
    return Step(stage.to_per_s, served_per_s, in_flight, p95, verdict, kept_up)


def _edge(steps: Sequence[Step]) -> tuple[float | None, float | None]:
    """Return the highest rate that is safe, and the first that missed an objective."""
    sound = takewhile(lambda step: step.kept_up and step.verdict is not Verdict.FAIL, steps)
    safe = [step.offered_per_s for step in sound if step.verdict is Verdict.PASS]
    broken = [step.offered_per_s for step in steps if step.verdict is Verdict.FAIL]
    return max(safe, default=None), min(broken, default=None)


def _between(samples: Samples, begin_s: float, end_s: float) -> Samples:
    result: Samples = samples[(samples["due_s"] >= begin_s) & (samples["due_s"] < end_s)]
    return result


def _estimate(value: Estimate | None) -> dict[str, float | None] | None:
    if value is None or not np.isfinite(value.value):
        return None
    return {
        "value": value.value,
        **{
            name: bound if bound is not None and np.isfinite(bound) else None
            for name, bound in (("low", value.low), ("high", value.high))
        },
    }
