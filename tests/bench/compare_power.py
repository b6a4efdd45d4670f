"""How often a comparison cries wolf, and how often it finds a slower p95, by simulation.

Each simulated run has five routes with a log-normal latency of its own, a slow drift and short
bursts in which everything is slower (neighbours, collections, compactions): what makes requests
that follow each other alike.
"""

from typing import Final

import numpy as np

from synthetic.load.blocks import BLOCKS, bin_of
from synthetic.load.comparison import ALL, FALSE_ALARMS
from synthetic.load.differences import Change, Spread, difference, spread_between

PER_S: Final = 60
SECONDS: Final = 180
SHARES: Final = (0.40, 0.24, 0.18, 0.12, 0.06)
CENTRES_MS: Final = (12.0, 5.0, 8.0, 20.0, 15.0)
SPREAD: Final = 0.5
BURSTS: Final = 12
WIDTH: Final = 1200
PAIRS: Final = 100
EARLIER: Final = 8
SLOWER: Final = 1.20


def simulated(random: np.random.Generator, factor: float) -> dict[str, np.ndarray]:
    """Return the block histograms of one run whose every latency is `factor` times as long."""
    count = PER_S * SECONDS
    due = np.sort(random.uniform(0, SECONDS, count))
    route = random.choice(len(SHARES), count, p=SHARES)
    drift = 0.02 * np.sin(2 * np.pi * (due / SECONDS + random.random()))
    burst = np.zeros(count)
    for begin in random.uniform(0, SECONDS, BURSTS):
        burst[(due >= begin) & (due < begin + 0.5)] += 0.4
    logs = np.log(np.array(CENTRES_MS))[route] + SPREAD * random.standard_normal(count)
    bins = np.minimum(bin_of(np.exp(logs + drift + burst) * factor), WIDTH - 1)
    block = np.minimum((due / SECONDS * BLOCKS).astype(int), BLOCKS - 1)
    found = {}
    for number in range(len(SHARES)):
        mine = route == number
        flat = np.bincount(block[mine] * WIDTH + bins[mine], minlength=BLOCKS * WIDTH)
        found[f"route {number}"] = flat.reshape(BLOCKS, WIDTH).astype(np.float64)
    return {ALL: np.sum(list(found.values()), axis=0), **found}


def spreads(random: np.random.Generator) -> dict[str, Spread]:
    """Return what eight earlier runs of the same tell of the spread between runs."""
    earlier = [simulated(random, 1.0) for _ in range(EARLIER)]
    return {name: spread_between([one[name] for one in earlier], 0.95) for name in earlier[0]}


def slower_routes(random: np.random.Generator, factor: float) -> set[str]:
    """Return what a comparison of two simulated runs calls slower."""
    known = spreads(random)
    old, new = simulated(random, 1.0), simulated(random, factor)
    share = FALSE_ALARMS / len(old)
    found = (
        difference(
            name, old[name], new[name], percentile=0.95, false_alarms=share, spread=known[name]
        )
        for name in old
    )
    return {one.route for one in found if one.change is Change.SLOWER}


def main() -> None:
    """Print both rates."""
    random = np.random.default_rng(3)
    alarms = sum(bool(slower_routes(random, 1.0)) for _ in range(PAIRS))
    found = sum(ALL in slower_routes(random, SLOWER) for _ in range(PAIRS))
    print(
        f"compare, {PAIRS} pairs of simulated steady runs: false alarms {alarms / PAIRS:.1%} "
        f"(at most 2 %), a p95 slower by {SLOWER - 1:.0%} found in {found / PAIRS:.1%} "
        f"(at least 95 %)"
    )


if __name__ == "__main__":
    main()
