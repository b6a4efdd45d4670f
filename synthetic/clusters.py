"""What a share is worth whose bad ones come in clusters: stalls and hiccups are no single events.

Neighbours in time are alike, so that a thousand requests are not a thousand pieces of evidence. The
design effect says how many requests count as one; the share is then judged as if so many fewer had
been asked (Korn and Graubard 1998, Survey Methodology 24, 193-201).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.estimate import Estimate
from kit.pure.inference import binomial_share_above, binomial_share_below

BLOCKS: Final = 180
"""Pieces of equal time that a run is cut into."""
WINDOWS: Final = (1, 3, 9, 18)
"""So many blocks in a row are looked at together: a cluster may last a tenth of the run."""
TAIL: Final = 0.025
UNSEEN_BUNCH: Final = 9
"""What never failed may still fail in bunches of so many: a hiccup of one worker or one node."""
UNSEEN_STALL_S: Final = 3.0
"""What never was slow may still be so for so long, whatever comes meanwhile: a stall."""
DOUBT: Final = 4.0
"""Among few events the largest are seldom: over their number ** 1.5, so much larger may they be."""
SOME_DOUBT: Final = 0.5
"""The same where nothing is to be proven to be good."""
SMALL_BUNCH: Final = 4
"""The same where a share is only observed, which is no proof."""

Counts = NDArray[np.float64]
"""By block, in the order of time; leading axes are independent runs."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`bad` of `total`, of which `effect` (at least 1) count as one.

    An event that was not seen may have `unseen` bad ones.
    """

    total: int
    bad: int
    effect: float = 1.0
    unseen: float = UNSEEN_BUNCH

    @property
    def events(self) -> float:
        """Return how many independent events the bad ones are worth."""
        return self.bad / self.effect

    def size(self, doubt: float) -> float:
        """Return how many bad ones an event may have: as seen, with the doubt that few leave.

        What was not seen weighs less the more events were.
        """
        more = (self.unseen - self.effect) / (self.events + 1) ** 2
        return max(self._doubtful(doubt), self.effect + more)

    def low(self, *, tail: float = TAIL) -> float:
        """Return what the true share of bad ones is not below (Clopper and Pearson 1934)."""
        size = self._doubtful(SOME_DOUBT)
        return binomial_share_below(self.bad / size, self.total / size, tail=tail)

    def high(self, *, tail: float = TAIL, doubt: float = DOUBT) -> float:
        """Return what the true share of bad ones is not above."""
        if self.bad == self.total:
            return 1.0
        return binomial_share_above(self.events, self.total / self.size(doubt), tail=tail)

    def _doubtful(self, doubt: float) -> float:
        if self.effect == 1.0:
            return self.effect
        return self.effect * float(1 + doubt / max(self.events, 1) ** 1.5)

    def good(self) -> Estimate:
        """Return the share of good ones with its 95 % interval."""
        return Estimate(1 - self.bad / self.total, 1 - self.high(), 1 - self.low())


def evidence(
    at_s: NDArray[np.float64],
    bad: NDArray[np.bool_],
    *,
    rest: int = 0,
    until_s: float | None = None,
    slow: bool = False,
) -> Evidence:
    """Return what requests that were due at `at_s` show, of which some are `bad`.

    `rest` more were to come until `until_s`; they are taken as good. Where to be `slow` is bad, an
    event that was not seen may be a stall.
    """
    if not len(at_s):
        return Evidence(rest, 0)
    begin_s, end_s = float(at_s.min()), float(at_s.max())
    place = block_of(at_s, begin_s, end_s if until_s is None else max(end_s, until_s))
    lost, total = (
        np.bincount(place[chosen], minlength=BLOCKS).astype(np.float64)
        for chosen in (bad, slice(None))
    )
    found = evidence_in(lost, total, rest=rest)
    return replace(found, unseen=in_a_stall(found.total, end_s - begin_s)) if slow else found


def in_a_stall(count: int, seconds: float) -> float:
    """Return how many of so many requests a stall that was not seen may hold."""
    return max(count * min(UNSEEN_STALL_S / max(seconds, 1e-9), 1.0), UNSEEN_BUNCH)


def evidence_in(bad: Counts, total: Counts, *, rest: int = 0) -> Evidence:
    """Return what the blocks of one run show; `rest` good ones are to come after the last."""
    if rest:
        left = np.arange(BLOCKS) > np.max(np.flatnonzero(total), initial=-1)
        left[-1] = True
        total = total + left * (rest / np.count_nonzero(left))
    n, x = round(float(total.sum())), round(float(bad.sum()))
    return Evidence(n, x, float(design_effect(bad, total)) if 0 < x < n else 1.0)


def block_of(at_s: NDArray[np.float64], begin_s: float, end_s: float) -> NDArray[np.intp]:
    """Return the block of each moment between two."""
    width_s = max(end_s - begin_s, 1e-9) / BLOCKS
    found: NDArray[np.intp] = np.clip((at_s - begin_s) / width_s, 0, BLOCKS - 1).astype(np.intp)
    return found


def design_effect(bad: Counts, total: Counts) -> NDArray[np.float64]:
    """Return how many requests count as one: the variance of the share over that of single ones.

    The variance allows for what lies near each other in time (Newey and West 1987, with Bartlett's
    weights); of the windows the widest spread counts. At least 1; 1 where all is in one block.
    """
    n, x, blocks = total.sum(axis=-1), bad.sum(axis=-1), total.shape[-1]
    windows = [w for w in WINDOWS if w <= blocks // 10] or [1]
    share = x / np.maximum(n, 1)
    single = n * share * (1 - share)
    rest = bad - share[..., None] * total
    spreads = [np.square(_sums(rest, w)).sum(axis=-1) / w / (1 - w / (blocks + 1)) for w in windows]
    found = np.max(spreads, axis=0) / np.maximum(single, 1e-12)
    spread_out = np.count_nonzero(total, axis=-1) > 1
    result: NDArray[np.float64] = np.where(
        (single > 0) & spread_out, np.clip(found, 1.0, np.maximum(x, 1)), 1.0
    )
    return result


def _sums(values: Counts, window: int) -> Counts:
    """Return the sum of each `window` blocks in a row, those over the ends too."""
    edge = [(0, 0)] * (values.ndim - 1) + [(window, window - 1)]
    sums = np.cumsum(np.pad(values, edge), axis=-1)
    result: Counts = sums[..., window:] - sums[..., :-window]
    return result
