"""The figures of a run while it goes, at a cost that does not grow with it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synthetic.load.counting import Counting, Judged
from synthetic.load.samples import Outcome, Samples, failed, lag_ms

BINS_PER_DECADE = 200
LOWEST_S = 1e-6
DECADES = 9
"""A bin is 1.2 % wide: enough for a live display, and never used for the record."""


class Live:
    """Counts of what has been reported so far; `objectives` are watched for their budget."""

    def __init__(self, objectives: Sequence[Judged] = (), routes: Sequence[str] = ()) -> None:
        self.finished = self.failed = self.dropped = 0
        self._watched = [
            (one.objective.budget, Counting(one.meaning, routes))
            for one in objectives
            if one.meaning is not None
        ]
        self._counted = [(0, 0)] * len(self._watched)
        self._latency = np.zeros(BINS_PER_DECADE * DECADES + 2, dtype=np.int64)
        self._lag = np.zeros_like(self._latency)

    @property
    def total(self) -> int:
        """Return how many requests have come to an end, the dropped ones too."""
        return self.finished + self.dropped

    def take(self, samples: Samples) -> None:
        """Add newly reported samples."""
        sent = samples[samples["outcome"] != Outcome.DROPPED]
        self.finished += len(sent)
        self.dropped += len(samples) - len(sent)
        self.failed += int(np.count_nonzero(failed(samples)))
        _count(self._latency, sent["latency_s"])
        _count(self._lag, lag_ms(samples) / 1000)
        for position, (_, counting) in enumerate(self._watched):
            total, bad = counting.tally(samples)
            before, bad_before = self._counted[position]
            self._counted[position] = before + total, bad_before + bad

    def p95_ms(self) -> float | None:
        """Return the 95th percentile of latency so far, within 1.2 %."""
        return _quantile_ms(self._latency, 0.95)

    def lag_p99_ms(self) -> float | None:
        """Return the 99th percentile of the schedule lag so far, within 1.2 %."""
        return _quantile_ms(self._lag, 0.99)

    def budget_spent(self) -> float | None:
        """Return the highest share of any objective's budget that this run has used so far."""
        shares = [
            bad / total / budget
            for (total, bad), (budget, _) in zip(self._counted, self._watched, strict=True)
            if total
        ]
        return max(shares, default=None)


def _count(counts: NDArray[np.int64], seconds: NDArray[np.floating]) -> None:
    place = np.log10(np.maximum(seconds, LOWEST_S) / LOWEST_S) * BINS_PER_DECADE + 1
    places = np.clip(place.astype(np.int64), 0, len(counts) - 1)
    counts += np.bincount(places, minlength=len(counts))


def _quantile_ms(counts: NDArray[np.int64], q: float) -> float | None:
    total = int(counts.sum())
    if not total:
        return None
    place = int(np.searchsorted(np.cumsum(counts), q * total))
    return float(LOWEST_S * 10 ** ((place - 0.5) / BINS_PER_DECADE) * 1000)
