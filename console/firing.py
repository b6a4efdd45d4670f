"""Alerts as Alertmanager, or Prometheus, tells of them: sorted, bounded, with safe links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from kit.pure.json_values import JsonMapping
from kit.pure.moments import written

MOST: Final = 100
"""So many alerts are shown; of the rest it is said how many there are."""
_SEVERITIES: Final = ("critical", "warning", "info")
_LONGEST: Final = 600
_SHOWN: Final = frozenset({"alertname", "severity", "priority", "summary", "topic"})


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `state` is firing, pending, or suppressed (silenced or inhibited)."""

    name: str
    severity: str
    priority: str
    owner: str
    summary: str
    description: str
    since: datetime | None
    state: str
    labels: tuple[tuple[str, str], ...]
    runbook: str | None
    board: str | None


@dataclass(frozen=True, slots=True)
class Alerts:
    """The worst alerts first; `total` counts all of them, `by_state` and `by_name` too."""

    shown: tuple[Alert, ...]
    total: int
    by_state: tuple[tuple[str, int], ...]
    by_name: tuple[tuple[str, int], ...]
    source: str

    @property
    def firing(self) -> int:
        """Return how many fire and are not silenced."""
        return dict(self.by_state).get("firing", 0)


def alerts_of(found: Iterable[object], source: str) -> Alerts:
    """Return what to show of alerts in the form of either API; what is none is left out."""
    every = [one for each in found if (one := _alert(each))]
    every = [one for one in every if one.name != "Watchdog"]
    every.sort(key=_rank)
    states: dict[str, int] = {}
    names: dict[str, int] = {}
    for one in every:
        states[one.state] = states.get(one.state, 0) + 1
        names[one.name] = names.get(one.name, 0) + 1
    top = sorted(names.items(), key=lambda item: -item[1])[:20]
    return Alerts(tuple(every[:MOST]), len(every), tuple(states.items()), tuple(top), source)


def _alert(found: object) -> Alert | None:
    if not isinstance(found, Mapping):
        return None
    labels, notes = (_texts(found.get(name)) for name in ("labels", "annotations"))
    if "alertname" not in labels:
        return None
    rest = tuple(sorted((n, v) for n, v in labels.items() if n not in _SHOWN))
    return Alert(
        labels["alertname"],
        labels.get("severity", ""),
        labels.get("priority", ""),
        next((labels[name] for name in ("team", "owner", "service") if labels.get(name)), ""),
        notes.get("summary", ""),
        notes.get("description", ""),
        moment(found.get("startsAt") or found.get("activeAt")),
        _state(found),
        rest[:12],
        link(notes.get("runbook_url")),
        link(notes.get("dashboard_url")),
    )


def _state(found: JsonMapping) -> str:
    status = found.get("status")
    said = status.get("state") if isinstance(status, Mapping) else found.get("state")
    return "firing" if said in {"active", "firing", None} else str(said)[:20]


def _texts(found: object) -> dict[str, str]:
    if not isinstance(found, Mapping):
        return {}
    return {str(name)[:80]: str(value)[:_LONGEST] for name, value in found.items()}


def _rank(one: Alert) -> tuple[bool, int, str, float]:
    place = _SEVERITIES.index(one.severity) if one.severity in _SEVERITIES else len(_SEVERITIES)
    since = one.since.timestamp() if one.since else 0.0
    return one.state != "firing", place, one.priority or "P9", -since


def link(address: str | None) -> str | None:
    """Return an address that a page may link to: of the web, without a name and password."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    good = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    return address if good else None


def moment(text: object) -> datetime | None:
    """Return a time as the servers write it; None for what is none."""
    return written(text, naive_is_utc=False)
