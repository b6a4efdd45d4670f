"""Indicators made of others: points of a threshold metric, slices of time.

What they say is a share over any window, as that of every other indicator, so that rules,
dashboards and reports need not know how an objective is counted. Budgets are counted more exactly:
slice by slice, aligned to the clock.
"""

from datetime import timedelta
from typing import Final

from kit.pure.durations import to_prometheus
from slo.objective import Ratio, RawRatio, Slices, Threshold
from slo.promql import bad_share_of
from slo.series import PLACEHOLDER, fill_window, is_one_series, parse

POINT: Final = timedelta(minutes=1)
"""How often a threshold metric is looked at, and a slice of time is judged by a rule."""

_OPPOSITE: Final = {"lte": ">", "gte": "<", "lt": ">=", "gt": "<="}


def points(query: str, threshold: Threshold, within: timedelta) -> Ratio:
    """Return the points of a threshold metric as events: one a minute and series.

    `{{.window}}` in the query becomes `within`. A point without a value is no event, nor is NaN,
    as a quantile of no requests is: it is not at least minus infinity.
    """
    at_once = f"({fill_window(query, to_prometheus(within))}) >= -Inf"
    if not is_one_series(parse(query)):
        all_points, bad = f"count({at_once})", f"sum(({at_once}) {_bad(threshold)})"
    else:
        all_points, bad = f"({at_once}) * 0 + 1", f"({at_once}) {_bad(threshold)}"
    step = to_prometheus(step_within(within))
    return Ratio(
        total=f"sum_over_time(({all_points})[{PLACEHOLDER}:{step}])",
        bad=f"sum_over_time(({bad})[{PLACEHOLDER}:{step}])",
    )


def step_within(length: timedelta) -> timedelta:
    """Return how far apart points are: a minute, closer where a slice would hold under four."""
    return min(POINT, timedelta(seconds=max(1, int(length.total_seconds() // 4))))


def share_of_slices(slices: Slices) -> RawRatio:
    """Return the share of good slices over a window, from a sliding slice looked at every minute.

    A slice without events is neither good nor bad. Source: OpenSLO v1, `budgetingMethod`.
    """
    bad = bad_share_of(slices.indicator, slices.length)
    if slices.good_share is None:
        good = f"1 - ({bad})"
    else:
        good = f"({bad}) <= bool {most_bad(slices.good_share):.10g}"
    return RawRatio(f"avg_over_time(({good})[{PLACEHOLDER}:{to_prometheus(POINT)}])")


def most_bad(good_share: float) -> float:
    """Return the share of bad that a slice may have; a billionth more than 1 minus that of good.

    Shares are quotients of floating-point numbers: 1 - 0.95 is less than 5 / 100.
    """
    return 1 - good_share + 1e-9


def _bad(threshold: Threshold) -> str:
    return f"{_OPPOSITE[threshold.op]} bool {threshold.value:.10g}"
