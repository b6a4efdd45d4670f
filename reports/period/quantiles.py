"""Percentiles from histogram buckets, and how far two of them differ. Pure numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kit.pure.answers import Floats, Series
from kit.pure.estimate import Estimate

_DRAWS: Final = 400
_FEWEST_BLOCKS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Cumulative counts at rising upper `edges_s` (the last is infinite); rows are slots."""

    edges_s: Floats
    counts: Floats  # shape (slots, edges)

    def total(self) -> "Histogram":
        """Return one row, the sum of all; slots without data add nothing."""
        return Histogram(self.edges_s, np.nansum(self.counts, axis=0, keepdims=True))

    def rows(self, chosen: Sequence[int]) -> "Histogram":
        """Return some rows."""
        return Histogram(self.edges_s, self.counts[list(chosen)])


def histogram(series: Iterable[Series], columns: Sequence[Floats]) -> Histogram | None:
    """Return a histogram from one series per `le`; `columns` holds the slots of each.

    Equal edges written differently (`1` and `1.0`) are one. None when there is no bucket.
    """
    by_edge: dict[float, Floats] = {}
    for one, column in zip(series, columns, strict=True):
        try:
            edge = float(one.label("le"))
        except ValueError:
            continue
        held = by_edge.get(edge)
        by_edge[edge] = column if held is None else np.nansum([held, column], axis=0)
    if not by_edge or np.inf not in by_edge:
        return None
    edges = np.array(sorted(by_edge))
    return Histogram(edges, np.column_stack([by_edge[e] for e in edges]))


def quantile(found: Histogram, q: float) -> float | None:
    """Return the q-quantile in seconds of all rows together, None without any request.

    Linear within its bucket, and the highest finite edge when it lies above it, as Prometheus's
    `histogram_quantile` has it.
    """
    return _quantile(found.edges_s, np.nansum(found.counts, axis=0), q)


def bucket_of(found: Histogram, q: float) -> tuple[float, float] | None:
    """Return the edges in seconds between which a quantile lies; the upper one may be infinite."""
    counts = np.maximum.accumulate(np.nan_to_num(np.nansum(found.counts, axis=0)))
    if counts[-1] <= 0:
        return None
    place = int(np.searchsorted(counts, q * float(counts[-1])))
    return float(found.edges_s[place - 1]) if place else 0.0, float(found.edges_s[place])


def change(this: Histogram, before: Histogram, q: float, strata: Sequence[int]) -> Estimate | None:
    """Return how a quantile changed, as a share of what it was, with a bootstrap interval.

    Rows are blocks of time; row i belongs to stratum `strata[i]` in both. Blocks are drawn with
    replacement within their stratum (Efron and Tibshirani 1993, ch. 8, percentile method), from a
    fixed seed, so that equal data give equal bounds. No bounds with fewer than four blocks a
    stratum.
    """
    now, then = quantile(this, q), quantile(before, q)
    if now is None or not then:
        return None
    if len(strata) != len(this.counts) or len(strata) != len(before.counts):
        return Estimate(now / then - 1)
    groups = [np.flatnonzero(np.asarray(strata) == s) for s in sorted(set(strata))]
    if min(len(g) for g in groups) < _FEWEST_BLOCKS:
        return Estimate(now / then - 1)
    rng = np.random.default_rng(0)
    drawn = zip(_resampled(this, groups, rng, q), _resampled(before, groups, rng, q), strict=True)
    ratios = [a / b - 1 for a, b in drawn if a is not None and b]
    low, high = np.quantile(ratios, (0.025, 0.975)) if ratios else (None, None)
    return Estimate(
        now / then - 1, None if low is None else float(low), None if high is None else float(high)
    )


def _resampled(
    found: Histogram, groups: Sequence[np.ndarray], rng: np.random.Generator, q: float
) -> list[float | None]:
    chosen = np.concatenate([rng.choice(group, (_DRAWS, len(group))) for group in groups], axis=1)
    sums = np.nan_to_num(found.counts)[chosen].sum(axis=1)
    return [_quantile(found.edges_s, one, q) for one in sums]


def _quantile(edges: Floats, cumulative: Floats, q: float) -> float | None:
    counts = np.maximum.accumulate(np.nan_to_num(cumulative))
    if counts[-1] <= 0:
        return None
    rank = q * float(counts[-1])
    place = int(np.searchsorted(counts, rank))
    if not np.isfinite(edges[place]):
        return float(edges[place - 1]) if place else None
    lower = float(edges[place - 1]) if place else 0.0
    held_below = float(counts[place - 1]) if place else 0.0
    inside = float(counts[place]) - held_below
    width = float(edges[place]) - lower
    return lower + width * ((rank - held_below) / inside if inside > 0 else 1.0)
