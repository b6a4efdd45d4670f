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
from ops.checks import affected, alerts, evening, monitoring, overnight
from ops.checks.concurrently import Ended, raise_first, run_concurrently
from ops.checks.evidence import Evidence, Seen
from ops.checks.finding import Checked, no_data
from ops.checks.log_runs import check_logs
from ops.checks.observe import prometheus as figures
from ops.checks.observe.replies import Reply, get
from ops.checks.places import Places
from ops.checks.runs import (
    bounded,
    check_dependencies,
    check_health,
    check_mongodb,
    check_redis,
    check_system,
    now,
)
from reports.period.report import PeriodReport
from reports.period.window import Window, span
from slo.edge.project_file import shipped
from slo.objective import Objective

_ALERTS: Final = "/api/v2/alerts?active=true&silenced=true&inhibited=true"
_FIRING: Final = "/api/v1/alerts"
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


def check_affected(places: Places, *, within_s: float) -> Checked:
    """Say which parts of the system are affected, by every check that looks at one."""
    began, at = time.monotonic(), now()
    parts: dict[str, Callable[[], Checked]] = {
        "health": lambda: check_health(places),
        "dependencies": lambda: check_dependencies(places),
        "monitoring": lambda: check_monitoring(places),
        "alerts": lambda: check_alerts(places),
        "system": lambda: check_system(places),
    }
    if places.mongodb:
        parts["mongodb"] = lambda: check_mongodb(places)
    if places.redis:
        parts["redis"] = lambda: check_redis(places)
    ended = run_concurrently(parts, within_s=within_s)
    found = [_part(name, at, one, places, within_s) for name, one in ended.items()]
    told = tuple(dict(each) for one in found for each in one.evidence)
    return Checked("affected", at, time.monotonic() - began, affected.judge(found), evidence=told)


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

    def find() -> Seen:
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
        all_of_it = monitoring.ObservedMonitoring(replies, observed["targets"].value, places.absent)
        return Seen(monitoring.judge(all_of_it), monitoring.evidence(all_of_it, shipped().job))

    return bounded("monitoring", places, find, within_s=places.timeout_s + 2)


def check_alerts(places: Places) -> Checked:
    """Look at which alerts are active."""

    def find() -> Seen:
        reply = _monitor(places.alertmanager, _ALERTS, places)
        if reply is None:
            return _unasked("alerts", "Alertmanager")
        firing = _monitor(places.prometheus, _FIRING, places)
        return Seen(alerts.judge(reply, shipped().name), alerts.evidence(reply, firing))

    return bounded("alerts", places, find, within_s=2 * places.timeout_s + 1)


def check_overnight(
    places: Places, objectives: Sequence[Objective], since: timedelta, at: datetime
) -> Checked:
    """Hold the figures of the last `since` against those of a day before."""

    def find() -> Seen:
        if not places.prometheus:
            return _unasked("figures", "Prometheus")
        window = span(at - since, at, _UTC)
        before = span(window.start - _BEFORE, window.end - _BEFORE, _UTC)
        asked = {"this": partial(_night, places, window), "before": partial(_night, places, before)}
        nights = run_concurrently(asked, within_s=_PATIENCE * places.timeout_s)
        raise_first(nights)
        this, earlier = nights["this"].value, nights["before"].value
        if this is None or earlier is None:
            late = no_data("figures", "Prometheus takes too long", "sre report daily waits longer")
            return Seen((late,), (Evidence("Prometheus", 1, 0, "of this night was scraped"),))
        found = overnight.judge(this, earlier, objectives, since=window.start)
        return Seen(found, overnight.evidence_of(this))

    return bounded("overnight", places, find, within_s=(_PATIENCE + 1) * places.timeout_s)


def check_evening(places: Places, report: PeriodReport) -> Checked:
    """Tell of the day that a report is on."""

    def find() -> Seen:
        return Seen(evening.judge(report), evening.evidence(report))

    return bounded("evening", places, find, within_s=places.timeout_s + 2)


def _unasked(subject: str, server: str) -> Seen:
    """Return that nobody said where a server is."""
    step = f"give --{server.lower()} URL, or set SRE_{server.upper()}_URL"
    found = no_data(subject, f"no address of {server} was given", step)
    return Seen((found,), (Evidence(server, 1, 0, "addresses", is_judged=True),))


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
