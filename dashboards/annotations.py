"""What happened, drawn over every chart: deploys, alerts that fire, load runs."""

from typing import Final

from dashboards.variables import SOURCE
from slo.catalogue import OWN_ALERTS

LOAD_RUN_TAG: Final = "load-run"
DEPLOYS: Final = (
    "group by (version, revision) (service_build_info) "
    "unless group by (version, revision) (service_build_info offset 5m)"
)
FIRING: Final = f'ALERTS{{alertstate="firing",alertname!="Watchdog",{OWN_ALERTS}}}'
"""Watchdog always fires, to show that alerting works."""


def annotations() -> dict[str, object]:
    """Return the `annotations` object of a dashboard.

    Written by hand: the SDK knows neither `titleFormat` nor `textFormat` of Prometheus's
    annotations, without which an event has no name.
    """
    return {
        "list": [
            _from_prometheus("Deploys", DEPLOYS, "blue", "Deploy {{version}}", "{{revision}}"),
            _from_prometheus(
                "Alerts firing", FIRING, "red", "{{alertname}}", "{{severity}} {{priority}}"
            ),
            {
                "name": "Load runs",
                "datasource": {"type": "grafana", "uid": "-- Grafana --"},
                "enable": True,
                "hide": False,
                "iconColor": "purple",
                "target": {
                    "limit": 100,
                    "matchAny": False,
                    "tags": [LOAD_RUN_TAG],
                    "type": "tags",
                },
            },
        ]
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
