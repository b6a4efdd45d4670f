"""Whether the runs of one set were slower than those of another, both taken in turns. Pure.

The k-th run before and the k-th after are neighbours in time, so that a drift of the machine falls
on both alike. Each pair gives one difference, and these are judged as the rounds of a run against
two targets are (`synthetic.load.pairs`): that they differ from each other is the error.
The percentile of a run is taken as theirs is, by pieces of time without the outer fifths, since a
neighbour that disturbs some of them moves the percentile of the whole by half; that one counts
where it is surely worse.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np

from kit.pure.errors import BadInputError, NotEnoughDataError, RefusedError
from kit.pure.json_values import JsonMapping
from synthetic.load.blocks import Histograms
from synthetic.load.comparison import (
    ALL,
    FALSE_ALARMS,
    Comparison,
    check_alike,
    histograms_of,
    lacking_routes,
    more_failures,
)
from synthetic.load.differences import FEWEST, Difference, log_percentile
from synthetic.load.pairs import FEWEST_EACH, paired, trimmed, wanted_each

Record = JsonMapping
_Figures = Mapping[str, tuple[float, float]]
FEWEST_PAIRS: Final = 4
"""As few differences have a spread that is worth anything."""


def compare_sets(
    before: Sequence[Record],
    after: Sequence[Record],
    *,
    percentile: float = 0.95,
    force: bool = False,
) -> Comparison:
    """Return how the runs `after` differ from those `before`, as many of each.

    Raises what `compare` raises, BadInputError where they make no pairs, NotEnoughDataError for too
    few, RefusedError unless `force` where they were not taken in turns.
    """
    before, after = _in_order(before), _in_order(after)
    _check_pairs(before, after)
    check_alike([*before, *after], force=force)
    if not force:
        _refuse_blocks_of_runs(before, after)
    sides = [[_figures(one, percentile) for one in side] for side in (before, after)]
    routes = list(dict.fromkeys(name for side in sides for one in side for name in one))
    routes = routes or [ALL]  # nothing was sent
    share = FALSE_ALARMS / len(routes)
    return Comparison(
        _name(before),
        _name(after),
        tuple(_difference(name, sides, percentile, share) for name in routes),
        more_failures(before, after),
        lacking_routes(routes, *({n for one in side for n in one} for side in sides)),
        pairs=len(before),
    )


def figures_of(histograms: Histograms, percentile: float) -> tuple[float, float]:
    """Return the logarithm (ms) of the percentile in the usual piece of a run, and of all of it.

    The usual one is the mean over as many pieces as have enough requests, without the outer fifths.
    NaN for too few requests.
    """
    count = float(histograms.sum())
    if count < FEWEST:
        return np.nan, np.nan
    many = min(max(int(count / wanted_each(percentile)), 1), len(histograms))
    pieces = np.array_split(histograms, many)
    logs = [log_percentile(one, percentile) for one in pieces if one.sum() >= FEWEST_EACH]
    whole = log_percentile(histograms, percentile)
    return (trimmed(np.array(logs))[0] if len(logs) > 1 else whole), whole


def _figures(run: Record, percentile: float) -> dict[str, tuple[float, float]]:
    """Return the figures of each route that a run asked, and of all."""
    found = histograms_of(run)
    return {name: figures_of(found[name], percentile) for name in found if name in found.asked}


def _difference(
    name: str, sides: Sequence[Sequence[_Figures]], percentile: float, false_alarms: float
) -> Difference:
    none = np.nan, np.nan
    by_run = np.array([[one.get(name, none) for one in side] for side in sides])
    usual, whole = by_run.transpose(2, 1, 0)
    return paired(name, usual, percentile, false_alarms, whole=whole, fewest=FEWEST_PAIRS)


def _in_order(runs: Sequence[Record]) -> list[Record]:
    return sorted(runs, key=lambda one: (_at(one), str(one["id"])))


def _at(run: Record) -> datetime:
    return datetime.fromisoformat(str(run["started_at"]))


def _check_pairs(before: Sequence[Record], after: Sequence[Record]) -> None:
    ids = [str(one["id"]) for one in (*before, *after)]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise BadInputError(f"run {twice[0]} is named twice", hint="name each run once")
    if len(before) != len(after):
        raise BadInputError(
            f"{len(before)} runs before and {len(after)} after make no pairs",
            hint="name as many of each, taken in turns",
        )
    if len(before) < FEWEST_PAIRS:
        raise NotEnoughDataError(
            f"{len(before)} runs of each do not tell how far runs of the same lie apart",
            hint=f"take {FEWEST_PAIRS} of each at least, in turns",
        )


def _refuse_blocks_of_runs(before: Sequence[Record], after: Sequence[Record]) -> None:
    """Raise RefusedError where a pair began before the one ahead of it was over."""
    pairs = [sorted(map(_at, pair)) for pair in zip(before, after, strict=True)]
    if any(following[0] < ahead[1] for ahead, following in pairwise(pairs)):
        raise RefusedError(
            "the runs were not taken in turns: a drift of the machine would count as a change",
            hint="run before, after, after, before and so on; --force compares them anyway",
        )


def _name(runs: Sequence[Record]) -> str:
    return f"{runs[0]['id']} and {len(runs) - 1} more"
