"""Whether target B is slower than target A, both asked in turns within one run. Pure.

The order is A B B A, again and again, so that a drift of the machine falls on both alike. Each four
turns give one difference; that these differ from each other is the error, whatever makes it
(Kalibera and Jones 2013). Their mean is taken without the outer fifths, since neighbours disturb
some of them much (Tukey and McLaughlin 1963; Yuen 1974). What disturbs a target for longer than
four turns shows in the means of batches of rounds (Schmeiser 1982): the larger error counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slo.verdict import Verdict, overall
from synthetic.load.comparison import ALL, FALSE_ALARMS
from synthetic.load.differences import TOLERATED, Change, Difference, Measured, difference_of
from synthetic.load.samples import Samples, failed, sent_only
from synthetic.load.turns import ORDER

FEWEST_ROUNDS: Final = 10
FEWEST_EACH: Final = 10
"""Requests of a route to a target in a round, for a percentile of them."""
WANTED_EACH: Final = 20
"""Where fewer come in a round, several rounds are taken as one."""
TRIMMED: Final = 0.2
SELDOM: Final = 0.25
"""Of the false alarms are left to what is slow now and then only."""
BATCHES: Final = (30, 15)
"""Into so many the rounds are also divided, where each has four at least."""
FLIPS: Final = 20_000
_SEED: Final = 5_003


@dataclass(frozen=True, slots=True)
class Pairs:
    """What a run against two targets has shown; `rounds` are of four turns each."""

    differences: tuple[Difference, ...]
    rounds: int
    requests: tuple[int, int]
    failures: tuple[int, int]
    more_failures: float | None  # one-sided p-value that B fails more

    @property
    def verdict(self) -> Verdict:
        """Return FAIL when B is worse in anything, PASS when the whole is the same or faster."""
        worse = any(one.change is Change.SLOWER for one in self.differences)
        if worse or (self.more_failures is not None and self.more_failures < FALSE_ALARMS):
            return Verdict.FAIL
        if self.more_failures is None:
            return Verdict.NO_DATA
        known = {
            Change.SAME: Verdict.PASS,
            Change.FASTER: Verdict.PASS,
            Change.NO_DATA: Verdict.NO_DATA,
        }
        return overall(
            known.get(one.change, Verdict.INCONCLUSIVE)
            for one in self.differences
            if one.route == ALL
        )


def judge_pairs(
    samples: Samples, routes: Sequence[str], *, turn_s: float, duration_s: float, percentile: float
) -> Pairs:
    """Return how B differs from A; `routes` are of both, those of A first.

    Latency counts from when a request was sent, not from when it was due: the lag of the generator
    is of neither target. Rounds that the run's end cuts off are left out.
    """
    half = len(routes) // 2
    rounds = int(duration_s / (turn_s * len(ORDER)) + 1e-9)
    place = (samples["due_s"] / (turn_s * len(ORDER))).astype(np.int64)
    whole = samples[place < rounds]
    side = (whole["route"] >= half).astype(np.int64)
    found = [_failed_by_round(whole, side, rounds, turn_s, number) for number in (0, 1)]
    asked = [int(np.count_nonzero(side == number)) for number in (0, 1)]
    sent = sent_only(whole)
    share = FALSE_ALARMS / (half + 1 if half > 1 else 1)
    return Pairs(
        tuple(_differences(sent, routes[:half], turn_s, rounds, percentile, share)),
        rounds,
        (asked[0], asked[1]),
        (int(found[0].sum()), int(found[1].sum())),
        more_failures(*found) if min(asked) and rounds else None,
    )


def rounds_of(
    sent: Samples, half: int, round_s: float, rounds: int, percentile: float
) -> NDArray[np.float64]:
    """Return the logarithm of the percentile (ms) by round and target, NaN where too few came."""
    place = (sent["due_s"] / round_s).astype(np.int64)
    sent, place = sent[place < rounds], place[place < rounds]
    key = place * 2 + (sent["route"] >= half)
    late_s = np.maximum(sent["sent_s"] - sent["due_s"], 0.0)
    latency_ms = np.maximum(sent["latency_s"] - late_s, 1e-6) * 1000
    order = np.lexsort((latency_ms, key))
    edges = np.searchsorted(key[order], np.arange(rounds * 2 + 1))
    counts, ordered = np.diff(edges), latency_ms[order]
    rank = np.maximum(np.ceil(percentile * counts - 1e-9).astype(np.int64), 1) - 1
    at = np.minimum(edges[:-1] + rank, max(len(ordered) - 1, 0))
    values = np.log(ordered[at]) if len(ordered) else np.zeros(rounds * 2)
    return np.where(counts >= FEWEST_EACH, values, np.nan).reshape(rounds, 2)


def wanted_each(percentile: float) -> int:
    """Return of how many requests a percentile is taken: of fewer it would be their largest."""
    return max(WANTED_EACH, ceil(1 / (1 - percentile) - 1e-9))


def paired(
    route: str,
    logs: NDArray[np.float64],
    percentile: float,
    false_alarms: float,
    *,
    whole: NDArray[np.float64] | None = None,
    fewest: int = FEWEST_ROUNDS,
) -> Difference:
    """Return the difference that pairs of (log A, log B) show, in the order of time.

    What is slow now and then only is cut off with the outer fifths: so their plain mean, that of
    `whole` where it is given, makes an alarm too, and what it makes likely is not the same.
    """
    used = _known(logs)
    if len(used) < fewest:
        return Difference(route, percentile, None, None, None, None, None, Change.NO_DATA)
    seldom = used if whole is None else _known(whole)
    usual, now_and_then = (
        difference_of(
            route,
            percentile,
            tuple(np.median(pairs, axis=0).tolist()),
            Measured(*trimmed(pairs[:, 1] - pairs[:, 0], cut_off), len(pairs)),
            share * false_alarms,
        )
        for pairs, cut_off, share in ((used, TRIMMED, 1 - SELDOM), (seldom, 0.0, SELDOM))
    )
    low, effect = now_and_then.low or 0.0, now_and_then.effect or 0.0
    is_slower = low > 0 and effect > TOLERATED
    return now_and_then if is_slower and usual.change is not Change.SLOWER else usual


def _known(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = logs[~np.isnan(logs).any(axis=1)]
    return found


def trimmed(values: NDArray[np.float64], cut_off: float = TRIMMED) -> tuple[float, float, float]:
    """Return the trimmed mean of values in their order, its standard error, and its freedom.

    The error is by the winsorized variance, or that of the means of batches where it is larger.
    """
    ordered, cut = np.sort(values), int(cut_off * len(values))
    kept = ordered[cut : len(ordered) - cut]
    winsorized, weight = np.clip(values, kept[0], kept[-1]), 1 - 2 * cut / len(values)
    found = [(float(np.std(winsorized, ddof=1)) / np.sqrt(len(values)), len(kept) - 1)]
    for many in (one for one in BATCHES if one * 4 <= len(values)):
        means = [batch.mean() for batch in np.array_split(winsorized, many)]
        found.append((float(np.std(means, ddof=1)) / np.sqrt(many), many - 1))
    error, freedom = max(found)
    return float(kept.mean()), max(error / weight, 1e-4), freedom


def more_failures(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return how likely B fails so many more by chance alone.

    Under the hypothesis that it does not, the two counts of a round may change places (Pitman
    1937): a hiccup of many failures is one round.
    """
    steps = (b - a)[a != b]
    if not len(steps):
        return 1.0
    random = np.random.default_rng(_SEED)
    signs = random.choice((-1.0, 1.0), size=(FLIPS, len(steps)))
    as_many = np.count_nonzero(signs @ steps >= steps.sum() - 1e-9)
    return float((as_many + 1) / (FLIPS + 1))


def _differences(
    sent: Samples,
    names: Sequence[str],
    turn_s: float,
    rounds: int,
    percentile: float,
    false_alarms: float,
) -> Iterator[Difference]:
    half, round_s = len(names), turn_s * len(ORDER)

    def of(name: str, mine: Samples) -> Difference:
        each = len(mine) / max(2 * rounds, 1)
        wanted = wanted_each(percentile)
        many = max(ceil(wanted / each), 1) if each else 1  # rounds taken as one
        logs = rounds_of(mine, half, round_s * many, rounds // many, percentile)
        return paired(name, logs, percentile, false_alarms)

    yield of(ALL, sent)
    for number, name in enumerate(names if half > 1 else ()):
        yield of(name, sent[sent["route"] % half == number])


def _failed_by_round(
    samples: Samples, side: NDArray[np.int64], rounds: int, turn_s: float, number: int
) -> NDArray[np.float64]:
    bad = samples[failed(samples) & (side == number)]
    place = (bad["due_s"] / (turn_s * len(ORDER))).astype(np.int64)
    return np.bincount(place, minlength=rounds).astype(np.float64)
