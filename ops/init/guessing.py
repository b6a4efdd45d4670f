"""What a project file would say of a service, each guess with its reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ops.init.exporters import METHOD, ROUTE, STATUS, Recognised
from ops.init.families import Family
from ops.init.openapi import Api, Route

_PROBES: Final = re.compile(
    r"/(?:metrics|health\w*|ready\w*|live\w*|alive|ping|status|actuator/.*|docs|redoc|"
    r"openapi\.json|favicon\.ico)(?:/\w*)?"
)
READY: Final = (
    "/readyz", "/ready", "/health/ready", "/healthz", "/health", "/livez", "/live",
    "/actuator/health/readiness", "/actuator/health", "/q/health/ready",
)  # fmt: skip
_UNTITLED: Final = frozenset(
    {"", "openapi-definition", "api-documentation", "fastapi", "openapi", "swagger", "api"}
)
"""Titles that frameworks give to what has none."""
_USED_UP: Final = {
    "file descriptors": ("process_open_fds", "process_max_fds"),
    "files": ("process_files_open_files", "process_files_max_files"),
}
"""Pairs of gauges that the usual clients show."""
_BUILD: Final = re.compile(r"(\w+_)?(build_info|app_info|application_info|target_info)")
_VERSION: Final = ("version", "service_version", "app_version", "revision")
_LONGEST_NAME: Final = 63
PER_SECOND: Final = {"s": 1, "ms": 1e3, "us": 1e6}
_WANTED_EDGE_S: Final = 0.5
"""What a person at a screen takes for prompt; the edge nearest to it is the first objective."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A line of the project file: table, key, value in TOML's eyes, and why."""

    table: str
    key: str
    value: object
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found out of a service; `job` is None where no Prometheus said it."""

    target: str
    families: Mapping[str, Family]
    exporter: Recognised
    api: Api | None = None
    job: str | None = None
    prometheus: str | None = None
    answering: tuple[str, ...] = ()
    """Which paths for probes answer."""
    scrape: str = "/metrics"


@dataclass(frozen=True, slots=True)
class Labels:
    """Which label of the requests holds what; None where none does."""

    route: str | None
    method: str | None
    status: str | None


def labels_of(family: Family | None) -> Labels:
    """Return the labels of a family that hold the parts of a request."""
    return Labels(*(part.label(family) for part in (ROUTE, METHOD, STATUS)))


def name_of(seen: Seen) -> str:
    """Return a name for labels and files: the API's title, else the scrape job, else service."""
    return _plain(_title(seen) or seen.job or "service") or "service"


def _title(seen: Seen) -> str | None:
    """Return the title of the API, unless it is one that a framework made up."""
    said = seen.api.title if seen.api else None
    return said if said and _plain(said) not in _UNTITLED else None


