"""The PromQL of an objective."""

import re
from datetime import timedelta
from typing import Final

import promql_parser as promql

from kit.pure.durations import to_prometheus
from slo.objective import Objective, Ratio, RawRatio
from slo.series import (
    PLACEHOLDER,
    Node,
    fill_window,
    is_one_series,
    marked,
    parse,
    ranged_functions,
    shape,
    tidy,
    unmarked,
)

_SUM: Final = "sum"
_WHOLE: Final = re.compile(r"sum\s*\((.*)\)", re.IGNORECASE | re.DOTALL)
_RANGE: Final = re.compile(r"""("[^"]*"|'[^']*'|`[^`]*`)|\[[0-9a-z]+\]""")
_SUM_OF: Final = re.compile(
    r"(sum(?:\s*(?:by|without)\s*\([^)]*\))?\s*\()(.*)\)", re.IGNORECASE | re.DOTALL
)
_CALL: Final = re.compile(r"\b((?:i?rate|increase|i?delta|[a-z]+_over_time)\s*\()([^()]+)\)")
_COUNTS: Final = frozenset(
    {"increase", "delta", "sum_over_time", "count_over_time", "changes", "resets"}
)
"""Functions that give events per window, where `rate` gives events per second."""


def total_query(objective: Objective, window: timedelta) -> str:
    """Return how many events there were per second; 1 for an objective on a ready-made share."""
    return total_of(objective.indicator, window)


def bad_query(objective: Objective, window: timedelta) -> str:
    """Return how many events per second were bad; the bad share for a ready-made share."""
    return bad_of(objective.indicator, window)


def total_of(indicator: Ratio | RawRatio, window: timedelta) -> str:
    """Return events per second of an indicator; 1 where it is a ready-made share."""
    if isinstance(indicator, RawRatio):
        return f"({fill_window(indicator.success, to_prometheus(window))}) * 0 + 1"
    return per_second(indicator.total, window)


def bad_of(indicator: Ratio | RawRatio, window: timedelta, *, none_is_zero: bool = False) -> str:
    """Return bad events per second of an indicator; the bad share where it is ready-made.

    With `none_is_zero` a side without a series counts as 0 while there are events at all: many
    clients expose the series of an outcome only after it first came about.
    """
    if isinstance(indicator, RawRatio):
        return f"1 - ({fill_window(indicator.success, to_prometheus(window))})"
    total = per_second(indicator.total, window)
    side = per_second(indicator.bad or indicator.good or "", window)
    if none_is_zero:
        side = f"(({side}) or ({total}) * 0)"
    return side if indicator.bad is not None else f"{total} - {side}"


def bad_share_of(indicator: Ratio | RawRatio, window: timedelta) -> str:
    """Return the share of bad events over a window; empty without traffic, never NaN."""
    if isinstance(indicator, RawRatio):
        return bad_of(indicator, window)
    bad = bad_of(indicator, window, none_is_zero=True)
    return f"({bad}) / ({total_of(indicator, window)} > 0)"


def per_second(query: str, window: timedelta) -> str:
    """Return a count's query over a window, in events per second."""
    filled = fill_window(query, to_prometheus(window))
    if ranged_functions(query) & _COUNTS:
        return f"({filled}) / {window.total_seconds():.10g}"
    return filled


def added_up(query: str) -> str:
    """Return a query that gives one series: its sum, unless it gives just one anyway."""
    return query if is_one_series(parse(query)) else f"{_SUM}({query})"


def averaged(query: str) -> str:
    """Return a query that gives one series: the mean, unless it gives just one anyway."""
    return query if is_one_series(parse(query)) else f"avg({query})"


def bad_ratio_query(objective: Objective, window: timedelta) -> str:
    """Return the share of bad events over a window; empty without traffic, never NaN."""
    if isinstance(objective.indicator, RawRatio):
        return bad_query(objective, window)
    return f"({bad_query(objective, window)}) / ({total_query(objective, window)} > 0)"


def by_label(query: str, label: str) -> str:
    """Return a query of plain `sum(…)` aggregations split by one more label.

    Sums of sums, and sums times a number, can be split and added up again; anything else raises
    ValueError.
    """
    try:
        tree, whole = marked(query), _WHOLE.fullmatch(query.strip())
        if whole and _is_sum(tree):  # what it sums up stays as it was written
            return f"{_SUM} by ({label}) ({whole[1]})"
        return unmarked(_split(tree, label))
    except ValueError as err:
        raise ValueError(f"only sum(...) can be split by {label}: {query}") from err


def _split(tree: Node, label: str) -> str:
    """Return a part of the tree as text, with each of its sums split."""
    match tree:
        case promql.AggregateExpr() if _is_sum(tree):
            return f"{_SUM} by ({label}) ({_in_one_line(tree.expr)})"
        case promql.ParenExpr():
            return f"({_split(tree.expr, label)})"
        case promql.BinaryExpr() if not tree.modifier:
            op, sides = str(tree.op), (tree.lhs, tree.rhs)
            numbers = [shape(side) == "scalar" for side in sides]
            # A number that is added would be added once for each value of the label.
            if (op in {"+", "-"} and not any(numbers)) or (
                numbers == [False, True] and op in {"*", "/"}
            ):
                left, right = (
                    _in_one_line(side) if plain else _split(side, label)
                    for side, plain in zip(sides, numbers, strict=True)
                )
                return f"{left} {op} {right}"
    raise ValueError("not a sum")


def _is_sum(tree: Node) -> bool:
    return isinstance(tree, promql.AggregateExpr) and not tree.modifier and str(tree.op) == _SUM


def _in_one_line(tree: Node) -> str:
    return tidy(str(tree.prettify()))


def split_queries(
    objective: Objective, window: timedelta, *, none_is_zero: bool = False
) -> tuple[str, str]:
    """Return (total, bad) per second, split by the objective's label; ValueError if it has none.

    `none_is_zero` is as for `bad_of`, for each value of the label.
    """
    indicator, label = objective.indicator, objective.split_by
    if label is None or isinstance(indicator, RawRatio):
        raise ValueError(f"{objective.name} is not split by a label")

    def split(query: str | None) -> str | None:
        return None if query is None else by_label(query, label)

    parts = Ratio(by_label(indicator.total, label), split(indicator.good), split(indicator.bad))
    return total_of(parts, window), bad_of(parts, window, none_is_zero=none_is_zero)


def windowed(query: str) -> str:
    """Return a query with `{{.window}}` where its author most likely means it; empty if unclear.

    A bare counter, as `counter: true` of OpenSLO has it, or a sum of one is summed up as a rate;
    a fixed range becomes the window.
    """
    range_ = f"[{PLACEHOLDER}]"
    if _is_bare(query):
        return f"sum(rate({query}{range_}))"
    found = _SUM_OF.fullmatch(query)
    if found and _is_bare(found[2]):
        return f"{found[1]}rate({found[2]}{range_}))"
    called = _CALL.sub(
        lambda match: f"{match[0][:-1]}{range_ if _is_bare(match[2]) else ''})", query
    )
    filled = _RANGE.sub(lambda match: match[1] or range_, called)
    return "" if filled == query else filled


def _is_bare(query: str) -> bool:
    """Say whether a query is a selector and nothing more."""
    try:
        tree = parse(query)
    except ValueError:
        return False
    return isinstance(tree, promql.VectorSelector) and tree.offset is None and tree.at is None
