"""Whether a share is higher since a moment than in like hours before. Pure numbers.

A service is slower at noon than at night and on workdays than on Sundays, and neighbouring hours
say the same. So an hour is held against the same hour of like days, hours are put together to
blocks, and the blocks since the moment are held against how blocks before it differ from each
other.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.answers import Floats
from kit.pure.inference import likely_no_larger

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
_FEWEST: Final = 3
_WHOLE_DAYS: Final = 5
_SHORT_BLOCK_H: Final = 3
_HALF: Final = 0.5  # of an event, so that none has a logarithm
_WORTH_TELLING: Final = 1.2
_LOWNESS: Final = 0.15
_MOST_CORRELATED: Final = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """`bad` and `total` events of each hour, its `like` (hour of a kind of day) and local `day`."""

    bad: Floats
    total: Floats
    like: Ints
    day: Ints
    hour: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Rise:
    """Shares before, in like hours, and since; `likely` is how likely it is by chance.

    `usual` is for each hour the share of like hours before, NaN where there were none.
    """

    before: float
    since: float
    likely: float
    usual: Floats

    @property
    def is_telling(self) -> bool:
        """Say whether the share rose by so much that anybody would notice."""
        return self.since >= _WORTH_TELLING * self.before


def rise(hours: Hours, before: Truths, since: Truths) -> Rise | None:
    """Return how a share rose, None where no like hours can be compared.

    The blocks' logarithmic ratios to like hours are compared by Student's t; the spread is that of
    the blocks before, widened for how much a block says of the next (Bayley and Hammersley 1946).
    """
    usual = _usual(hours, before, -1)
    since = since & np.isfinite(usual)
    if not since.any():
        return None
    blocks = _blocks(hours, before)
    old = _ratios(hours, before, blocks, usual=None)
    new = _ratios(hours, since, blocks, usual=usual)
    if len(old) < _FEWEST or not len(new):
        return None
    expected = float((usual[since] * hours.total[since]).sum())
    counted = float(hours.total[since].sum())
    likely = likely_no_larger(new, old, correlation=_correlation(old))
    return Rise(expected / counted, float(hours.bad[since].sum()) / counted, likely, usual)


def _usual(hours: Hours, chosen: Truths, without: int) -> Floats:
    """Return for each hour the share in like hours among the chosen, but for one day."""
    kept = chosen & (hours.day != without)
    size = int(hours.like.max()) + 1
    bad = np.bincount(hours.like[kept], hours.bad[kept], size)
    total = np.bincount(hours.like[kept], hours.total[kept], size)
    share = np.divide(bad, total, out=np.full(size, np.nan), where=total > 0)
    found: Floats = share[hours.like]
    return found


def _blocks(hours: Hours, before: Truths) -> Ints:
    """Return the block of each hour: its day, or a part of it where there are few days before."""
    if len(np.unique(hours.day[before])) >= _WHOLE_DAYS:
        return hours.day
    parts: Ints = hours.day * (24 // _SHORT_BLOCK_H) + hours.hour // _SHORT_BLOCK_H
    return parts


def _ratios(hours: Hours, chosen: Truths, blocks: Ints, *, usual: Floats | None) -> Floats:
    """Return the logarithm of counted over expected for each block that has something to compare.

    Without `usual` a day is held against the other days among the chosen.
    """
    found = []
    for day in np.unique(hours.day[chosen]):
        against = _usual(hours, chosen, int(day)) if usual is None else usual
        here = chosen & (hours.day == day) & np.isfinite(against)
        for block in np.unique(blocks[here]):
            part = here & (blocks == block)
            expected = float((against[part] * hours.total[part]).sum())
            found.append(np.log((float(hours.bad[part].sum()) + _HALF) / (expected + _HALF)))
    return np.array(found)


def _correlation(values: Floats) -> float:
    """Return how much a block says of the next one, which few blocks show as too low."""
    centred = values - values.mean()
    whole = float(centred @ centred)
    found = float(centred[1:] @ centred[:-1]) / whole if whole else 0.0
    return min(max(found + _LOWNESS, 0.0), _MOST_CORRELATED)
