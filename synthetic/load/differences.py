"""How a percentile of one route changed between two runs, and how sure that is. Pure.

Two runs of the same differ by more than the spread within each of them: other neighbours, another
start, another layout in memory (Kalibera and Jones 2013, Rigorous benchmarking in reasonable time).
How much is known only from other runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.inference import student_quantile
from synthetic.load.blocks import Histograms, value_of

LEVEL: Final = 0.95
POWER: Final = 0.9
RESAMPLES: Final = 200
TOLERATED: Final = 0.10
"""Within this, two runs are called the same."""
WORTH_SAYING: Final = 0.03
"""A difference that is certain but smaller is within the spread between identical runs."""
FEWEST: Final = 200
UNKNOWN_SPREAD: Final = 0.5
"""Of the logarithm of a percentile between runs of the same, where no earlier runs tell it.

On shared machines identical servers moved by 25 to 40 % in runs of 25 s, and by 60 % in runs of
10 s where ten others wanted the same two cores.
"""
UNKNOWN_FREEDOM: Final = 5.0
"""A guess is worth no more than six runs would be."""
FEWEST_RUNS: Final = 4
_SEED: Final = 20_031


class Change(StrEnum):
    """What a comparison says of a route."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    UNDECIDED = "undecided"
    NO_DATA = "no data"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a percentile of one route changed, as a share: 0.12 is 12 % slower; 95 % interval."""

    route: str
    percentile: float
    before_ms: float | None
    after_ms: float | None
    effect: float | None
    low: float | None
    high: float | None
    change: Change
    more_needed: int | None = None
    """Where undecided: about how many more pairs like these would find what is TOLERATED."""

    def __str__(self) -> str:
        """Return it as people say it, e.g. slower by 12 % (8 to 17)."""
        if self.effect is None or self.low is None or self.high is None:
            return str(self.change)
        if self.effect >= 0:
            effect, low, high, word = self.effect, self.low, self.high, "slower"
        else:
            effect, low, high, word = -self.effect, -self.high, -self.low, "faster"
        text = f"{word} by {effect * 100:.0f} % ({low * 100:.0f} to {high * 100:.0f})"
        if self.change in {Change.SLOWER, Change.FASTER}:
            return text
        return f"{self.change}: {text}"


@dataclass(frozen=True, slots=True)
class Spread:
    """The standard deviation of the logarithm of a percentile between runs of the same."""

    deviation: float
    freedom: float


UNKNOWN: Final = Spread(UNKNOWN_SPREAD, UNKNOWN_FREEDOM)


def spread_between(runs: Sequence[Histograms], percentile: float) -> Spread:
    """Return the spread between runs in their order, `UNKNOWN` where they are too few.

    By the mean square successive difference (von Neumann, Kent, Bellinson and Hart 1941): a change
    of the service counts where it happened and nowhere else. For normal values such steps are worth
    two thirds of as many free ones; half, since some runs lie far out.
    """
    used = [one for one in runs if one.sum() >= FEWEST]
    if len(used) < FEWEST_RUNS:
        return UNKNOWN
    logs = np.array([log_percentile(one, percentile) for one in used])
    steps = np.square(np.diff(logs))
    return Spread(float(np.sqrt(steps.mean() / 2)), len(steps) / 2)


def difference(
    route: str,
    old: Histograms,
    new: Histograms,
    *,
    percentile: float,
    false_alarms: float,
    spread: Spread = UNKNOWN,
    trusted: bool = True,
) -> Difference:
    """Return the change of one route.

    The standard error of the logarithm of each percentile within its run is had by the bootstrap
    over blocks (Künsch 1989, here with blocks that do not overlap), widened by n / (n - 1). The
    error of the difference is that, or the one between runs where it is larger; the interval is
    Student's with the degrees of freedom by Welch and Satterthwaite, or those of the spread. What
    is not `trusted` decides nothing.
    """
    if min(old.sum(), new.sum()) < FEWEST:
        return Difference(route, percentile, None, None, None, None, None, Change.NO_DATA)
    random = np.random.default_rng(_SEED)
    (was, was_error, n), (now, now_error, m) = (
        _resampled(one, percentile, random) for one in (old, new)
    )
    within, between = float(np.hypot(was_error, now_error)), np.sqrt(2) * spread.deviation
    error = max(within, between)
    freedom = _freedom(was_error, n, now_error, m)
    freedom = min(freedom, spread.freedom) if within >= between else spread.freedom
    measured = Measured(now - was, error, freedom, None if spread == UNKNOWN else 1)
    return difference_of(route, percentile, (was, now), measured, false_alarms, trusted=trusted)


@dataclass(frozen=True, slots=True)
class Measured:
    """A difference of logarithms, its standard error and its freedom.

    `pairs` have given it, None where the error is a guess.
    """

    effect: float
    error: float
    freedom: float
    pairs: int | None

    def more_needed(self, false_alarms: float) -> int | None:
        """Return about how many more pairs find what is `TOLERATED` in `POWER` of all sets."""
        if self.pairs is None:
            return None
        low, high = self.pairs, self.pairs + 1
        while not self._finds(high, false_alarms):
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._finds(middle, false_alarms) else (middle, high)
        return high - self.pairs

    def _finds(self, pairs: int, false_alarms: float) -> bool:
        """Say whether so many pairs would find it; few leave the error in doubt (Student 1908)."""
        each = self.freedom / (self.pairs - 1) if self.pairs and self.pairs > 1 else 1.0
        freedom = max((pairs - 1) * each, 1.0)
        margins = student_quantile(1 - false_alarms, freedom) + student_quantile(POWER, freedom)
        error = self.error * np.sqrt((self.pairs or 1) / pairs)
        return bool(margins * error <= np.log1p(TOLERATED))


def difference_of(
    route: str,
    percentile: float,
    logs: tuple[float, float],
    measured: Measured,
    false_alarms: float,
    *,
    trusted: bool = True,
) -> Difference:
    """Return what was measured with its interval and the word for it."""
    effect, error, freedom = measured.effect, measured.error, measured.freedom
    half = error * student_quantile((1 + LEVEL) / 2, freedom)
    sure = error * student_quantile(1 - false_alarms, freedom)
    change = _change_of(effect, half, sure) if trusted else Change.UNDECIDED
    return Difference(
        route,
        percentile,
        float(np.exp(logs[0])),
        float(np.exp(logs[1])),
        float(np.expm1(effect)),
        float(np.expm1(effect - half)),
        float(np.expm1(effect + half)),
        change,
        measured.more_needed(false_alarms) if change is Change.UNDECIDED and trusted else None,
    )


def _change_of(effect: float, half: float, sure: float) -> Change:
    """Return the word for a difference of logarithms, `sure` being the margin of an alarm."""
    if effect - sure > 0 and effect > np.log1p(WORTH_SAYING):
        return Change.SLOWER
    if effect + sure < 0 and effect < -np.log1p(WORTH_SAYING):
        return Change.FASTER
    inside = effect + half < np.log1p(TOLERATED) and effect - half > -np.log1p(TOLERATED)
    return Change.SAME if inside else Change.UNDECIDED


def _resampled(
    histograms: Histograms, q: float, random: np.random.Generator
) -> tuple[float, float, int]:
    """Return the logarithm of the q-quantile, its standard error, and the blocks in use."""
    used = histograms[histograms.sum(axis=1) > 0]
    count = len(used)
    filled = np.flatnonzero(used.sum(axis=0))
    used = used[:, filled]
    drawn = random.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    logs = np.log(_quantiles(np.vstack([used.sum(axis=0), drawn @ used]), filled, q))
    spread = float(np.std(logs[1:], ddof=1)) * np.sqrt(count / max(count - 1, 1))
    return float(logs[0]), max(spread, 1e-4), count


def log_percentile(histograms: Histograms, q: float) -> float:
    """Return the logarithm of the q-quantile (ms) of all that some blocks hold."""
    whole = histograms.sum(axis=0, keepdims=True)
    filled = np.flatnonzero(whole[0])
    return float(np.log(_quantiles(whole[:, filled], filled, q)[0]))


def _quantiles(rows: NDArray[np.float64], bins: NDArray[np.int64], q: float) -> NDArray[np.float64]:
    """Return the q-quantile of each row of counts in `bins`, in milliseconds, even in a bin."""
    sums = np.cumsum(rows, axis=1)
    wanted = q * sums[:, -1]
    place = np.argmax(sums >= wanted[:, None], axis=1)
    index = np.arange(len(rows))
    inside = rows[index, place]
    before = sums[index, place] - inside
    return value_of(bins[place] + (wanted - before) / np.maximum(inside, 1e-12))


def _freedom(a: float, n: int, b: float, m: int) -> float:
    top = (a * a + b * b) ** 2
    return max(top / (a**4 / max(n - 1, 1) + b**4 / max(m - 1, 1)), 1.0)
