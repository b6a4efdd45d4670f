"""Look up what the variables of a dashboard can be, as Grafana does."""

import re
from typing import Final

from dashboards.document import Dashboard, Variable
from dashboards.expand import expand, sample_values, times
from dashboards.source import QueryError, Source, Span

_LABEL_VALUES: Final = re.compile(
    r"\s*label_values\(\s*(?:(?P<selector>.*),)?\s*(?P<label>\w+)\s*\)\s*", re.DOTALL
)
_ALL: Final = frozenset({"", "$__all", "All"})


def values_on(
    dashboard: Dashboard, source: Source, span: Span, scrape_s: float
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return each variable's value as the dashboard opens, and the variables that list nothing."""
    values = sample_values(dashboard) | times(span.step_s, span.length_s, scrape_s)
    empty = []
    for variable in dashboard.variables:
        match = _LABEL_VALUES.fullmatch(variable.query)
        if variable.kind != "query" or match is None:
            continue
        selector = expand(match["selector"] or "", values)
        try:
            listed = source.label_values(match["label"], selector, span)
        except QueryError:  # of a foreign dashboard, which the rules tell about
            listed = ()
        if listed:
            values[variable.name] = _opening(variable, listed)
        else:
            empty.append(variable.name)
    return values, tuple(empty)


def _opening(variable: Variable, listed: tuple[str, ...]) -> str:
    if variable.current not in _ALL and variable.current in listed:
        return variable.current
    if variable.include_all:
        return variable.all_value or "(" + "|".join(re.escape(item) for item in listed) + ")"
    return listed[0]
