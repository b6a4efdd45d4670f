"""How often a verdict on clustered trouble is wrong, by simulation of whole runs.

Each world is a run with so many requests, of which a share is bad: each by itself, in bunches that
begin by chance (a hiccup of a worker, a node that goes), or in stalls that hold up all that is due.
PROVEN is wrong where it passes what misses the objective, or fails what meets it; `observed` is
asked at half and at twice the budget, as `synthetic.verdict_rows` says.
"""

import sys
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slo.verdict import Verdict
from synthetic.clusters import BLOCKS, UNSEEN_BUNCH, Evidence, block_of, design_effect, in_a_stall
from synthetic.verdict_rows import Rule, verdict_on

RUNS: Final = 2_000
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class World:
    """`bunch` is how many fail together (1: each by itself), `stall_s` how long all is slow."""

    name: str
    budget: float
    count: int
    seconds: float
    bunch: int = 1
    stall_s: float = 0.0
    random_size: bool = False


STEADY: Final = 10_800, 180.0
PROOFS: Final = (
    World("stalls of 3 s, 10,800 requests, 5 %", 0.05, *STEADY, stall_s=3.0),
    World("stalls of 3 s, 14,400 requests, 5 %", 0.05, 14_400, 240.0, stall_s=3.0),
    World("stalls of 3 s, 36,000 requests, 5 %", 0.05, 36_000, 600.0, stall_s=3.0),
    World("stalls of 2 s, 36,000 requests, 1 %", 0.01, 36_000, 600.0, stall_s=2.0),
    World("stalls of 3 s, 72,000 requests, 1 %", 0.01, 72_000, 1_200.0, stall_s=3.0),
    World("bunches of 8, 10,800 requests, 1 %", 0.01, *STEADY, bunch=8),
    World("bunches of about 8, 36,000 requests, 1 %", 0.01, 36_000, 600.0, 8, random_size=True),
    World("single failures, 10,800 requests, 1 %", 0.01, *STEADY),
    World("bunches of 8, 36,000 requests, 0.1 %", 0.001, 36_000, 600.0, bunch=8),
    World("bunches of about 8, 36,000 requests, 0.1 %", 0.001, 36_000, 600.0, 8, random_size=True),
    World("single failures, 36,000 requests, 0.1 %", 0.001, 36_000, 600.0),
)
PROOF_SHARES: Final = (0.5, 0.7, 0.95, 1.05, 1.3, 2.0)
"""Of the budget: true shares at which a proof is asked for."""
LOOKS: Final = (
    World("single failures, smoke, 1 %", 0.01, 800, 20.0),
    World("single failures, smoke, 0.1 %", 0.001, 800, 20.0),
    World("single failures, a stage of stress, 0.1 %", 0.001, 1_500, 15.0),
    World("single failures, a try of breakpoint, 1 %", 0.01, 750, 15.0),
    World("stalls of 3 s, 10,800 requests, 5 %", 0.05, *STEADY, stall_s=3.0),
    World("bunches of 4, 1,500 requests, 1 %", 0.01, 1_500, 60.0, bunch=4),
    World("bunches of 8, 10,800 requests, 1 %", 0.01, *STEADY, bunch=8),
    World("bunches of about 8, 36,000 requests, 1 %", 0.01, 36_000, 600.0, 8, random_size=True),
)


def bad_ones(world: World, share: float, random: np.random.Generator) -> Flags:
    """Return which requests of one run are bad, in the order in which they are due."""
    found = np.zeros(world.count + 1, dtype=np.int64)
    if world.stall_s:
        width = world.stall_s / world.seconds * world.count
        many = random.poisson(-np.log1p(-share) / world.stall_s * (world.seconds + world.stall_s))
        begins = random.uniform(-width, world.count, many)
        ends = begins + width
    else:
        begins = np.floor(random.uniform(0, world.count, random.poisson(
            -np.log1p(-share) * world.count / world.bunch
        )))  # fmt: skip
        sizes = random.geometric(1 / world.bunch, len(begins))
        ends = begins + (sizes if world.random_size else world.bunch)
    edges = (np.clip(np.ceil(one), 0, world.count).astype(int) for one in (begins, ends))
    for place, step in zip(edges, (1, -1), strict=True):
        np.add.at(found, place, step)
    result: Flags = np.cumsum(found)[:-1] > 0
    return result


def verdicts(world: World, share: float, rule: Rule, runs: int, seed: int = 3) -> list[Verdict]:
    """Return the verdict of each of many runs, as `sre load run` gives it."""
    random = np.random.default_rng(seed)
    at_s = np.linspace(0.0, world.seconds, world.count, endpoint=False, dtype=np.float64)
    place = block_of(at_s, 0.0, float(at_s[-1]))
    total = np.bincount(place, minlength=BLOCKS).astype(np.float64)
    flags = (bad_ones(world, share, random) for _ in range(runs))
    bad = np.array([np.bincount(place[one], minlength=BLOCKS) for one in flags], dtype=np.float64)
    unseen = in_a_stall(world.count, world.seconds) if world.stall_s else UNSEEN_BUNCH
    effects = design_effect(bad, np.broadcast_to(total, bad.shape))
    return [
        verdict_on(Evidence(world.count, int(lost), float(effect), unseen), 1 - world.budget, rule)
        for lost, effect in zip(bad.sum(axis=1), effects, strict=True)
    ]


def wrong(world: World, times: float, rule: Rule, runs: int) -> tuple[float, float]:
    """Return the share of runs that were judged wrongly, and of those that were decided at all.

    `times` is the true share of bad ones over the budget.
    """
    found = verdicts(world, times * world.budget, rule, runs)
    bad = Verdict.PASS if times > 1 else Verdict.FAIL
    decided = sum(one is not Verdict.INCONCLUSIVE for one in found)
    return sum(one is bad for one in found) / runs, decided / runs


def main() -> None:
    """Print a line for each world."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    plans = (
        (Rule.PROVEN, PROOFS, PROOF_SHARES, "at most 2.5 %"),
        (Rule.OBSERVED, LOOKS, (0.5, 2.0), "at most 5 %"),
    )
    for rule, worlds, shares, limit in plans:
        print(f"{rule}: wrong verdicts of {runs:,} runs ({limit}), and decided ones")
        for world in worlds:
            found = (f"{t:g}x {w:.1%} ({d:.0%})" for t in shares
                     for w, d in (wrong(world, t, rule, runs),))  # fmt: skip
            print(f"  {world.name}: {', '.join(found)}")


if __name__ == "__main__":
    main()
