"""What Prometheus and Alertmanager know: alerts now and then, key series, rules, targets."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import httpx2

from kit.edge.prometheus import Prometheus, connect
from kit.edge.tls import authorities
from kit.pure.answers import Series
from kit.pure.errors import BadInputError, UnreachableError, reason_of
from kit.pure.urls import address_of
from ops.incidents.evidence.part import Part, Site, Source, Window

SERIES: Final[Mapping[str, str]] = {
    "up": "up",
    "mode": "service_mode",
    "build": "service_build_info",
    "restarts": "process_start_time_seconds",
    "dependencies": "dependency_up",
    "probes": "probe_success",
    "accuracy": 'parsing_accuracy_ratio{slice="all"}',
    "requests-per-s": "sum by (route, status) (rate(http_requests_total[2m]))",
    "p95-s": "histogram_quantile(0.95,"
    " sum by (le) (rate(http_request_duration_seconds_bucket[2m])))",
    "component-failures-per-s": "sum by (component, reason) (rate(component_failures_total[2m]))",
    "auth-failures-per-s": "sum by (reason) (rate(auth_failures_total[2m]))",
    "in-progress": "http_requests_in_progress",
    "memory-bytes": "process_resident_memory_bytes",
    "cpu-per-s": "rate(process_cpu_seconds_total[2m])",
    "mongodb-connections": "mongodb_pool_connections",
    "budget-spent": "slo:budget_spent:30d",
}
_MOST_POINTS: Final = 1000


def sources(site: Site) -> dict[str, Source]:
    """Return a source for each question; those that nobody is named for say so."""
    found: dict[str, Source] = {}
    if site.alertmanager:
        for name in ("alerts", "silences", "status"):
            found[f"{site.alertmanager}/api/v2/{name}"] = _alertmanager(site, name)
    else:
        found["Alertmanager"] = _unnamed("--alertmanager", "SRE_ALERTMANAGER_URL")
    if site.prometheus:
        found |= _of_prometheus(site)
    else:
        found["Prometheus"] = _unnamed("--prometheus", "SRE_PROMETHEUS_URL")
    return found


def _of_prometheus(site: Site) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for name in ("alerts", "rules", "targets"):
        found[f"{site.prometheus}/api/v1/{name}"] = _asked(site, _page(name))
    found[f"{site.prometheus} history of alerts"] = _asked(site, _ranged("alert-history", "ALERTS"))
    for name, expression in SERIES.items():
        found[f"{site.prometheus} {expression}"] = _asked(site, _ranged(name, expression))
    return found


Question = Callable[[Prometheus, Window], list[Part]]


def _asked(site: Site, question: Question) -> Source:
    def collect(window: Window) -> list[Part]:
        with connect(site.prometheus, timeout_s=site.timeout_s) as server:
            return question(server, window)

    return collect


def _page(name: str) -> Question:
    def ask(server: Prometheus, _window: Window) -> list[Part]:
        found = server.get(f"/api/v1/{name}")
        return [Part(f"prometheus/{name}.json", _json(found), f"{server.url}/api/v1/{name}")]

    return ask


def _ranged(name: str, expression: str) -> Question:
    def ask(server: Prometheus, window: Window) -> list[Part]:
        start_s, end_s = window.since.timestamp(), window.until.timestamp()
        step_s = max(1.0, round((end_s - start_s) / _MOST_POINTS))
        found = server.range(expression, start_s, end_s, step_s)
        return [
            Part(f"series/{name}.csv", table_of(found), f"{server.url}: {expression}, every"
                 f" {step_s:g} s")
        ]  # fmt: skip

    return ask


def table_of(found: tuple[Series, ...]) -> str:
    """Return series as CSV: time in UTC, labels as PromQL writes them, value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("time", "series", "value"))
    for series in sorted(found, key=lambda each: sorted(each.labels.items())):
        labels = ",".join(f'{key}="{value}"' for key, value in sorted(series.labels.items()))
        for time, value in zip(series.times, series.values, strict=True):
            moment = datetime.fromtimestamp(float(time), UTC)
            writer.writerow((f"{moment:%Y-%m-%dT%H:%M:%SZ}", f"{{{labels}}}", f"{value:.10g}"))
    return out.getvalue()


def _alertmanager(site: Site, name: str) -> Source:
    def collect(_window: Window) -> list[Part]:
        place = address_of(site.alertmanager, example="http://host:9093")
        url = f"{place.url}/api/v2/{name}"
        try:
            answer = httpx2.get(
                url, headers=place.headers, timeout=site.timeout_s, verify=authorities()
            )
            answer.raise_for_status()
            found = answer.json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as err:
            raise UnreachableError(reason_of(err)) from err
        return [Part(f"alertmanager/{name}.json", _json(found), url)]

    return collect


def _unnamed(option: str, variable: str) -> Source:
    def collect(_window: Window) -> list[Part]:
        raise BadInputError(f"no address is named: give {option}, or set {variable}")

    return collect


def _json(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
