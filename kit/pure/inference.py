"""What scipy computes for us: quantiles of distributions, tests, slopes.

scipy takes a third of a second to load, so that it is loaded by the first figure that needs it;
`scipy.stats` takes four times as long, and is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from types import ModuleType

Floats = NDArray[np.float64]
_NORMAL: Final = NormalDist()
_TOO_LOW: Final = 0.25
_MOST_CORRELATED: Final = 0.93


@dataclass(frozen=True, slots=True)
class Slope:
    """The median slope of all pairs of points, and the interval in which the true one lies."""

    value: float
    low: float
    high: float


def normal_quantile(share: float) -> float:
    """Return the value below which a standard normal variable is with probability `share`."""
    return _NORMAL.inv_cdf(share)


def student_quantile(share: float, freedom: float) -> float:
    """Return the same for Student's t with `freedom` degrees of freedom."""
    return float(_special().stdtrit(freedom, share))


@lru_cache(4096)
def binomial_quantile(share: float, tries: int, chance: float) -> int:
    """Return the fewest successes that `tries` do not exceed with probability `share`."""
    special = _special()
    found = max(ceil(special.bdtrik(share, tries, chance)), 0)
    while found and special.bdtr(found - 1, tries, chance) >= share:
        found -= 1
    while special.bdtr(found, tries, chance) < share:
        found += 1
    return int(found)


def binomial_above(successes: int, tries: int, chance: float) -> float:
    """Return the probability of more than `successes`."""
    if not 0 <= successes < tries:
        return 1.0 if successes < 0 else 0.0
    return float(_special().bdtrc(successes, tries, chance))


def binomial_share_below(successes: float, tries: float, *, tail: float) -> float:
    """Return the share below which the true one lies with probability `tail` at most.

    Clopper and Pearson 1934, by the beta distribution, so that fractions of a try count as well.
    """
    if successes <= 0:
        return 0.0
    return float(_special().betaincinv(successes, max(tries - successes, 0.0) + 1, tail))


def binomial_share_above(successes: float, tries: float, *, tail: float) -> float:
    """Return the share above which the true one lies with probability `tail` at most."""
    if successes >= tries:
        return 1.0
    return float(_special().betaincinv(successes + 1, tries - successes, 1 - tail))


def theil_sen(values: Floats, across: Floats, *, level: float = 0.95) -> Slope:
    """Return the Theil-Sen slope of `values` over `across` (Sen 1968).

    The interval is between two of the ordered slopes; ties count as Kendall's statistic has them.
    """
    further, higher = (one[:, None] - one[None, :] for one in (across, values))
    slopes = np.sort(higher[further > 0] / further[further > 0])
    count, pairs = len(values), len(slopes)
    repeated = np.concatenate([np.unique(one, return_counts=True)[1] for one in (values, across)])
    ties = float((repeated * (repeated - 1) * (2 * repeated + 5)).sum())
    spread = ((count * (count - 1) * (2 * count + 5) - ties) / 18) ** 0.5
    reach = -normal_quantile((1 - level) / 2) * spread
    low = max(round((pairs - reach) / 2) - 1, 0)
    high = min(round((pairs + reach) / 2), pairs - 1)
    return Slope(float(np.median(slopes)), float(slopes[low]), float(slopes[high]))


def likely_no_larger(new: Floats, old: Floats, *, correlation: float = 0.0) -> float:
    """Return how likely the mean of `new` is so large by chance alone (Student's t).

    The spread is that of `old` alone; with a `correlation` from each value to the next both count
    as fewer values (Bayley and Hammersley 1946).
    """
    fewer = (1 - correlation) / (1 + correlation)
    freedom = max((len(old) - 1) * fewer**0.5, 2.0)
    spread = float(np.std(old, ddof=1)) * np.sqrt(1 / (len(new) * fewer) + 1 / (len(old) * fewer))
    if spread == 0:
        return 0.0 if float(np.mean(new)) > float(np.mean(old)) else 1.0
    return float(_special().stdtr(freedom, (float(np.mean(old)) - float(np.mean(new))) / spread))


def trend(values: Floats, days: Floats) -> Slope:
    """Return the slope of daily values over `days`, and the 95 % interval of the true one.

    Least squares with a level for each weekday; the errors are those of a day and what it leaves to
    the next (Prais and Winsten 1954). What a short series shows of that is too low (Kendall 1954):
    a quarter is added, which keeps false trends below one in twenty up to a correlation of 0.8.
    """
    known = np.column_stack([days, np.eye(7)[days.astype(int) % 7]])
    known = known[:, known.any(axis=0)]
    left = values - known @ np.linalg.lstsq(known, values, rcond=None)[0]
    whole = float(left @ left)
    found = float(left[1:] @ left[:-1]) / whole if whole else 0.0
    stays = min(max((found + _TOO_LOW) / (1 - 4 / len(values)), 0.0), _MOST_CORRELATED)
    across, up = _without_rest(known, stays), _without_rest(values, stays)
    fitted, _, rank, _ = np.linalg.lstsq(across, up, rcond=None)
    error = up - across @ fitted
    freedom = max(len(values) - int(rank), 1)
    spread = np.sqrt(float(error @ error) / freedom * np.linalg.pinv(across.T @ across)[0, 0])
    fewer = len(values) * (1 - stays) / (1 + stays) - 2
    reach = student_quantile(0.975, max(min(freedom, fewer), 2.0)) * spread
    return Slope(float(fitted[0]), float(fitted[0] - reach), float(fitted[0] + reach))


def _without_rest(values: Floats, stays: float) -> Floats:
    """Return what is new in each row."""
    out = values.astype(float).copy()
    out[1:] -= stays * values[:-1]
    out[0] *= np.sqrt(1 - stays**2)
    return out


def likely_no_more(failed: tuple[int, int], fine: tuple[int, int]) -> float:
    """Return how likely so many more of the first failed by chance alone (Fisher's exact test)."""
    bad, drawn = sum(failed), failed[0] + fine[0]
    whole = bad + sum(fine)
    some = np.arange(failed[0], min(bad, drawn) + 1)
    ways = _ways(bad, some) + _ways(whole - bad, drawn - some) - _ways(whole, np.array([drawn]))
    return float(min(np.exp(ways).sum(), 1.0))


def _ways(of: int, some: "NDArray[np.int64]") -> Floats:
    """Return the logarithm of how many ways there are to choose `some` of so many."""
    log_gamma = _special().gammaln
    found: Floats = log_gamma(of + 1) - log_gamma(some + 1) - log_gamma(of - some + 1)
    return found


def least_squares(
    errors: Callable[[Floats], Floats],
    start: list[float],
    *,
    bounds: tuple[list[float], list[float]],
    scale: list[float],
    beyond: float,
) -> Floats:
    """Return the parameters with the least squared `errors`, which count linearly `beyond` that."""
    from scipy import optimize  # noqa: PLC0415 -- as the head of this module says

    found = optimize.least_squares(
        errors, start, bounds=bounds, x_scale=scale, loss="soft_l1", f_scale=beyond
    )
    result: Floats = found.x
    return result


def _special() -> "ModuleType":
    from scipy import special  # noqa: PLC0415 -- as the head of this module says

    return special
