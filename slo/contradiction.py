"""Counts that cannot be: more good than total, one query for both, a ratio outside 0 to 1."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from slo.objective import Objective, Ratio, RawRatio
from slo.series import parse
from slo.tally import Side

_EXACT: Final = 0.01
"""Two counters are never scraped at one moment: a hundredth is no contradiction."""
_SCRAPE_S: Final = 60.0
"""Prometheus extrapolates a range by up to half an interval between scrapes at each end."""
_NEAR: Final = 1e-6


def slack(watched_s: float) -> float:
    """Return by what share of all events two counts of the same time may differ."""
    return _EXACT + (_SCRAPE_S / watched_s if watched_s > 0 else 1.0)


def of_objective(objective: Objective) -> str | None:
    """Return why the queries themselves cannot count anything, None where they can."""
    indicator = objective.slices.indicator if objective.slices else objective.indicator
    if not isinstance(indicator, Ratio):
        return None
    name, side = ("bad", indicator.bad) if indicator.bad is not None else ("good", indicator.good)
    if side is None or parse(side).prettify() != parse(indicator.total).prettify():
        return None
    return f"{name} and total are the same query"


def of_counts(bad: float, total: float, watched_s: float) -> str | None:
    """Return what is wrong with `bad` of `total` events counted in so many seconds."""
    most = total * slack(watched_s) + 1
    if -bad > most:
        return f"{total - bad:,.7g} good of {total:,.7g} in all"
    if bad - total > most:
        return f"{bad:,.7g} bad of {total:,.7g} in all"
    return None


def of_share(bad_share: float) -> str | None:
    """Return what is wrong with a ready-made share of bad."""
    if -_NEAR <= bad_share <= 1 + _NEAR:
        return None
    return f"the ratio is {1 - bad_share:.6g}, outside 0 to 1"


def of_slices(
    indicator: Ratio | RawRatio, rows: Iterable[tuple[Side, Side]], length: timedelta
) -> str | None:
    """Return what is wrong with the (total, bad) events per second of slices."""
    span, odd = length.total_seconds(), []
    for total, bad in rows:
        if total is None or bad is None:
            continue
        if isinstance(indicator, RawRatio):
            odd.append(of_share(bad))
        else:
            odd.append(of_counts(bad * span, total * span, span))
    wrong = [one for one in odd if one is not None]
    return f"{len(wrong)} of {len(odd)} slices cannot be: {wrong[0]}" if wrong else None
