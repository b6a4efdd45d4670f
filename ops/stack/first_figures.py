"""A stack is up when alerts would reach somebody and its objectives are measured."""

from typing import Final
from urllib.parse import quote

from kit.edge.containers import Say
from ops.checks.alerts import WATCHDOG
from ops.checks.observe.replies import get
from ops.stack.settings import Settings
from ops.stack.waiting import wait_until
from slo.project.project import Project

_WITHIN_S: Final = 300.0
_TIMEOUT_S: Final = 10.0


def wait_for_first_figures(settings: Settings, project: Project, say: Say) -> None:
    """Wait until the morning check could judge, and say so where it cannot after five minutes."""
    say("stack: waiting for the first figures, about a minute")
    if not wait_until(lambda: _arrives(settings), _WITHIN_S):
        say(f"note: no alert has reached Alertmanager in {_WITHIN_S:.0f} s: sre check morning")
    elif not wait_until(lambda: _is_measured(settings, project), _WITHIN_S):
        say(f"note: accuracy was not measured in {_WITHIN_S:.0f} s: see the prober's log")


def _arrives(settings: Settings) -> bool:
    """Say whether the alert that always fires has come from Prometheus to Alertmanager."""
    path = "/api/v2/alerts?filter=" + quote(f'alertname="{WATCHDOG}"')
    reply = get(f"http://127.0.0.1:{settings.alertmanager_port}", path, timeout_s=_TIMEOUT_S)
    return reply.is_ok and bool(reply.data)


def _is_measured(settings: Settings, project: Project) -> bool:
    accuracy = project.roles.accuracy
    if accuracy is None or not settings.golden_every_s:
        return True
    path = f"/api/v1/query?query={quote(accuracy.gauge)}"
    reply = get(f"http://127.0.0.1:{settings.prometheus_port}", path, timeout_s=_TIMEOUT_S)
    return reply.is_ok and bool(reply.data["data"]["result"])
