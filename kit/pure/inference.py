"""What scipy computes for us: quantiles of distributions, tests, slopes.

scipy takes half a second to load, so that it is loaded by the first figure that needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from types import ModuleType

Floats = NDArray[np.float64]
_NORMAL: Final = NormalDist()


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
    return float(_stats().t.ppf(share, freedom))


def binomial_quantile(share: float, tries: int, chance: float) -> int:
    """Return the fewest successes that `tries` do not exceed with probability `share`."""
    return int(_stats().binom.ppf(share, tries, chance))


def binomial_above(successes: int, tries: int, chance: float) -> float:
    """Return the probability of more than `successes`."""
    return float(_stats().binom.sf(successes, tries, chance))


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
    """Return the Theil-Sen slope of `values` over `across` (Sen 1968)."""
    value, _, low, high = _stats().theilslopes(values, across, level)
    return Slope(float(value), float(low), float(high))


def likely_no_higher(new: Floats, old: Floats) -> float:
    """Return how likely `new` lies so high by chance alone (Mann and Whitney 1947)."""
    return float(_stats().mannwhitneyu(new, old, alternative="greater").pvalue)


def likely_no_more(failed: tuple[int, int], fine: tuple[int, int]) -> float:
    """Return how likely so many more of the first failed by chance alone (Fisher's exact test)."""
    table = np.array([failed, fine]).T
    return float(_stats().fisher_exact(table, alternative="greater").pvalue)


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


def _stats() -> "ModuleType":
    from scipy import stats  # noqa: PLC0415 -- as the head of this module says

    return stats
