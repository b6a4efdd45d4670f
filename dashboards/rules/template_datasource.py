"""A variable chooses the data source, so that one dashboard serves every environment."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding

_NAMES = frozenset({"datasource", "prometheus_datasource"})
_LABELS = frozenset({"Data source", "Data Source", "Prometheus data source"})


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want one variable of type datasource, named and labelled as elsewhere."""
    found = [variable for variable in dashboard.variables if variable.kind == "datasource"]
    if not found:
        yield Finding(
            "has no variable for the data source", "add a datasource variable named `datasource`"
        )
        return
    first = found[0]
    if len(found) == 1 and first.name not in _NAMES:
        yield Finding(f"names its data source variable {first.name!r}", "name it `datasource`")
    if len(found) == 1 and first.label not in _LABELS:
        yield Finding(f"labels its data source variable {first.label!r}", "label it `Data source`")
    if first.query not in {"prometheus", "loki"}:
        yield Finding(
            f"lets one choose a data source of type {first.query!r}", "make it `prometheus`"
        )
