"""Run histories one after the other on one laboratory, and judge each."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from kit.pure.errors import UnreachableError
from ops.histories.edge.playing import Lab, play
from ops.histories.faults import FAULTS, TOGETHER, turns_of
from ops.histories.operation import History
from ops.histories.plan import Plan, Step, plan_of
from ops.histories.promises import check
from ops.histories.run import HistoryRun, Judged
from ops.histories.shrink import shortest_history, smallest

Tell = Callable[[str], None]
KINDS: Final = (*FAULTS, TOGETHER)


def run_histories(
    faults: Sequence[str], seeds: Sequence[int], lab: Lab, tell: Tell, *, again: int = 0
) -> HistoryRun:
    """Play every seed under every kind of fault and return what was found.

    After a violation the plan is played up to `again` times more with ever fewer steps, so that
    the shortest plan that still fails is known, too.
    """
    now = datetime.now(UTC)
    run, began_s = HistoryRun(f"{now:%Y%m%dT%H%M%S}-histories", now), time.monotonic()
    for fault in faults:
        for seed in seeds:
            try:
                judged = _judged(played(fault, seed, lab))
            except UnreachableError as err:
                run.void.append((fault, seed, str(err)))
                tell(f"{fault}, seed {seed}: void: {err}")
                continue
            if judged.violations and again:
                judged = _replayed(judged, lab, again)
            run.judged.append(judged)
            tell(_line(judged))
    run.wall_s = time.monotonic() - began_s
    return run


def played(fault: str, seed: int, lab: Lab, plan: Plan | None = None) -> History:
    """Play the plan of a seed, or a part of it, under a kind of fault."""
    source = random.Random(f"{fault}/{seed}")  # noqa: S311 -- the same again is the point
    whole = plan_of(seed, source)
    turns = turns_of(fault, source)
    return asyncio.run(play(plan or whole, fault, turns, lab))


def _judged(history: History) -> Judged:
    found = check(history)
    return Judged(history, found, shortest_history(history, found[0]) if found else None)


def _replayed(judged: Judged, lab: Lab, most: int) -> Judged:
    """Play ever smaller parts of the plan; return the shortest that broke the same promise."""
    history, promise = judged.history, judged.violations[0].promise
    source = random.Random(f"{history.fault}/{history.seed}")  # noqa: S311 -- the same again
    whole = plan_of(history.seed, source)
    best = [judged]

    def fails(steps: Sequence[Step]) -> bool:
        try:
            tried = _judged(played(history.fault, history.seed, lab,
                                   replace(whole, steps=tuple(steps))))  # fmt: skip
        except UnreachableError:
            return False
        if tried.violations and tried.violations[0].promise == promise:
            best.append(tried)
            return True
        return False

    smallest(whole.steps, fails, most=most)
    return best[-1]


def _line(judged: Judged) -> str:
    history = judged.history
    what = f"{history.fault}, seed {history.seed}: {history.acknowledged} acknowledged"
    if not judged.violations:
        return what
    first = judged.violations[0]
    return f"{what}; BROKEN {first.promise}: {first.what}"
