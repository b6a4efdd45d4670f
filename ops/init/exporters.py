"""How the usual exporters name what they count: one row for each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.pure.errors import BadInputError, NotEnoughDataError
from ops.init.families import Family

ROUTE: Final = ("route", "handler", "http_route", "path", "uri", "endpoint", "url", "http_target")
METHOD: Final = ("method", "http_request_method", "http_method", "verb")
STATUS: Final = ("status", "code", "status_code", "http_response_status_code", "http_status_code",
                 "response_code")  # fmt: skip
_MOST_NAMED: Final = 8
_WHAT: Final = "http|requests?|server|api"


@dataclass(frozen=True, slots=True)
class Exporter:
    """How one exporter names things: patterns of whole names.

    `sign` is a metric or label that only this one has; "" where the names themselves are the sign.
    `counter` is None where the count of the histogram counts the requests. `unit` is what the
    histogram is measured in.
    """

    name: str
    sign: str
    counter: str | None
    histogram: str
    in_progress: str = ""
    unit: str = "s"


EXPORTERS: Final = (
    Exporter("prometheus-fastapi-instrumentator", "http_request_duration_highr_seconds",
             "http_requests_total", "http_request_duration_seconds", "http_requests_inprogress"),
    Exporter("starlette-exporter", "", "starlette_requests_total",
             "starlette_request_duration_seconds", "starlette_requests_in_progress"),
    Exporter("OpenTelemetry", "", None, "http_server_request_duration_seconds",
             "http_server_active_requests"),
    Exporter("OpenTelemetry (before 1.23)", "", None, "http_server_duration_milliseconds",
             "http_server_active_requests", "ms"),
    Exporter("Micrometer", "", None, "http_server_requests_seconds",
             "http_server_requests_active_seconds_active_count"),
    Exporter("promhttp", "promhttp_metric_handler_requests_total",
             r"(?!promhttp_)(\w+_)?http_requests?_total|(?!promhttp_)(\w+_)?requests_total",
             r"(\w+_)?(http_)?requests?_duration_seconds",
             r"(?!promhttp_)(\w+_)?(in_flight_requests|requests_in_flight)"),
    Exporter("prometheus-client", "python_info",
             rf"(\w+_)?({_WHAT})(_\w+)?_total",
             rf"(\w+_)?({_WHAT})_(\w+_)?(seconds|duration|latency)(_seconds)?",
             r"(\w+_)?requests_(in_progress|inprogress|in_flight)"),
    Exporter("a Prometheus client", "", r"(?!promhttp_)(\w+_)?(http_)?requests?_total",
             r"(\w+_)?(http_)?requests?_(duration|latency)(_seconds)?|(\w+_)?requests?_seconds",
             r"(\w+_)?requests_(in_progress|inprogress|in_flight)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recognised:
    """An exporter and the families that play its parts."""

    exporter: Exporter
    requests: Family
    latency: Family | None
    in_progress: Family | None

    def label(self, names: tuple[str, ...], of: Family | None) -> str | None:
        """Return which of the names is a label of a family."""
        return None if of is None else next((name for name in names if name in of.labels), None)

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
        return _best(exporter.counter, families, ("counter",)), latency
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
    said = sum(any(name in family.labels for name in group) for group in (STATUS, ROUTE, METHOD))
    return said, -len(family.name)