def _plain(said: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-")[:_LONGEST_NAME].strip("-")


def uncounted(seen: Seen) -> tuple[str, ...]:
    """Return the routes that no user asks for: those of probes, scrapes and documents."""
    shown = seen.exporter.requests.labels
    routes = shown.get(labels_of(seen.exporter.requests).route or "", frozenset())
    known = {route.template for route in seen.api.routes} if seen.api else set()
    paths = (*routes, *known, *seen.answering)  # a route may be a name, such as metrics
    found = {each for each in paths if _PROBES.fullmatch(f"/{each.removeprefix('/')}")}
    scrape = seen.scrape.partition("?")[0]
    return tuple(sorted(found | {scrape, scrape.rstrip("/") or "/"}))


def used_routes(seen: Seen) -> tuple[Route, ...]:
    """Return the routes that may be asked: documented, no probe, and counted under their path."""
    routes = seen.api.routes if seen.api else ()
    return tuple(
        one
        for one in routes
        if one.path.partition("?")[0] == one.template and not _PROBES.fullmatch(one.template)
    )


def _is_plain(route: Route) -> bool:
    return route.method == "GET" and route.path == route.template


def edge_of(seen: Seen) -> str | None:
    """Return the edge of the latency histogram that is nearest to half a second."""
    latency = seen.exporter.latency
    if latency is None or not latency.edges:
        return None
    wanted = _WANTED_EDGE_S * PER_SECOND[seen.exporter.unit]
    return min(latency.edges, key=lambda edge: abs(float(edge) - wanted))


def guesses(seen: Seen) -> Iterator[Guess]:
    """Yield every line of the project file in its order."""
    yield from _service(seen)
    yield from _roles(seen)
    yield from _around(seen)


def _service(seen: Seen) -> Iterator[Guess]:
    name = name_of(seen)
    if title := _title(seen):
        why = f"from the title of its OpenAPI document, {title!r}"
    else:
        why = "from the scrape job" if seen.job else "nothing said what it is called: change it"
    yield Guess("service", "name", name, why)
    if seen.job:
        yield Guess("service", "job", seen.job, "Prometheus scrapes this target under it")
    else:
        why = "not certain" if seen.prometheus else "no --prometheus was given"
        why += ": write the job_name of your scrape configuration, here and in slo/"
        yield Guess("service", "job", name, why)
    yield Guess("service", "target", seen.target, "from --target")
    if ready := next((path for path in READY if path in seen.answering), None):
        yield Guess("service", "ready", ready, "it answers")
    elif read := next((one.path for one in used_routes(seen) if _is_plain(one)), None):
        why = "no path for probes answers, and this one only reads"
        yield Guess("service", "ready", read, why)
    if seen.scrape != "/metrics":
        yield Guess("service", "metrics", seen.scrape, "where it shows its metrics")
    routes = list(uncounted(seen))
    yield Guess("service", "uncounted", routes, "probes and scrapes are no users")


def _roles(seen: Seen) -> Iterator[Guess]:
    found, requests = seen.exporter, labels_of(seen.exporter.requests)
    why = f"as {found.exporter.name} counts requests"
    yield Guess("metrics.requests", "counter", found.counter, why)
    for part in ("route", "method", "status"):
        if label := getattr(requests, part):
            why = f"its label {label}, such as {_example(found.requests, label)}"
            yield Guess("metrics.requests", part, label, why)
    if requests.status:
        why = "the service's own failures; add others that spend the budget, such as 429"
        yield Guess("metrics.requests", "failed", found.failed, why)
    if found.latency is not None:
        latency, why = labels_of(found.latency), "the histogram of how long requests take"
        yield Guess("metrics.latency", "histogram", found.latency.name, why)
        for part in ("route", "method"):
            if label := getattr(latency, part):
                yield Guess("metrics.latency", part, label, f"its label {label}")
        if found.unit != "s":
            yield Guess("metrics.latency", "unit", found.unit, "its name ends with it")


def _around(seen: Seen) -> Iterator[Guess]:
    if (running := seen.exporter.in_progress) is not None:
        yield Guess("metrics", "in_progress", running.name, "requests being answered now")
    if "process_start_time_seconds" in seen.families:
        yield Guess("metrics", "started", "process_start_time_seconds", "when the process started")
    for name, family in seen.families.items():
        label = next((one for one in _VERSION if one in family.labels), None)
        if _BUILD.fullmatch(name) and label:
            yield Guess("metrics.version", "info", name, "a gauge of 1 whose label is the version")
            yield Guess("metrics.version", "label", label, f"its label {label}")
            break
    for name, (used, limit) in _USED_UP.items():
        if {used, limit} <= set(seen.families):
            yield Guess("metrics.saturation", "name", name, "both are shown")
            yield Guess("metrics.saturation", "used", used, "how many are open")
            yield Guess("metrics.saturation", "limit", limit, "how many may be")
    if seen.prometheus:
        yield Guess("alerts", "prometheus", seen.prometheus, "from --prometheus")


def _example(family: Family, label: str) -> str:
    return min(family.labels[label], key=len)
