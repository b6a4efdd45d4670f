"""The choices at the top of every dashboard."""

from collections.abc import Iterator
from typing import Final

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard as model

SOURCE: Final = model.DataSourceRef(type_val="prometheus", uid="${datasource}")
ANY: Final = ".+"


def variables() -> Iterator[Builder[model.VariableModel]]:
    """Yield the variables: where to ask, which job, instance and route, and how finely."""
    yield build.DatasourceVariable("datasource").label("Data source").type("prometheus")
    yield _labels("job", "Job", "label_values(up, job)", "Scrape jobs to include.")
    yield _labels(
        "instance",
        "Instance",
        'label_values(up{job=~"$job"}, instance)',
        "Processes to include.",
    )
    yield _labels(
        "route",
        "Route",
        'label_values(http_requests_total{job=~"$job"}, route)',
        "Routes of the service to include, as templates such as /events/{id}.",
    )
    yield (
        build.IntervalVariable("interval")
        .label("Finest step")
        .description("No point of a chart stands for less time than this.")
        .values("15s,30s,1m,5m,15m,1h")
        .current(model.VariableOption(selected=True, text="15s", value="15s"))
    )


def _labels(name: str, label: str, query: str, description: str) -> build.QueryVariable:
    return (
        build.QueryVariable(name)
        .label(label)
        .description(description)
        .query({"query": query, "refId": f"{name}-values", "qryType": 1})
        .datasource(SOURCE)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
        .multi(multi=True)
        .include_all(include_all=True)
        .all_value(ANY)
        .current(model.VariableOption(selected=True, text=["All"], value=["$__all"]))
    )
