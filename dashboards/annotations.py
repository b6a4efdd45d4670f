"""What happened, drawn over every chart: deploys, alerts that fire, load runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards.variables import SOURCE


@dataclass(frozen=True, slots=True)
class Deploys:
    """How a new version shows: a query whose series begin with it, and what stands there."""

    query: str
    title: str
    text: str = ""


def annotations(deploys: Deploys | None, firing: str, load_runs: str) -> dict[str, object]:
    """Return the `annotations` object of a dashboard.

    `firing` selects the alerts that fire, `load_runs` is the tag of load runs. Written by hand: the
    SDK knows neither `titleFormat` nor `textFormat` of Prometheus's annotations, without which an
    event has no name.
    """
    return {"list": list(_annotations(deploys, firing, load_runs))}


def _annotations(
    deploys: Deploys | None, firing: str, load_runs: str
) -> Iterator[dict[str, object]]:
    if deploys is not None:
        yield _from_prometheus("Deploys", deploys.query, "blue", deploys.title, deploys.text)
    yield _from_prometheus(
        "Alerts firing", firing, "red", "{{alertname}}", "{{severity}} {{priority}}"
    )
    yield {
        "name": "Load runs",
        "datasource": {"type": "grafana", "uid": "-- Grafana --"},
        "enable": True,
        "hide": False,
        "iconColor": "purple",
        "target": {"limit": 100, "matchAny": False, "tags": [load_runs], "type": "tags"},
    }


def _from_prometheus(name: str, expr: str, colour: str, title: str, text: str) -> dict[str, object]:
    return {
        "name": name,
        "datasource": SOURCE.to_json(),
        "enable": True,
        "hide": False,
        "iconColor": colour,
        "expr": expr,
        "step": "60s",
        "titleFormat": title,
        "textFormat": text,
    }
