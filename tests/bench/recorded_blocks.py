"""Rounds and runs recorded on this machine, and what `ab` and `compare` make of them.

    python -m tests.bench.recorded_blocks turns FILE [SECONDS]   a run in turns, two equal targets
    python -m tests.bench.recorded_blocks runs FILE [RUNS]       runs of ten seconds, one by one
    python -m tests.bench.recorded_blocks judge FILE...          false alarms and power, bootstrap

While it records, one core is kept busy: a CI runner is never alone. Each of the runs has a target
and a generator of its own. Of turns the judging takes rounds (A B B A) for `ab`, of runs pairs of
neighbours for `compare` of sets, and single runs for `compare` of two; they are drawn again and
again, in stretches as they came, since neighbours are alike (Künsch 1989).
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthetic.edge.load.running import run, run_in_turns
from synthetic.load.blocks import Recorded, blocks
from synthetic.load.differences import Change, Difference, difference, spread_between
from synthetic.load.pairs import paired, rounds_of
from synthetic.load.request import FixedRequest
from synthetic.load.samples import SAMPLE, Samples
from synthetic.load.sets import FEWEST_PAIRS, figures_of
from synthetic.load.shape import Profile, Stage
from tests.bench.targets import target

PER_S: Final = 100
TURN_S: Final = 0.25
DRAWS: Final = 2_000
ROUNDS: Final = 360
STRETCH: Final = 12
RUN_S: Final = 10.0
RUNS: Final = 80
PAIRS: Final = (10, 20, 40)
PAIRS_STRETCH: Final = 2
SLOWER: Final = float(np.log(1.1))
FALSE_ALARMS: Final = 0.01
_SPIN: Final = "while True: pass"
_LIMITS: Final = "(at most 2 %), a p95 slower by 10 % found in"
Floats = NDArray[np.float64]


@contextmanager
def one_core_busy() -> Iterator[None]:
    """Keep a core busy while the block lasts."""
    busy = subprocess.Popen([sys.executable, "-c", _SPIN])
    try:
        yield
    finally:
        busy.kill()
        busy.wait()


def profile(seconds: float) -> Profile:
    """Return a constant rate of one request; the generator's lag voids nothing."""
    stages, requests = (Stage(seconds, PER_S, PER_S),), (FixedRequest("GET", "/bench", 1.0),)
    return Profile("recorded", "", stages, max_lag_p99_ms=1e6, requests=requests)


def record_turns(path: Path, seconds: float) -> None:
    """Ask two equal targets in turns, one core being busy, and keep the samples."""
    with ExitStack() as stack:
        stack.enter_context(one_core_busy())
        first, other = (stack.enter_context(target(delay_s=0.01)) for _ in range(2))
        found = run_in_turns(profile(seconds), (first, other), turn_s=TURN_S)
    np.savez_compressed(path, samples=found.samples)
    print(f"{len(found.samples):,} samples, load average {os.getloadavg()[0]:.1f}")


def record_runs(path: Path, many: int) -> None:
    """Do so many runs, each on a target of its own, one core being busy; keep all as they come."""
    found: list[Samples] = []
    with one_core_busy():
        for number in range(many):
            with target(delay_s=0.01) as url:
                found.append(run(profile(RUN_S), url).samples)
            place = np.repeat(np.arange(len(found)), [len(one) for one in found])
            np.savez_compressed(path, samples=np.concatenate(found), run=place)
            print(f"run {number + 1} of {many}, load average {os.getloadavg()[0]:.1f}")


def rounds_in(samples: Samples) -> Floats:
    """Return the logarithm of each round's p95 of A and of B."""
    rounds = int(samples["due_s"].max() / (4 * TURN_S))
    logs = rounds_of(samples, 1, 4 * TURN_S, rounds, 0.95)
    found: Floats = logs[~np.isnan(logs).any(axis=1)]
    return found


def histograms(samples: Samples) -> Floats:
    """Return what a run's record has of its one route."""
    found: Floats = Recorded(blocks(samples, ("r",), RUN_S))["r"]
    return found


