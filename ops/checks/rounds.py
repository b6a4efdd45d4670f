"""The rounds of a day: many checks side by side in the morning, the day's sums in the evening."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from kit.edge.prometheus import prometheus_headers
from kit.edge.target import Access
from kit.pure.errors import HarnessError
from ops.checks import alerts, evening, monitoring, overnight
from ops.checks.concurrently import Ended, raise_first, run_concurrently
from ops.checks.finding import Checked, Finding, no_data
from ops.checks.log_runs import check_logs
from ops.checks.observe import prometheus as figures
from ops.checks.observe.replies import Reply, get
from ops.checks.places import Places
from ops.checks.runs import bounded, check_dependencies, check_health, check_system, now
from reports.period.report import PeriodReport
from reports.period.window import Window, span
from slo.edge.project_file import shipped
from slo.objective import Objective

_ALERTS: Final = "/api/v2/alerts?active=true&silenced=true&inhibited=true"
_BEFORE: Final = timedelta(hours=24)
_PATIENCE: Final = 3
"""So many times the patience with one question is given to the three dozen of a night."""
_UTC: Final = ZoneInfo("UTC")


def check_morning(
    places: Places, objectives: Sequence[Objective], *, since: timedelta, within_s: float
) -> Checked:
    """Look at everything at once; what is not done after `within_s` seconds is reported so."""
    began, at = time.monotonic(), now()
    parts: dict[str, Callable[[], Checked]] = {
        "health": lambda: check_health(places),
        "dependencies": lambda: check_dependencies(places),
        "monitoring": lambda: check_monitoring(places),
        "alerts": lambda: check_alerts(places),
        "overnight": lambda: check_overnight(places, objectives, places.since(since, at), at),
        "logs": lambda: check_logs(
            places, objectives, places.since(_BEFORE, at), within_s=within_s
        ),
        "system": lambda: check_system(places),
    }
    ended = run_concurrently(parts, within_s=within_s)
    found = [_part(name, at, one, places, within_s) for name, one in ended.items()]
    return Checked("morning", at, time.monotonic() - began, parts=tuple(found))


def _part(
    name: str, at: datetime, ended: Ended[Checked], places: Places, within_s: float
) -> Checked:
    """Return what a part found, or as one finding why it found nothing."""
    error = ended.error
    if ended.value is not None:
        return ended.value
    if error is None:
        step = f"sre check morning --within {3 * within_s:g} waits longer"
        finding = no_data(name, f"not done within {within_s:g} s", step)
    elif isinstance(error, HarnessError):
        finding = no_data(name, places.without_secrets(str(error)), error.hint)
    else:
        answer = places.without_secrets(f"{type(error).__name__}: {error}")
        finding = no_data(name, f"a fault of this check: {answer}")
    return Checked(name, at, 0.0, (finding,))


def check_monitoring(places: Places) -> Checked:
    """Look whether what watches the service works itself."""

    def find() -> Sequence[Finding]:
        addresses = {
            "Prometheus": places.prometheus,
            "Alertmanager": places.alertmanager,
            "Grafana": places.grafana,
        }
        asked = {
            name: partial(_monitor, url, monitoring.PATHS[name], places)
            for name, url in addresses.items()
        }
        asked["targets"] = partial(_monitor, places.prometheus, monitoring.TARGETS, places)
        observed = run_concurrently(asked, within_s=places.timeout_s + 1)
        raise_first(observed)
        replies = {
            name: one.value if one.in_time else Reply(addresses[name], problem="no answer in time")
            for name, one in observed.items()
            if name in addresses
        }
        return monitoring.judge(
            monitoring.ObservedMonitoring(replies, observed["targets"].value, places.absent)
        )

    return bounded("monitoring", places, find, within_s=places.timeout_s + 2)


def check_alerts(places: Places) -> Checked:
    """Look at which alerts are active."""

    def find() -> Sequence[Finding]:
        reply = _monitor(places.alertmanager, _ALERTS, places)
        if reply is None:
            step = "give --alertmanager URL, or set SRE_ALERTMANAGER_URL"
            return (no_data("alerts", "no address of Alertmanager was given", step),)
        return alerts.judge(reply, shipped().name)

    return bounded("alerts", places, find, within_s=places.timeout_s + 1)


def check_overnight(
    places: Places, objectives: Sequence[Objective], since: timedelta, at: datetime
) -> Checked:
    """Hold the figures of the last `since` against those of a day before."""

    def find() -> Sequence[Finding]:
        if not places.prometheus:
            step = "give --prometheus URL, or set SRE_PROMETHEUS_URL"
            return (no_data("figures", "no address of Prometheus was given", step),)
        window = span(at - since, at, _UTC)
        before = span(window.start - _BEFORE, window.end - _BEFORE, _UTC)
        asked = {"this": partial(_night, places, window), "before": partial(_night, places, before)}
        nights = run_concurrently(asked, within_s=_PATIENCE * places.timeout_s)
        raise_first(nights)
        this, earlier = nights["this"].value, nights["before"].value
        if this is None or earlier is None:
            return (
                no_data("figures", "Prometheus takes too long", "sre report daily waits longer"),
            )
        return overnight.judge(this, earlier, objectives, since=window.start)

    return bounded("overnight", places, find, within_s=(_PATIENCE + 1) * places.timeout_s)


def check_evening(places: Places, report: PeriodReport) -> Checked:
    """Tell of the day that a report is on."""
    return bounded("evening", places, lambda: evening.judge(report), within_s=places.timeout_s + 2)


def _night(places: Places, window: Window) -> overnight.Night:
    project = shipped()
    asked = overnight.queries(window, project)
    answers = figures.answers_of(places.prometheus, asked, timeout_s=places.timeout_s)
    return overnight.night(window, answers, project)


def _monitor(url: str, path: str, places: Places) -> Reply | None:
    if not url:
        return None
    headers = tuple(prometheus_headers().items()) if url == places.prometheus else ()
    return get(url, path, access=Access(headers=headers), timeout_s=places.timeout_s)
