"""How much of its plan a run has sent, by worker and by stage, and what may be said of the rest.

A run is `void` when its own measuring cannot be trusted, `partial` when a person, or an objective
that could not be met any more, ended it before all that is judged had been sent, and else `whole`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kit.pure.json_values import JsonMapping, JsonObject
from kit.pure.run_status import Status
from synthetic.load.samples import Outcome, Samples
from synthetic.load.schedule import plan
from synthetic.load.shape import Profile, Stage

if TYPE_CHECKING:
    from synthetic.load.run_value import LoadRun


@dataclass(frozen=True, slots=True)
class Planned:
    """How many requests a schedule has for each stage and for each worker."""

    stages: tuple[int, ...]
    workers: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return how many requests the schedule has."""
        return sum(self.stages)


def planned_for(profile: Profile, workers: int) -> Planned | None:
    """Return what a profile plans; None where answers decide what is sent, as in a closed model."""
    if profile.goes_on:
        return None
    times_s = plan(profile).times_s
    shares = (len(times_s[worker::workers]) for worker in range(workers))
    return Planned(tuple(_by_stage(profile, times_s).tolist()), tuple(shares))


def stages_of(profile: Profile) -> tuple[Stage, ...]:
    """Return the stages; a recorded trace is one, at its mean rate."""
    mean = profile.arrivals / profile.duration_s
    return profile.stages or (Stage(profile.duration_s, mean, mean),)


def judged_stages(profile: Profile) -> int:
    """Return how many stages, from the first, the objectives are judged in."""
    until_s = profile.judged_until_s
    begins = [0.0, *accumulate(stage.for_s for stage in stages_of(profile))][:-1]
    return len(begins) if until_s is None else sum(begin_s < until_s for begin_s in begins)


def missing(run: "LoadRun", seen: Samples, stages: slice) -> int | None:
    """Return how many requests of some stages are not among `seen`; None when no plan says."""
    if run.planned is None:
        return None
    had = _by_stage(run.profile, seen["due_s"])[stages]
    return max(sum(run.planned.stages[stages]) - int(had.sum()), 0)


def in_stage(profile: Profile, samples: Samples, number: int) -> Samples:
    """Return the samples that were due in one stage."""
    result: Samples = samples[_places(profile, samples["due_s"]) == number]
    return result


def status_of(run: "LoadRun") -> Status:
    """Return what a run is good for."""
    if run.void_reason is not None:
        return Status.VOID
    judged = slice(judged_stages(run.profile))
    ended = run.interrupted or run.stopped_early is not None
    if run.interrupted or (ended and missing(run, run.samples, judged) != 0):
        return Status.PARTIAL
    return Status.WHOLE


def shortfall(planned: Planned | None, scheduled: int) -> str | None:
    """Return how a run fell short that nobody asked to end, None when it did not."""
    if planned is None or planned.total == scheduled:
        return None
    return f"only {scheduled:,} of the {planned.total:,} planned requests were sent or dropped"


def plan_data(run: "LoadRun") -> JsonObject:
    """Return planned, sent and finished requests, by worker and by stage, as plain JSON data."""
    samples, planned = run.samples, run.planned
    stages, workers = stages_of(run.profile), run.generator.workers
    by_stage = _counts(samples, _places(run.profile, samples["due_s"]), len(stages))
    by_worker = _counts(samples, samples["worker"], workers)
    shares = [None] * workers if planned is None else planned.workers
    parts = [None] * len(stages) if planned is None else planned.stages
    return {
        "planned": None if planned is None else planned.total,
        "workers": [
            {"worker": number, "planned": share, **one}
            for number, (share, one) in enumerate(zip(shares, by_worker, strict=True))
        ],
        "stages": [
            {"from_per_s": s.from_per_s, "to_per_s": s.to_per_s, "for_s": s.for_s, "planned": n}
            | one
            for s, n, one in zip(stages, parts, by_stage, strict=True)
        ],
    }


def why_not_whole(record: JsonMapping) -> str | None:
    """Return why a run's record does not hold all of its plan, None when it does."""
    if record["void_reason"]:
        return f"is void: {record['void_reason']}"
    if record.get("interrupted"):
        return "is partial: it was interrupted"
    if record.get("stopped_early"):
        return f"is partial: it was stopped early, {record['stopped_early']}"
    if (status := record.get("status", Status.WHOLE)) != Status.WHOLE:
        return f"is {status}"
    return None


def _places(profile: Profile, due_s: NDArray[np.float64]) -> NDArray[np.int64]:
    ends_s = list(accumulate(stage.for_s for stage in stages_of(profile)))[:-1]
    found: NDArray[np.int64] = np.searchsorted(ends_s, due_s, side="right")
    return found


def _by_stage(profile: Profile, due_s: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.bincount(_places(profile, due_s), minlength=len(stages_of(profile)))


def _counts(samples: Samples, places: NDArray[np.int64], count: int) -> Sequence[dict[str, int]]:
    """Return what came of the samples at each place."""
    sent = samples["outcome"] != Outcome.DROPPED
    finished = sent & (samples["outcome"] != Outcome.UNFINISHED)
    columns = {
        "scheduled": np.bincount(places, minlength=count),
        "sent": np.bincount(places[sent], minlength=count),
        "finished": np.bincount(places[finished], minlength=count),
    }
    return [{name: int(column[n]) for name, column in columns.items()} for n in range(count)]
