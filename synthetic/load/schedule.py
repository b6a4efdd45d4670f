"""When each request of a run is due: seconds from the start, as one rising array."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synthetic.load.shape import Profile, Spacing, Stage

Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every request of a run: when it is due, and the luck (0 to 1) of the person who sends it.

    Requests of one session share their luck; without sessions it is None.
    """

    times_s: Times
    luck: Times | None = None

    def part(self, *, worker: int, workers: int) -> "Plan":
        """Return the share of one worker: every arrival belongs to exactly one of them."""
        luck = None if self.luck is None else self.luck[worker::workers]
        return Plan(part(self.times_s, worker=worker, workers=workers), luck)


def plan(profile: Profile) -> Plan:
    """Return all arrivals of a profile, those of its sessions if it has any."""
    return _sessions(profile) if profile.session_calls else Plan(arrivals_s(profile))


def _sessions(profile: Profile) -> Plan:
    """Return the calls of people who come, do something, think, and go.

    Their number of calls is geometric and their thinking time exponential; who came before the
    run began is still there, so that the rate is right from its first second.
    """
    calls, think_s = profile.session_calls, profile.session_think_s
    random = np.random.default_rng((profile.seed, 1))
    before_s = 5 * calls * think_s
    first = profile.stages[0].from_per_s
    stages = (Stage(before_s, first, first), *profile.stages) if before_s else profile.stages
    fewer = tuple(replace_rates(stage, 1 / calls) for stage in stages)
    starts = arrivals_s(replace(profile, stages=fewer)) - before_s
    numbers = random.geometric(1 / calls, len(starts))
    thinking = random.exponential(1.0, int(numbers.sum())) * think_s
    firsts = np.cumsum(numbers) - numbers
    thinking[firsts] = 0.0
    since = np.cumsum(thinking)
    times = np.repeat(starts, numbers) + since - np.repeat(since[firsts], numbers)
    luck = np.repeat(random.random(len(starts)), numbers)
    wanted = (times >= 0) & (times < profile.duration_s)
    order = np.argsort(times[wanted], kind="stable")
    return Plan(times[wanted][order], luck[wanted][order])


def replace_rates(stage: Stage, factor: float) -> Stage:
    """Return the stage with its rates multiplied by `factor`."""
    return Stage(stage.for_s, stage.from_per_s * factor, stage.to_per_s * factor)


def arrivals_s(profile: Profile) -> Times:
    """Return the intended start of every request, in seconds from the start of the run.

    Constant spacing puts the k-th arrival where the integral of the rate reaches k; Poisson
    spacing draws the number per stage and then places it, which for a rate that changes is the
    same process (Lewis and Shedler, 1979: given their number, arrivals are independent draws
    from the normalised rate). The same profile and seed give the same array.
    """
    if profile.trace_s:
        return np.asarray(profile.trace_s, dtype=np.float64)
    random = np.random.default_rng(profile.seed)
    parts: list[Times] = []
    begin_s, carried = 0.0, 0.0
    for stage in profile.stages:
        if profile.spacing is Spacing.POISSON:
            areas = np.sort(random.uniform(0, _area(stage), random.poisson(_area(stage))))
        else:
            areas = np.arange(np.ceil(carried), carried + _area(stage)) - carried
            carried += _area(stage)
        parts.append(begin_s + _when(stage, areas))
        begin_s += stage.for_s
    return np.concatenate(parts)


def part(times_s: Times, *, worker: int, workers: int) -> Times:
    """Return the share of one worker: every arrival belongs to exactly one of them."""
    return times_s[worker::workers]


def _area(stage: Stage) -> float:
    """Return how many arrivals a stage holds."""
    return stage.for_s * (stage.from_per_s + stage.to_per_s) / 2


def _when(stage: Stage, areas: Times) -> Times:
    """Return at what second of the stage the integral of its rate reaches each of `areas`.

    With rate a + (b - a) t / T the integral is a t + (b - a) t² / 2T; its inverse is written
    with the root in the denominator, which stays exact when a equals b.
    """
    slope = (stage.to_per_s - stage.from_per_s) / stage.for_s
    root = np.sqrt(np.maximum(stage.from_per_s**2 + 2 * slope * areas, 0.0))
    denominator = stage.from_per_s + root
    return np.divide(2 * areas, denominator, out=np.zeros_like(areas), where=denominator > 0)
