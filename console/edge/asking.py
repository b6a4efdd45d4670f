"""What the console asks of Prometheus and Alertmanager: few questions, each for many answers."""

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from console.edge.about import About, since
from console.firing import Alerts, alerts_of, moment
from console.noise import Firing, Noise, firings, noise
from console.queries import Together, ask
from kit.pure.answers import Series
from kit.pure.errors import BadInputError, UnreachableError
from ops.incidents.evidence.part import Window
from ops.incidents.timeline import from_prometheus
from slo.account import Account
from slo.edge.accounts import account
from slo.objective import Objective

_CHANGES: Final = timedelta(hours=24)
_HISTORY: Final = timedelta(days=7)
_HISTORY_STEP_S: Final = 120
MOST_OBJECTIVES: Final = 60


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed, and when."""

    at: datetime
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something the service needs; `up` is None where nobody knows."""

    name: str
    up: bool | None


@dataclass(frozen=True, slots=True)
class History:
    """The firings of a time, newest first, and what they say of each alert."""

    firings: tuple[Firing, ...]
    noise: tuple[Noise, ...]
    days: int


def accounts(about: About) -> tuple[Account, ...]:
    """Return the budget of every objective, as `sre slo budget` says it, asked together."""
    now, chosen = about.now(), about.objectives[:MOST_OBJECTIVES]
    if not chosen:
        return ()
    with about.server() as server, ThreadPoolExecutor(len(chosen)) as pool:
        together = Together(server, len(chosen))

        def one(objective: Objective) -> Account:
            try:
                return account(together, objective, now)
            finally:
                together.leave()

        return tuple(pool.map(one, chosen))


def alerts(about: About) -> Alerts:
    """Return the alerts of Alertmanager, or of Prometheus where no Alertmanager is named."""
    if about.alertmanager is not None:
        found, source = about.of_alertmanager("/api/v2/alerts"), "Alertmanager"
    else:
        with about.server() as server:
            told = server.get("/api/v1/alerts")
        found, source = told.get("alerts") if isinstance(told, Mapping) else None, "Prometheus"
    if not isinstance(found, list):
        raise UnreachableError(f"{source} answers without a list of alerts", hint="is it one?")
    own = services(about)
    return alerts_of((each for each in found if _is_own(each, own)), source)


def silences(about: About) -> list[dict[str, Any]]:
    """Return the silences that are active or pending; without an Alertmanager there are none."""
    if about.alertmanager is None:
        raise BadInputError(
            "no data: no Alertmanager is named", hint="start with --alertmanager URL"
        )
    found = about.of_alertmanager("/api/v2/silences")
    return (
        [_silence(each) for each in found if _is_live(each)][:200]
        if isinstance(found, list)
        else []
    )


def _is_live(found: Any) -> bool:
    status = found.get("status") if isinstance(found, dict) else None
    return isinstance(status, dict) and status.get("state") in {"active", "pending"}


def _silence(found: Mapping[str, Any]) -> dict[str, Any]:
    matchers = found.get("matchers") or []
    return {
        "state": str(found["status"]["state"]),
        "matchers": ", ".join(
            f"{each.get('name')}{'=~' if each.get('isRegex') else '='}{each.get('value')}"
            for each in matchers
            if isinstance(each, dict)
        )[:300],
        "who": str(found.get("createdBy", ""))[:80],
        "why": str(found.get("comment", ""))[:300],
        "until": moment(found.get("endsAt")),
    }


def dependencies(about: About) -> tuple[Dependency, ...]:
    """Return what the service needs, and whether it answers."""
    wanted = about.project.roles.dependency
    if not wanted:
        return ()
    with about.server() as server:
        found = ask(server, (about.now().timestamp(),), [f"min({each.up})" for each in wanted])
    return tuple(
        Dependency(each.name, None if not rows or rows[0].last is None else rows[0].last > 0)
        for each, rows in zip(wanted, found, strict=True)
    )


def changes(about: About) -> tuple[Change, ...]:
    """Return versions, modes and restarts of the last day, newest first."""
    now = about.now()
    window = Window(now - _CHANGES, now)
    with about.server() as server:
        found = [*_versions(about, server, now)]
        found += _restarts(about, server, now)
        if from_prometheus.MODE in (about.project.series() or ()):
            found += [
                Change(e.at, str(e.kind), e.what) for e in from_prometheus.modes(server, window)
            ]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True)[:20])


def _versions(about: About, server: Any, now: datetime) -> list[Change]:
    role = about.project.roles.version
    if role is None:
        return []
    start, end = since(now, _CHANGES)
    asked = f"count by ({role.label}) ({role.info}{{{about.project.target}}})"
    found = server.range(asked, start, end, 120.0)
    return [
        Change(
            datetime.fromtimestamp(float(each.times[0]), now.tzinfo),
            "version",
            f"{each.label(role.label)} first seen",
        )
        for each in found
        if len(each.times) and float(each.times[0]) > start + 240
    ]


def _restarts(about: About, server: Any, now: datetime) -> list[Change]:
    started = about.project.roles.started
    if started is None:
        return []
    start, end = since(now, _CHANGES)
    found = server.range(f"{started}{{{about.project.target}}}", start, end, 300.0)
    return [
        Change(
            datetime.fromtimestamp(at, now.tzinfo), "restart", f"{each.label('instance')} started"
        )
        for each in found
        for at in sorted({round(float(value)) for value in each.values})
        if start <= at <= end
    ]


def history(about: About) -> History:
    """Return the firings of the last week."""
    start, end = since(about.now(), _HISTORY)
    asked = f'ALERTS{{alertstate="firing",alertname!="Watchdog",{_own(about)}}}'
    with about.server() as server:
        found = server.range(asked, start, end, _HISTORY_STEP_S)
    rows = firings(((e.labels, [float(t) for t in e.times]) for e in found), _HISTORY_STEP_S, end)
    return History(rows[:200], noise(rows, end), _HISTORY.days)


def _own(about: About) -> str:
    """Match the alerts of the project; one that names no service may be its, too."""
    names = [re.escape(name) for name in sorted(services(about))]
    pattern = "|".join(["", *names] if about.project.reports.unlabelled_alerts else names)
    return f"service=~{json.dumps(pattern)}"


def services(about: About) -> set[str]:
    """Return what the project's alerts may name as their service."""
    return {about.project.name, *(each.service for each in about.objectives)}


def _is_own(found: Any, own: set[str]) -> bool:
    labels = found.get("labels") if isinstance(found, Mapping) else None
    return isinstance(labels, Mapping) and labels.get("service", "") in {"", *own}


def ranges(
    about: About, expressions: list[str], length: timedelta, step_s: float
) -> list[tuple[Series, ...]]:
    """Return several expressions over the same time, asked together."""
    start, end = since(about.now(), length)
    with about.server() as server:
        return ask(server, (start, end, step_s), expressions)
