"""Variables ask Prometheus in valid PromQL."""

import re
from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import asks_prometheus, is_surely_prometheus, parse

_LABEL_VALUES = re.compile(
    r"\s*label_values\(\s*(?:(?P<expr>.*),)?\s*[\w${}:.]+\s*\)\s*", re.DOTALL
)
_QUERY_RESULT = re.compile(r"\s*query_result\((?P<expr>.*)\)\s*", re.DOTALL)
_NO_PROMQL = re.compile(r"\s*(?:label_names|metrics)\(.*\)\s*", re.DOTALL)


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want label_values, query_result, label_names, metrics or a selector, in PromQL."""
    for variable in dashboard.variables:
        if variable.kind != "query" or not asks_prometheus(variable.source):
            continue
        if not variable.query.strip() or _NO_PROMQL.fullmatch(variable.query):
            continue
        found = _LABEL_VALUES.fullmatch(variable.query) or _QUERY_RESULT.fullmatch(variable.query)
        # What is no function is asked as the selector of series that it may be.
        asked = variable.query if found is None else found["expr"]
        unsure = not is_surely_prometheus(variable.source)
        try:
            if asked:
                parse(dashboard, asked)
        except ValueError as err:
            wrong = f"{asked!r} is not PromQL: {err}"
            if found is None:
                wrong = f"asks {asked!r}, which is no variable query"
            yield Finding(
                f"variable {variable.name!r}: {wrong}",
                "write label_values(metric, label)" if found is None else "fix the expression",
                unsure=unsure,
            )
