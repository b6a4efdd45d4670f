"""The PromQL of a dashboard, with its variables filled in."""

import re
from collections.abc import Iterator

import promql_parser as promql

from dashboards.document import Dashboard, Drawn, Source, Target
from dashboards.expand import VARIABLE, expand, sample_values, used
from slo.series import Node, Selector, selectors

_QUOTED = r"""[^"'`]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`"""
_IN_QUOTES = re.compile(rf"""(?:{_QUOTED})*["'`][^"'`]*""", re.DOTALL)
_IN_RANGE = re.compile(r"\[[^\]]*:$")
_IN_LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*$")
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
    """Tell whether a data source can be Prometheus; one without a type can, see `is_surely`."""
    return source is None or source.plugin in {"", "prometheus", "mixed", "datasource"}


def is_surely_prometheus(source: Source | None) -> bool:
    """Tell whether a data source is known to be Prometheus: by its type or name, or as default."""
    return source is None or source.plugin == "prometheus" or "prom" in source.uid.lower()


def parse(dashboard: Dashboard, expr: str) -> Node:
    """Return promql-parser's tree of an expression; ValueError carries its message.

    What a variable is only Grafana knows once it is open. Where the value with which it opens does
    not fit, it is what may stand in its place: a duration, a label, a function, a number, a name.
    """
    values = sample_values(dashboard)
    try:
        return promql.parse(expand(expr, values))
    except ValueError as err:
        if not used(expr):
            raise
        for number in ("1", "x"):
            try:
                return promql.parse(expand(_by_place(expr, number), values))
            except ValueError:
                continue
        raise err from err


def _by_place(expr: str, else_: str) -> str:
    """Return an expression whose variables are what may stand in their place, outside of quotes."""

    def fitting(match: re.Match[str]) -> str:
        before, after = expr[: match.start()].rstrip(), expr[match.end() :].lstrip()
        if _IN_QUOTES.fullmatch(before):
            return match[0]
        if before.endswith(("[", "offset")) or _IN_RANGE.search(before):
            return "5m"
        if _IN_LABELS.search(before):
            return "x"
        return "sum" if after.startswith(("(", "by", "without")) else else_

    return VARIABLE.sub(fitting, expr)


def parsed_targets(dashboard: Dashboard) -> Iterator[tuple[Drawn, Target, Node]]:
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