def drawn(values: Floats, many: int, stretch: int, random: np.random.Generator) -> Floats:
    """Return so many of the pairs, in stretches as they came, either side being A."""
    begins = random.integers(0, len(values) - stretch + 1, many // stretch)
    found: Floats = values[(begins[:, None] + np.arange(stretch)).ravel()]
    swap = np.repeat(random.random(many // stretch) < 0.5, stretch)
    found[swap] = found[swap][:, ::-1]
    return found


def how_often(judge: Callable[[Floats], Difference], draw: Callable[[], Floats]) -> str:
    """Return how often equal sides are called slower, and how often a tenth is found."""
    counts = np.zeros(2)
    for _ in range(DRAWS):
        one = draw()
        later = one.copy()
        later[:, 1] += SLOWER
        counts += [judge(each).change is Change.SLOWER for each in (one, later)]
    alarms, found = counts / DRAWS
    return f"{alarms:.1%} {_LIMITS} {found:.1%}"


def of_rounds(logs: Floats) -> Difference:
    """Judge rounds as `sre load ab` does."""
    return paired("r", logs, 0.95, FALSE_ALARMS)


def of_sets(figures: Floats) -> Difference:
    """Judge pairs of runs as `sre load compare` does."""
    usual, whole = figures.transpose(2, 0, 1)
    return paired("r", usual, 0.95, FALSE_ALARMS, whole=whole, fewest=FEWEST_PAIRS)


def of_two(runs: Sequence[Floats], draws: int) -> tuple[float, float]:
    """Return how often `compare` calls two equal runs different, without and with earlier runs."""
    random = np.random.default_rng(11)
    alarms = [0, 0]
    for _ in range(draws):
        chosen = random.choice(len(runs), 10, replace=False)
        old, new, *earlier = (runs[one] for one in chosen)
        spread = spread_between([*earlier, old], 0.95)
        for place, options in enumerate(({}, {"spread": spread})):
            one = difference("r", old, new, percentile=0.95, false_alarms=FALSE_ALARMS, **options)  # type: ignore[arg-type]
            alarms[place] += one.change is Change.SLOWER
    return alarms[0] / draws, alarms[1] / draws


def judge_turns(parts: Sequence[Samples]) -> None:
    """Print what `ab` makes of recorded rounds."""
    logs = np.vstack([rounds_in(one) for one in parts])
    draw = partial(drawn, logs, ROUNDS, STRETCH, np.random.default_rng(7))
    found = how_often(of_rounds, draw)
    print(f"ab, {len(logs)} recorded rounds, {DRAWS:,} runs of {ROUNDS}: false alarms {found}")


def judge_runs(runs: Sequence[Floats]) -> None:
    """Print what `compare` makes of recorded runs, by sets and by two."""
    figures = np.array([figures_of(one, 0.95) for one in runs])
    pairs = figures[: len(figures) // 2 * 2].reshape(-1, 2, 2)
    pairs[1::2] = pairs[1::2, ::-1]  # A B B A
    spread, whole = np.std(pairs[:, 1] - pairs[:, 0], axis=0)
    print(f"{len(pairs)} recorded pairs of runs: p95 {spread:.0%} apart, of whole runs {whole:.0%}")
    for many in PAIRS:
        draw = partial(drawn, pairs, many, PAIRS_STRETCH, np.random.default_rng(7))
        print(f"compare, {DRAWS:,} sets of {many} pairs: false alarms {how_often(of_sets, draw)}")
    single, known = of_two(runs, DRAWS // 4)
    print(
        f"compare, {DRAWS // 4} single pairs: false alarms {single:.1%}, "
        f"{known:.1%} with eight earlier runs (at most 2 %)"
    )


def main() -> None:
    """Do what the words of the command line say."""
    what, names = sys.argv[1], sys.argv[2:]
    if what == "turns":
        record_turns(Path(names[0]), float(names[1]) if len(names) > 1 else 400.0)
    elif what == "runs":
        record_runs(Path(names[0]), int(names[1]) if len(names) > 1 else RUNS)
    else:
        turns: list[Samples] = []
        runs: list[Floats] = []
        for name in names:
            data = np.load(name)
            samples = data["samples"].astype(SAMPLE)
            if "run" in data:
                number = data["run"]
                runs += [histograms(samples[number == one]) for one in np.unique(number)]
            else:
                turns.append(samples)
        if turns:
            judge_turns(turns)
        if runs:
            judge_runs(runs)


if __name__ == "__main__":
    main()
