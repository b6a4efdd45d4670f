"""A stack is up when somebody could be told: alerts arrive, and what is promised is measured."""

from typing import Final

import httpx2

from kit.edge.containers import Say
from ops.checks.alerts import WATCHDOG
from ops.stack.settings import Settings
from ops.stack.waiting import wait_until
from slo.project.project import Project

_WITHIN_S: Final = 300.0
_TIMEOUT_S: Final = 10.0


def wait_for_first_figures(settings: Settings, project: Project, say: Say) -> None:
    """Wait until the morning check could judge, and say so where it cannot after five minutes."""
    say("stack: waiting for the first figures, about a minute")
    with httpx2.Client(timeout=_TIMEOUT_S, trust_env=False) as client:
        if not wait_until(lambda: _arrives(client, settings), _WITHIN_S):
            say(f"note: no alert has reached Alertmanager in {_WITHIN_S:.0f} s: sre check alerts")
        elif not wait_until(lambda: _is_measured(client, settings, project), _WITHIN_S):
            say(f"note: accuracy was not measured in {_WITHIN_S:.0f} s: docker logs of the prober")


def _arrives(client: httpx2.Client, settings: Settings) -> bool:
    """Say whether the alert that always fires has come from Prometheus to Alertmanager."""
    url = f"http://127.0.0.1:{settings.alertmanager_port}/api/v2/alerts"
    return bool(_asked(client, url, {"filter": f'alertname="{WATCHDOG}"'}))


def _is_measured(client: httpx2.Client, settings: Settings, project: Project) -> bool:
    accuracy = project.roles.accuracy
    if accuracy is None or not settings.golden_every_s:
        return True
    url = f"http://127.0.0.1:{settings.prometheus_port}/api/v1/query"
    answer = _asked(client, url, {"query": accuracy.gauge})
    return isinstance(answer, dict) and bool(answer.get("data", {}).get("result"))


def _asked(client: httpx2.Client, url: str, parameters: dict[str, str]) -> object:
    """Return the JSON that is answered; None where none is."""
    try:
        answer = client.get(url, params=parameters)
        return answer.json() if answer.is_success else None
    except (httpx2.HTTPError, ValueError):
        return None
