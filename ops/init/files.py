"""The files that `sre init` writes beside the project file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from ops.init.families import Family
from ops.init.guessing import PER_SECOND, Seen, edge_of, labels_of, name_of, uncounted, used_routes
from ops.init.openapi import Route
from ops.init.toml_text import case_text, project_text, text_field
from ops.init.writes import write_journey
from slo.project.project import none_of

_MOST_STEPS: Final = 3
_MOST_ROUTES: Final = 50
_CATALOGUE: Final = """\
# Every metric that `sre init` saw. A label may list the values that it can have; an empty one may
# have any. A metric that appears later is added by hand.
"""
_PROFILE: Final = """\
# Guessed by `sre init`: reads alone, since what a write makes would stay. Give the routes that your
# users ask most a greater weight, and add a write where its leftovers do no harm.
"""
_WHOLE: Final = re.compile(r"(\d+)(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Written:
    """One file: its path below the project's folder, its text, and what it is for."""

    path: str
    text: str
    purpose: str


def files_of(seen: Seen, ci: Written) -> tuple[Written, ...]:
    """Return every file of a new project, with the one for its CI."""
    routes = used_routes(seen)
    golden = next((one for one in routes if text_field(one)), None)
    reads = [one for one in routes if one.method == "GET"][:_MOST_STEPS]
    text = project_text(seen, golden=golden, journey=reads or [_root(seen)])
    text += write_journey(seen.api.routes if seen.api else ())
    found = [
        Written("sre.toml", text, "binds what the harness needs to what the service has"),
        Written("metrics.yaml", catalogue_text(seen.families), "every metric that was seen"),
        *objectives_of(seen),
        Written("load/smoke.yaml", profile_text(seen, routes), "a light load of the real routes"),
    ]
    if golden is not None:
        found.append(
            Written("golden/first.jsonl", case_text(golden), "one case of the golden gate")
        )
    return (*found, ci)


def _root(seen: Seen) -> Route:
    """Return a request that surely answers: a probe, else what is read, else the root."""
    reads = (one.path for one in used_routes(seen) if one.method == "GET")
    path = (*seen.answering, *reads, "/")[0]
    return Route("GET", path, path)


def objectives_of(seen: Seen) -> Iterator[Written]:
    """Yield the objectives that the service's metrics can measure, two where there are both."""
    found, labels = seen.exporter, labels_of(seen.exporter.requests)
    if labels.status:
        total = _selector(seen, found.counter, found.requests)
        bad = _selector(seen, found.counter, found.requests, f'{labels.status}=~"{found.failed}"')
        text = _objective(
            seen, "availability", "Requests are answered without a failure of the service's own.",
            "99 % of requests are answered", 0.99,
            "a first target: look at what the service keeps in a month, then set what users need",
            bad=bad, total=total,
        )  # fmt: skip
        yield Written("slo/availability.yaml", text, "objective: requests are answered")
    edge = edge_of(seen)
    if edge is not None and found.latency is not None:
        name = found.latency.name
        good = _selector(seen, f"{name}_bucket", found.latency, _le(edge))
        total = _selector(seen, f"{name}_count", found.latency)
        said = f"{float(edge) / PER_SECOND[found.unit]:g} s"
        text = _objective(
            seen, "latency", "A request is answered promptly.",
            f"95 % of requests take under {said}", 0.95,
            f"{said} is the edge of the histogram that is nearest to half a second",
            good=good, total=total,
        )  # fmt: skip
        yield Written("slo/latency.yaml", text, "objective: requests are answered promptly")


def _selector(seen: Seen, series: str, family: Family, *more: str) -> str:
    route, job = labels_of(family).route, seen.job or name_of(seen)
    matchers = [f'job="{job}"']
    if route is not None:
        matchers.append(none_of(route, uncounted(seen)))
    return f"{series}{{{','.join((*matchers, *more))}}}"


def _le(edge: str) -> str:
    """Return the matcher of an edge: Python's client writes 1.0, Go's 1."""
    if whole := _WHOLE.fullmatch(edge):
        return rf'le=~"{whole[1]}(\\.0)?"'
    return f'le="{edge}"'


def _objective(
    seen: Seen, name: str, description: str, title: str, target: float, why: str, **queries: str
) -> str:
    sides = {
        side: {"metricSource": {"type": "Prometheus", "spec": {
            "query": f"sum(rate({query}[{{{{.window}}}}]))"}}}
        for side, query in queries.items()
    }  # fmt: skip
    document = {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": name, "displayName": name.capitalize()},
        "spec": {
            "description": description,
            "service": name_of(seen),
            "indicator": {
                "metadata": {"name": f"{name}-of-requests"},
                "spec": {"ratioMetric": {"counter": True, **sides}},
            },
            "timeWindow": [{"duration": "30d", "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"displayName": title, "target": target}],
        },
    }
    return f"# Guessed by `sre init`: {why}.\n" + _yaml(document)


def catalogue_text(families: Mapping[str, Family]) -> str:
    """Return the catalogue of the metrics that were seen."""
    metrics = []
    for family in families.values():
        labels: dict[str, Any] = {name: None for name in sorted(family.labels) if name != "le"}
        metric: dict[str, Any] = {"name": family.name, "type": family.kind}
        if family.help.strip():
            metric["help"] = " ".join(family.help.split())
        if labels:
            metric["labels"] = labels
        if family.edges:
            metric["buckets"] = [float(edge) for edge in family.edges]
        metrics.append(metric)
    return _CATALOGUE + _yaml({"schema": "sre.metrics/v1", "metrics": metrics})


def profile_text(seen: Seen, routes: tuple[Route, ...]) -> str:
    """Return a load profile of the routes that change nothing, else of the one that answers."""
    safe = [one for one in routes if one.method == "GET"][:_MOST_ROUTES] or [_root(seen)]
    profile = {
        "name": "smoke",
        "description": "Half a minute of light use; tells whether the service works at all.",
        "stages": [{"for_s": 30, "per_s": 25}],
        "requests": [{"method": one.method, "path": one.path, "weight": 1} for one in safe],
        "ready_path": _root(seen).path,
        "timeout_s": 10,
        "rule": "observed",
    }
    return _PROFILE + _yaml(profile)


def _yaml(document: object) -> str:
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    return text.replace(": null\n", ":\n")
