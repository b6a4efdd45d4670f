"""Exact percentiles and rates with the range in which the truth lies. Pure numbers."""

import numpy as np
from numpy.typing import NDArray

from kit.pure.estimate import Estimate
from kit.pure.inference import binomial_quantile, normal_quantile

Numbers = NDArray[np.floating]


def percentile(ordered: Numbers, q: float, *, confidence: float = 0.95) -> Estimate:
    """Return the q-quantile (0 < q < 1) of values in rising order, with its interval.

    The value is the smallest one with at least a share q at or below it (nearest rank, no
    interpolation). The interval is distribution-free: the number of samples below the true
    quantile is binomial, so order statistics bound it (Conover, Practical Nonparametric
    Statistics, 3rd ed., section 3.2). Needs at least one value.
    """
    count = len(ordered)
    if count == 0:
        raise ValueError("no values")
    rank = min(max(int(np.ceil(q * count - 1e-9)), 1), count)
    tail = (1 - confidence) / 2
    low = binomial_quantile(tail, count, q)
    high = binomial_quantile(1 - tail, count, q) + 1
    return Estimate(
        float(ordered[rank - 1]),
        float(ordered[low - 1]) if low >= 1 else None,
        float(ordered[high - 1]) if high <= count else None,
    )


def share(good: int, total: int, *, confidence: float = 0.95) -> Estimate:
    """Return good / total with the Wilson score interval (Wilson 1927); 0 to 1 without data."""
    if total == 0:
        return Estimate(float("nan"), 0.0, 1.0)
    z = normal_quantile((1 + confidence) / 2)
    rate = good / total
    centre = (rate + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * np.sqrt(rate * (1 - rate) / total + (z / (2 * total)) ** 2)
    return Estimate(rate, max(0.0, float(centre - half)), min(1.0, float(centre + half)))
