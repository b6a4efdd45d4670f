"""Variables ask Prometheus in valid PromQL."""

import re
from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import asks_prometheus, parse

_LABEL_VALUES = re.compile(r"\s*label_values\(\s*(?:(?P<expr>.*),)?\s*[\w$]+\s*\)\s*", re.DOTALL)
_QUERY_RESULT = re.compile(r"\s*query_result\((?P<expr>.*)\)\s*", re.DOTALL)
_NO_PROMQL = re.compile(r"\s*(?:label_names|metrics)\(.*\)\s*", re.DOTALL)


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want label_values, query_result, label_names or metrics, with PromQL inside that parses."""
    for variable in dashboard.variables:
        if variable.kind != "query" or not asks_prometheus(variable.source):
            continue
        if _NO_PROMQL.fullmatch(variable.query):
            continue
        found = _LABEL_VALUES.fullmatch(variable.query) or _QUERY_RESULT.fullmatch(variable.query)
        if found is None:
            yield Finding(
                f"variable {variable.name!r} asks {variable.query!r}, which is no variable query",
                "write label_values(metric, label)",
            )
            continue
        try:
            if found["expr"]:
                parse(dashboard, found["expr"])
        except ValueError as err:
            yield Finding(
                f"variable {variable.name!r}: {found['expr']!r} is not PromQL: {err}",
                "fix the expression",
            )
