"""The PromQL of an objective."""

from datetime import timedelta
from typing import Final

import promql_parser as promql

from slo.durations import to_prometheus
from slo.objective import Objective, RawRatio
from slo.series import fill_window, parse

_SUM: Final = "sum"


def total_query(objective: Objective, window: timedelta) -> str:
    """Return how many events there were per second; 1 for an objective on a ready-made share."""
    text = to_prometheus(window)
    if isinstance(objective.indicator, RawRatio):
        return f"({fill_window(objective.indicator.success, text)}) * 0 + 1"
    return fill_window(objective.indicator.total, text)


def bad_query(objective: Objective, window: timedelta) -> str:
    """Return how many events per second were bad; the bad share for a ready-made share."""
    indicator, text = objective.indicator, to_prometheus(window)
    if isinstance(indicator, RawRatio):
        return f"1 - ({fill_window(indicator.success, text)})"
    if indicator.bad is not None:
        return fill_window(indicator.bad, text)
    assert indicator.good is not None  # noqa: S101 -- reading made sure that one is given
    return f"{fill_window(indicator.total, text)} - {fill_window(indicator.good, text)}"


def bad_ratio_query(objective: Objective, window: timedelta) -> str:
    """Return the share of bad events over a window; empty without traffic, never NaN."""
    if isinstance(objective.indicator, RawRatio):
        return bad_query(objective, window)
    return f"({bad_query(objective, window)}) / ({total_query(objective, window)} > 0)"


def burn_query(objective: Objective, window: timedelta) -> str:
    """Return how many times too fast the budget burns over a window."""
    return f"({bad_ratio_query(objective, window)}) / {objective.budget:.10g}"


def by_label(query: str, label: str) -> str:
    """Return a query of plain `sum(…)` aggregations split by one more label.

    Only `sum` can be split and added up again; anything else raises ValueError.
    """
    tree = parse(query)
    if not isinstance(tree, promql.AggregateExpr) or str(tree.op) != _SUM or tree.modifier:
        raise ValueError(f"only sum(...) can be split by {label}: {query}")
    return query.replace(f"{_SUM}(", f"{_SUM} by ({label}) (", 1)


def split_queries(objective: Objective, window: timedelta) -> tuple[str, str]:
    """Return (total, bad) per second, split by the objective's label; ValueError if it has none."""
    indicator, label = objective.indicator, objective.split_by
    if label is None or isinstance(indicator, RawRatio):
        raise ValueError(f"{objective.name} is not split by a label")
    text = to_prometheus(window)
    total = fill_window(by_label(indicator.total, label), text)
    if indicator.bad is not None:
        return total, fill_window(by_label(indicator.bad, label), text)
    assert indicator.good is not None  # noqa: S101 -- reading made sure that one is given
    return total, f"{total} - {fill_window(by_label(indicator.good, label), text)}"
