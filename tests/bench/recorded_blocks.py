"""Rounds and blocks of real runs on this machine, and what `ab` and `compare` make of them.

    python -m tests.bench.recorded_blocks record FILE [SECONDS]    a run in turns, two equal targets
    python -m tests.bench.recorded_blocks judge FILE...            false alarms and power, bootstrap

While it records, one core is kept busy: a CI runner is never alone. Of a run the judging takes
rounds (A B B A) for `ab`, and pieces of ten seconds as runs of their own for `compare`; both are
drawn again and again, in stretches of twelve rounds, since neighbours are alike (Künsch 1989).
"""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthetic.edge.load.running import run_in_turns
from synthetic.load.blocks import BLOCKS, bin_of
from synthetic.load.differences import Change, difference, spread_between
from synthetic.load.pairs import paired, rounds_of
from synthetic.load.request import FixedRequest
from synthetic.load.samples import SAMPLE, Samples
from synthetic.load.shape import Profile, Stage
from tests.bench.targets import target

PER_S: Final = 100
TURN_S: Final = 0.25
DRAWS: Final = 2_000
ROUNDS: Final = 360
STRETCH: Final = 12
PIECE_S: Final = 10.0
SLOWER: Final = float(np.log(1.1))
WIDTH: Final = 1_400
FALSE_ALARMS: Final = 0.01
_SPIN: Final = "while True: pass"


def record(path: Path, seconds: float) -> None:
    """Ask two equal targets in turns, one core being busy, and keep the samples."""
    with ExitStack() as stack:
        busy = subprocess.Popen([sys.executable, "-c", _SPIN])
        stack.callback(busy.wait)
        stack.callback(busy.kill)
        first, other = (stack.enter_context(target(delay_s=0.01)) for _ in range(2))
        profile = Profile(
            "recorded", "", (Stage(seconds, PER_S, PER_S),), max_lag_p99_ms=1e6,
            requests=(FixedRequest("GET", "/bench", 1.0),),
        )  # fmt: skip
        found = run_in_turns(profile, (first, other), turn_s=TURN_S)
    np.savez_compressed(path, samples=found.samples)
    print(f"{len(found.samples):,} samples, load average {os.getloadavg()[0]:.1f}")


def rounds_in(samples: Samples) -> NDArray[np.float64]:
    """Return the logarithm of each round's p95 of A and of B."""
    rounds = int(samples["due_s"].max() / (4 * TURN_S))
    return rounds_of(samples, 1, 4 * TURN_S, rounds, 0.95)


def drawn(logs: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Return as many rounds as a run of six minutes has, in stretches as they came."""
    begins = random.integers(0, len(logs) - STRETCH + 1, ROUNDS // STRETCH)
    found = logs[(begins[:, None] + np.arange(STRETCH)).ravel()]
    swap = np.repeat(random.random(ROUNDS // STRETCH) < 0.5, STRETCH)
    result: NDArray[np.float64] = np.where(swap[:, None], found[:, ::-1], found)
    return result


def of_pairs(logs: NDArray[np.float64], draws: int) -> tuple[float, float]:
    """Return how often equal targets are called slower, and how often a tenth is found."""
    random = np.random.default_rng(7)
    alarms = found = 0
    for _ in range(draws):
        one = drawn(logs, random)
        alarms += paired("r", one, 0.95, FALSE_ALARMS).change is Change.SLOWER
        later = one + np.array([0.0, SLOWER])
        found += paired("r", later, 0.95, FALSE_ALARMS).change is Change.SLOWER
    return alarms / draws, found / draws


def pieces_of(samples: Samples) -> list[NDArray[np.float64]]:
    """Return the histograms of each ten seconds, as the record of a run has them."""
    number = (samples["due_s"] / PIECE_S).astype(int)
    found = []
    for piece in range(int(samples["due_s"].max() / PIECE_S)):
        mine = samples[number == piece]
        bins = np.minimum(bin_of(mine["latency_s"].astype(np.float64) * 1000), WIDTH - 1)
        block = ((mine["due_s"] - piece * PIECE_S) / PIECE_S * BLOCKS).astype(int)
        flat = np.bincount(np.minimum(block, BLOCKS - 1) * WIDTH + bins, minlength=BLOCKS * WIDTH)
        found.append(flat.reshape(BLOCKS, WIDTH).astype(np.float64))
    return found


def of_runs(pieces: list[NDArray[np.float64]], draws: int) -> tuple[float, float]:
    """Return how often `compare` calls two equal runs different, without and with earlier runs."""
    random = np.random.default_rng(11)
    alarms = [0, 0]
    for _ in range(draws):
        chosen = random.choice(len(pieces), 10, replace=False)
        old, new, *earlier = (pieces[one] for one in chosen)
        spread = spread_between([*earlier, old], 0.95)
        for place, options in enumerate(({}, {"spread": spread})):
            one = difference("r", old, new, percentile=0.95, false_alarms=FALSE_ALARMS, **options)  # type: ignore[arg-type]
            alarms[place] += one.change is Change.SLOWER
    return alarms[0] / draws, alarms[1] / draws


def main() -> None:
    """Do what the words of the command line say."""
    if sys.argv[1] == "record":
        record(Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 400.0)
        return
    parts = [np.load(name)["samples"].astype(SAMPLE) for name in sys.argv[2:]]
    logs = np.vstack([rounds_in(one) for one in parts])
    logs = logs[~np.isnan(logs).any(axis=1)]
    alarms, found = of_pairs(logs, DRAWS)
    print(
        f"ab, {len(logs)} recorded rounds, {DRAWS:,} runs of {ROUNDS} drawn: false alarms "
        f"{alarms:.1%} (at most 2 %), a p95 slower by 10 % found in {found:.1%} (at least 90 %)"
    )
    pieces = [piece for one in parts for piece in pieces_of(one)]
    single, known = of_runs(pieces, DRAWS // 4)
    print(
        f"compare, {len(pieces)} recorded runs of {PIECE_S:g} s, {DRAWS // 4} pairs drawn: false "
        f"alarms {single:.1%} of single pairs, {known:.1%} with eight earlier runs (at most 2 %)"
    )


if __name__ == "__main__":
    main()
