"""The golden gate: how fast it is, how often it errs. Simulated changes have a known truth."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ops.embedded import embedded_service
from ops.in_process import InProcessParser
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED as PROJECT
from slo.edge.project_file import load_project
from slo.verdict import Verdict
from synthetic.edge.golden.files import load_cases
from synthetic.edge.golden.judged_answers import judged
from synthetic.edge.golden.parser import HttpParser
from synthetic.edge.golden.runs import ask_all
from synthetic.golden import baseline as baselines
from synthetic.golden.baseline import Baseline
from synthetic.golden.case import Case
from synthetic.golden.gate import GateVerdict, gate
from synthetic.golden.run_value import Answer, GoldenRun, Result
from synthetic.golden.verdicts import Goal, goals
from synthetic.verdict_rows import Rule, row

RUNS = 1000
SLICE = 200
LABEL = "expression:changed"
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def main() -> None:
    """Print each figure beside its limit."""
    _speed()
    cases = _cases()
    promises = goals(load_objectives(), load_project(PROJECT).roles.accuracy)
    random = np.random.default_rng(20261121)
    print(f"\n{RUNS:,} simulated changes each, set of {len(cases):,} cases, slice of {SLICE}")
    print("seed 20261121; `fixed` is the usual gate: the bare share against 85 %\n")
    print(f"{'change':<52}{'gate fails':>12}{'fixed fails':>13}   wanted")
    world = _World(cases, promises)
    for name, change, wanted in _changes(random):
        fails, fixed = _rates(world, change, random)
        print(f"{name:<52}{fails:>11.1%} {fixed:>12.1%}   {wanted}")
    _fixed_threshold(random)


Change = Callable[[Bools], Bools]


def _changes(random: np.random.Generator) -> list[tuple[str, Change, str]]:
    def drop(share: float) -> Change:
        def change(right: Bools) -> Bools:
            """Each right case of the slice is lost with the same chance: a true drop of `share`."""
            now = right.copy()
            chance = share / right[:SLICE].mean()
            now[:SLICE] &= random.uniform(size=SLICE) >= chance
            return now

        return change

    def exactly(points: int) -> Change:
        def change(right: Bools) -> Bools:
            now = right.copy()
            lost = SLICE * points // 100
            now[random.choice(np.flatnonzero(right[:SLICE]), lost, replace=False)] = False
            return now

        return change

    def churn(right: Bools) -> Bools:
        """One case lost and one gained somewhere: as good as before."""
        now = right.copy()
        now[random.choice(np.flatnonzero(right))] = False
        now[random.choice(np.flatnonzero(~right))] = True
        return now

    return [
        ("identical parsers", lambda right: right.copy(), "<= 1 %"),
        ("one case lost, one gained", churn, "few"),
        ("3 points lost on the slice, cases drawn by chance", drop(0.03), ">= 95 %"),
        ("3 points lost on the slice, exactly six cases", exactly(3), ">= 95 %"),
        ("5 points lost on the slice, cases drawn by chance", drop(0.05), ">= 95 %"),
    ]


class _World:
    """Cases with a right and a wrong answer ready, so that a simulated run costs little."""

    def __init__(self, cases: tuple[Case, ...], objectives: tuple[Goal, ...]) -> None:
        self.cases, self.objectives = cases, objectives
        self.right = [judged(c, (Answer({**c.expected}, 0.9),)) for c in cases]
        self.wrong = [judged(c, (Answer({}, 0.9),)) for c in cases]
        self.hashes = {case.id: baselines.content_hash(case) for case in cases}

    def run(self, right: Bools) -> GoldenRun:
        """Return a run in which exactly these cases are right."""
        results: list[Result] = [
            self.right[n] if is_right else self.wrong[n] for n, is_right in enumerate(right)
        ]
        return GoldenRun("bench", tuple(results), 0.0)

    def blessed(self, right: Bools) -> Baseline:
        """Return the baseline of such a run."""
        return baselines.baseline_of(self.run(right), self.cases, {"on": "x"}, None)


def _rates(world: _World, change: Change, random: np.random.Generator) -> tuple[float, float]:
    fails = fixed = 0
    for _ in range(RUNS // 10):
        before = random.uniform(size=len(world.cases)) < 0.93
        blessed = world.blessed(before)
        for _ in range(10):
            now = change(before)
            answer = gate(world.run(now), world.objectives, blessed)
            fails += answer.verdict is GateVerdict.FAIL
            fixed += bool(now[:SLICE].mean() < 0.85)
    return fails / RUNS, fixed / RUNS


def _fixed_threshold(random: np.random.Generator) -> None:
    """Show what the usual gate does to a parser that is better than promised."""
    shares = random.binomial(SLICE, 0.875, 20_000) / SLICE
    print(
        f"\na parser that is right in 87.5 % of all sentences, on {SLICE} fresh cases: a fixed "
        f"threshold of 85 % fails it in {(shares < 0.85).mean():.1%} of runs"
    )
    (promise,) = (one for one in load_objectives() if one.name == "accuracy")
    failed = [
        row(promise, total=SLICE, bad=SLICE - round(share * SLICE), rule=Rule.PROVEN, void=False)
        for share in shares[:2000]
    ]
    fails = np.mean([one.verdict is Verdict.FAIL for one in failed])
    print(f"the interval says FAIL in {fails:.1%}, otherwise PASS or INCONCLUSIVE")


def _cases() -> tuple[Case, ...]:
    """Return the shipped set with 200 of its cases in a slice of their own."""
    cases = load_cases()
    return tuple(
        replace(case, slices={**case.slices, "expression": "changed"}) if n < SLICE else case
        for n, case in enumerate(cases)
    )


def _speed() -> None:
    cases = load_cases()
    ask_all(cases[:50], InProcessParser())  # warm: what is imported and compiled once
    began, cpu_began = time.perf_counter(), time.process_time()
    inside = ask_all(cases, InProcessParser())
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
    _line("in-process", inside, seconds, 2.0)
    print(f"{'':12}of it {cpu_s / inside.total * 1000:.2f} s of processor time")
    with embedded_service() as service:
        ask_all(cases[:50], HttpParser(service.url))
        began = time.perf_counter()
        outside = ask_all(cases, HttpParser(service.url))
        seconds = time.perf_counter() - began
    _line("over HTTP", outside, seconds, 10.0)


def _line(how: str, run: GoldenRun, seconds: float, limit_s: float) -> None:
    per_thousand = seconds / run.total * 1000
    print(
        f"1,000 cases {how:<11} {per_thousand:6.2f} s (limit {limit_s:g} s), "
        f"{run.right:,} of {run.total:,} right, {len(run.unanswered)} unanswered"
    )


if __name__ == "__main__":
    main()
