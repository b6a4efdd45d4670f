"""What the templates of dashboards may name: the roles of a project, and its objectives."""

from collections.abc import Iterator
from typing import Final

from dashboards.boards.filling import Values
from dashboards.facts import Facts
from dashboards.names import of
from dashboards.variables import CHOSEN, target_of
from kit.pure.durations import to_prometheus
from slo.meaning import UnmeasurableError, meaning_of
from slo.objective import Objective, Ratio
from slo.project.project import Project
from slo.project.roles import Latency, Roles
from slo.series import selectors

_UNITS: Final = {1.0: "seconds", 1e3: "milliseconds", 1e6: "microseconds"}


def project_values(facts: Facts) -> Values:
    """Return what the names of the roles stand for; None is a role that no metric plays."""
    project, roles = facts.project, facts.project.roles
    everything = facts.templates.everything
    counted = roles.requests
    users = _users(project, counted.route, everything=everything) if counted else None
    return {
        "title": project.title,
        "own": project.target,
        "target": target_of(project, everything=everything),
        "firing": facts.firing,
        "users": users,
        "route": _common_route(roles),
        "in_progress": roles.in_progress,
        "started": roles.started,
        **_role("requests", roles.requests, "counter", "route", "method", "status", "failed"),
        **_role("version", roles.version, "info", "label"),
        **_role("cache", roles.cache, "hits", "hits", "misses", "label"),
        **_role("accuracy", roles.accuracy, "gauge", "slice", "whole"),
        "prober": _chosen(roles.prober.walked) if roles.prober else None,
        **_latency(roles.latency, project, everything=everything),
    }


def _role(name: str, role: object, metric: str, *keys: str) -> Values:
    """Return the names of a role: its metric by its own name, what else it has behind a dot."""
    fields = {name: metric, **{f"{name}.{key}": key for key in keys}}
    return {key: None if role is None else getattr(role, of_it) for key, of_it in fields.items()}


def _common_route(roles: Roles) -> str | None:
    """Return the label of the route where counts and latencies have the same one."""
    counted, timed = roles.requests, roles.latency
    if counted is None or timed is None or counted.route != timed.route:
        return None
    return counted.route


def _latency(latency: Latency | None, project: Project, *, everything: bool) -> Values:
    if latency is None:
        return dict.fromkeys(
            ("latency", "latency.route", "latency.users", "latency.scale", "latency.unit")
        )
    return {
        "latency": latency.histogram,
        "latency.route": latency.route,
        "latency.users": _users(project, latency.route, everything=everything),
        "latency.scale": "" if latency.second == 1 else f" / {latency.second:g}",
        "latency.unit": _UNITS[latency.second],
    }


def _users(project: Project, route: str | None, *, everything: bool) -> str:
    """Return the matchers of what users ask for, as far as it is chosen at the top."""
    target = target_of(project, everything=everything)
    if route is None:
        return target
    counted = target if everything else f"{project.users(route)},{CHOSEN}"
    return f'{counted},{route}=~"$route"'


def each_values(what: str, facts: Facts) -> Iterator[Values]:
    """Yield what the names stand for with each dependency, or each thing that can be used up."""
    project, everything = facts.project, facts.templates.everything

    def narrowed(selector: str) -> str:
        """Choose the service's own job, unless the selector says which one."""
        (found,) = selectors(selector)
        says = any(label == "job" for label, _, _ in found.matchers)
        return _chosen(selector, CHOSEN if says else target_of(project, everything=everything))

    if what == "dependency":
        for one in project.roles.dependency:
            yield {"dependency.name": one.name, "dependency.up": narrowed(one.up)}
    else:
        for use in project.roles.saturation:
            is_number = isinstance(use.limit, float)
            limit = f"{use.limit:.10g}" if is_number else f"({narrowed(str(use.limit))} > 0)"
            yield {
                "saturation.name": use.name,
                "saturation.used": narrowed(use.used),
                "saturation.limit": limit,
            }


def _chosen(selector: str, more: str = CHOSEN) -> str:
    """Return a selector with more matchers."""
    name, _, inside = selector.strip().partition("{")
    inside = inside.rstrip().removesuffix("}").strip().rstrip(",")
    return f"{name.strip()}{{{inside + ',' if inside else ''}{more}}}"


def objective_values(objective: Objective, facts: Facts) -> Values:
    """Return what the names of one objective stand for."""
    recorded = facts.recorded
    edge_s = edge_of(objective, facts.project)
    part_bad, part_total = recorded.parts(objective) or (None, None)
    return {
        "objective.name": objective.name,
        "objective.title": objective.display_name,
        "objective.display": objective.display_name.lower(),
        "objective.description": objective.description,
        "objective.window": to_prometheus(objective.window),
        "objective.target": f"{100 * objective.target:.5g} %",
        "objective.budget": f"{100 * objective.budget:.3g} %",
        "objective.edge": None if edge_s is None else f"{edge_s:g} s",
        "objective.alert": "".join(part.capitalize() for part in objective.name.split("-")),
        "objective.bad": of(recorded.bad, objective),
        "objective.total": of(recorded.total, objective),
        "objective.left": f"1 - {of(recorded.budget_spent, objective)}",
        "objective.measured": of(recorded.budget_watched, objective),
        "objective.split": objective.split_by,
        "objective.part_bad": part_bad and of(part_bad, objective),
        "objective.part_total": part_total and of(part_total, objective),
    }


def objective_numbers(objective: Objective, facts: Facts) -> dict[str, float | None]:
    """Return the numbers of one objective that a scale or a threshold may be."""
    return {
        "objective.target": objective.target,
        "objective.budget": objective.budget,
        "objective.edge": edge_of(objective, facts.project),
        "objective.lowest": max(0.0, round(1.0 - 5 * objective.budget, 6)),
        # five budgets below all good, so that the target shows
    }


def edge_of(objective: Objective, project: Project) -> float | None:
    """Return the latency in seconds from which a request is bad, None where there is no one."""
    try:
        edges = meaning_of(objective, project).edges_s
    except UnmeasurableError:
        edges = ()
    return edges[0] if len(edges) == 1 else objective.threshold_s


def kind_of(objective: Objective, roles: Roles) -> str:
    """Return what an objective counts, by the metrics that its queries read."""
    indicator = objective.indicator
    queries = (
        (indicator.total, indicator.good, indicator.bad)
        if isinstance(indicator, Ratio)
        else (indicator.success,)
    )
    read = {one.metric for query in queries if query for one in selectors(query)}
    if roles.latency and f"{roles.latency.histogram}_bucket" in read:
        return "latency"
    if roles.requests and roles.requests.counter in read:
        return "requests"
    return "accuracy" if roles.accuracy and roles.accuracy.gauge in read else "other"


KINDS: Final = ("requests", "latency", "accuracy", "other")
