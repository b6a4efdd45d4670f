"""The PromQL of a dashboard, with its variables filled in."""

from collections.abc import Iterator
from typing import Any

import promql_parser as promql

from dashboards.document import Dashboard, Drawn, Source, Target
from dashboards.expand import expand, sample_values
from slo.series import Selector, selectors

Tree = Any  # promql_parser has no types for what is in a tree
DATA_PANELS = frozenset(
    """
    timeseries graph stat singlestat gauge bargauge table table-old heatmap piechart
    barchart histogram state-timeline status-history trend xychart candlestick
    """.split()  # noqa: SIM905 -- a list of words reads best as words
)
"""Panel types that show the answers of queries."""


def prometheus_targets(dashboard: Dashboard) -> Iterator[tuple[Drawn, Target]]:
    """Yield every query that goes to Prometheus, with its panel."""
    for panel in dashboard.panels:
        for target in panel.targets:
            if target.expr and asks_prometheus(target.source or panel.source):
                yield panel, target


def asks_prometheus(source: Source | None) -> bool:
    """Tell whether a data source can be Prometheus; one without a type can."""
    return source is None or source.plugin in {"", "prometheus", "mixed", "datasource"}


def parse(dashboard: Dashboard, expr: str) -> Tree:
    """Return promql-parser's tree of an expression; ValueError carries its message."""
    return promql.parse(expand(expr, sample_values(dashboard)))


def parsed_targets(dashboard: Dashboard) -> Iterator[tuple[Drawn, Target, Tree]]:
    """Yield every query that parses, with its tree; `target-promql` names the others."""
    for panel, target in prometheus_targets(dashboard):
        try:
            yield panel, target, parse(dashboard, target.expr)
        except ValueError:
            continue


def series_of(dashboard: Dashboard, expr: str) -> tuple[Selector, ...]:
    """Return the selectors of an expression; none when it does not parse."""
    try:
        return selectors(expand(expr, sample_values(dashboard)))
    except ValueError:
        return ()


def is_recorded(metric: str) -> bool:
    """Tell whether a series is a recording rule's: its name has colons."""
    return ":" in metric
