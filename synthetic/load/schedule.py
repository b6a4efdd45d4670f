"""When each request of a run is due: seconds from the start, as one rising array."""

import numpy as np
from numpy.typing import NDArray

from synthetic.load.shape import Profile, Spacing, Stage

Times = NDArray[np.float64]


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
