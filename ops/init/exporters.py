"""How the usual exporters name what they count: one row for each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.pure.errors import BadInputError, NotEnoughDataError
from ops.init.families import Family
from slo.project.roles import FAILED


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a request: what exporters call its label, and what its values look like."""

    names: tuple[str, ...]
    values: re.Pattern[str]

    def label(self, family: Family | None) -> str | None:
        """Return the label of a family that holds the part: by its name, else by its values."""
        if family is None:
            return None
        named = next((name for name in self.names if name in family.labels), None)
        return named or next((name for name in family.labels if self._looks(family, name)), None)

    def _looks(self, family: Family, name: str) -> bool:
        """Say whether values look like it; one may stand for what has none, such as <none>."""
        found = family.labels[name]
        fitting = sum(1 for value in found if self.values.fullmatch(value))
        return fitting > 0 and len(found) - fitting <= 1


ROUTE: Final = Part(
    (
        "route",
        "handler",
        "http_route",
        "path",
        "uri",
        "endpoint",
        "url",
        "http_target",
        "view",
        "op",
        "operation",
        "rpc_method",
        "grpc_method",
        "resource",
    ),
    re.compile(r"/.*"),
)
METHOD: Final = Part(
    ("method", "http_request_method", "http_method", "verb"),
    re.compile(r"(?i:get|head|post|put|patch|delete|options)"),
)
STATUS: Final = Part(
    ("status", "code", "status_code", "http_response_status_code", "http_status_code",
     "response_code", "grpc_code", "rpc_grpc_status_code", "outcome", "result"),
    re.compile(r"[1-5](?:\d\d|xx)"),
)  # fmt: skip
PARTS: Final = (STATUS, ROUTE, METHOD)
_MOST_NAMED: Final = 8
_WHAT: Final = "http|requests?|server|api"
_TIME: Final = "(seconds|ms|milliseconds|(duration|latency)(_seconds|_ms|_milliseconds)?)"
_UNITS: Final = {"milliseconds": "ms", "ms": "ms", "microseconds": "us", "us": "us"}
_FAILING: Final = (
    "(?i:.*(err|fail|exception|timeout|internal|unavailable|unknown|deadline|dataloss|5xx).*|5..)"
)
"""How words of a status tell the service's own failures, gRPC's names of them among those."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """How one exporter names things: patterns of whole names.

    `sign` is a metric or label that only this one has; "" where the names themselves are the sign.
    `counter` is None where the count of the histogram counts the requests. `least` is how many
    parts of a request the labels must hold.
    """

    name: str
    sign: str
    counter: str | None
    histogram: str
    in_progress: str = ""
    least: int = 0


EXPORTERS: Final = (
    Exporter("prometheus-fastapi-instrumentator", "http_request_duration_highr_seconds",
             "http_requests_total", "http_request_duration_seconds", "http_requests_inprogress"),
    Exporter("starlette-exporter", "", "starlette_requests_total",
             "starlette_request_duration_seconds", "starlette_requests_in_progress"),
    Exporter("OpenTelemetry", "", None, "http_server_request_duration_seconds",
             "http_server_active_requests"),
    Exporter("OpenTelemetry (before 1.23)", "", None, "http_server_duration_milliseconds",
             "http_server_active_requests"),
    Exporter("Micrometer", "", None, "http_server_requests_seconds",
             "http_server_requests_active_seconds_active_count"),
    Exporter("promhttp", "promhttp_metric_handler_requests_total",
             r"(?!promhttp_)(\w+_)?http_requests?_total|(?!promhttp_)(\w+_)?requests_total",
             r"(\w+_)?(http_)?requests?_duration_(seconds|ms|milliseconds)",
             r"(?!promhttp_)(\w+_)?(in_flight_requests|requests_in_flight)"),
    Exporter("prometheus-client", "python_info",
             rf"(\w+_)?({_WHAT})(_\w+)?_total",
             rf"(\w+_)?({_WHAT})_(\w+_)?{_TIME}",
             r"(\w+_)?requests_(in_progress|inprogress|in_flight)"),
    Exporter("a Prometheus client", "", r"(?!promhttp_)(\w+_)?(http_)?requests?_total",
             rf"(\w+_)?(http_)?requests?_{_TIME}",
             r"(\w+_)?requests_(in_progress|inprogress|in_flight)"),
    Exporter("names of its own", "", r"(?!promhttp_)\w+",
             r"\w+(seconds|duration|latency|_ms|_milliseconds)\w*",
             r"(\w+_)?(requests_)?(in_flight|in_progress|inprogress|active)(_requests)?", least=2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recognised:
    """An exporter and the families that play its parts."""

    exporter: Exporter
    requests: Family
    latency: Family | None
    in_progress: Family | None

    @property
    def unit(self) -> str:
        """Return what the histogram is measured in: its name ends with it, as is good custom."""
        name = self.latency.name if self.latency else ""
        return _UNITS.get(name.rpartition("_")[2], "s")

    @property
    def failed(self) -> str:
        """Return the pattern of the statuses that are failures: numbers, else words."""
        label = STATUS.label(self.requests) or ""
        shown = self.requests.labels.get(label, frozenset())
        return FAILED if all(map(STATUS.values.fullmatch, shown)) else _FAILING

    @property
    def counter(self) -> str:
        """Return the series that counts requests."""
        count = self.requests.kind == "histogram"
        return f"{self.requests.name}_count" if count else self.requests.name


def recognise(families: Mapping[str, Family], *, source: str) -> Recognised:
    """Return the exporter whose metrics these are.

    Raises NotEnoughDataError where its metrics have no series yet, and BadInputError where none of
    the rows fits.
    """
    empty: Family | None = None
    for exporter in EXPORTERS:
        if exporter.sign and exporter.sign not in families:
            continue
        requests, latency = _parts(exporter, families)
        found = requests or latency
        if found is None:
            continue
        if found.is_empty:
            empty = empty or found
            continue
        return Recognised(
            exporter,
            found,
            latency if latency is not None and not latency.is_empty else None,
            _best(exporter.in_progress, families, ("gauge",)),
        )
    if empty is not None:
        raise NotEnoughDataError(
            f"{source}: {empty.name} has no series yet, so its labels are not known",
            hint="send the service one request, then run this again",
        )
    shown = sorted(families)
    some = ", ".join(shown[:_MOST_NAMED]) + (", …" if len(shown) > _MOST_NAMED else "")
    raise BadInputError(
        f"{source}: none of its {len(shown)} metrics counts HTTP requests "
        f"as a known exporter does: {some}",
        hint="add an exporter (prometheus-client, OpenTelemetry, Micrometer, promhttp), or write "
        "sre.toml by hand: docs/your-service.md",
    )


def _parts(
    exporter: Exporter, families: Mapping[str, Family]
) -> tuple[Family | None, Family | None]:
    latency = _best(exporter.histogram, families, ("histogram",))
    if exporter.counter is not None:
        requests = _best(exporter.counter, families, ("counter",))
        is_known = requests is not None and _knows(requests)[0] >= exporter.least
        return (requests if is_known else None), latency if is_known or not exporter.least else None
    if latency is not None:
        return None, latency
    return _best(f"{exporter.histogram}_count", families, ("counter",)), None


def _best(pattern: str, families: Mapping[str, Family], kinds: tuple[str, ...]) -> Family | None:
    """Return the family that fits and knows most of route, method and status."""
    fitting = [
        family
        for name, family in families.items()
        if pattern and family.kind in kinds and re.fullmatch(pattern, name)
    ]
    return max(fitting, key=_knows, default=None)


def _knows(family: Family) -> tuple[int, int]:
    return sum(part.label(family) is not None for part in PARTS), -len(family.name)
