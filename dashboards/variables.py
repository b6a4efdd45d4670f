"""The choices at the top of every dashboard."""

from collections.abc import Iterator
from typing import Final

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard as model

from dashboards.boards.templates import Templates
from slo.project.project import Project

SOURCE: Final = model.DataSourceRef(type_val="prometheus", uid="${datasource}")
ANY: Final = ".+"
CHOSEN: Final = 'job=~"$job",instance=~"$instance"'


def target_of(project: Project, *, everything: bool) -> str:
    """Return the matchers of what is chosen: of the service's own job, unless of everything."""
    return CHOSEN if everything else f"{project.target},{CHOSEN}"


def variables(project: Project, templates: Templates) -> Iterator[Builder[model.VariableModel]]:
    """Yield the variables: where to ask, which job, instance and route, and how finely."""
    own = "" if templates.everything else project.target
    up = f"up{{{own}}}" if own else "up"
    chosen = ",".join(filter(None, (own, 'job=~"$job"')))
    yield build.DatasourceVariable("datasource").label("Data source").type("prometheus")
    yield _labels("job", "Job", f"label_values({up}, job)", "Scrape jobs to include.")
    yield _labels(
        "instance", "Instance", f"label_values(up{{{chosen}}}, instance)", "Processes to include."
    )
    if (counted := _counted_by_route(project)) is not None:
        metric, route = counted
        yield _labels(
            "route",
            "Route",
            f"label_values({metric}{{{chosen}}}, {route})",
            templates.routes or "Routes of the service to include, as templates.",
        )
    yield (
        build.IntervalVariable("interval")
        .label("Finest step")
        .description("No point of a chart stands for less time than this.")
        .values("15s,30s,1m,5m,15m,1h")
        .current(model.VariableOption(selected=True, text="15s", value="15s"))
    )


def _counted_by_route(project: Project) -> tuple[str, str] | None:
    """Return a series that has the routes, and its label for them; None where there is none."""
    requests, latency = project.roles.requests, project.roles.latency
    if requests is not None and requests.route is not None:
        return requests.counter, requests.route
    if latency is not None and latency.route is not None:
        return f"{latency.histogram}_count", latency.route
    return None


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
