"""Which alerts are active, how urgent they are, since when, and which page to follow."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kit.pure.json_values import JsonMapping
from kit.pure.moments import written
from ops.checks.evidence import Evidence, named
from ops.checks.finding import Finding, State, away, info, no_data
from ops.checks.observe.replies import Reply

WATCHDOG: Final = "Watchdog"
"""Fires always: where it is missing, no other alert would arrive either."""
_URGENT: Final = frozenset({"P1", "P2"})
_SHOWN: Final = 12


def judge(reply: Reply, service: str) -> tuple[Finding, ...]:
    """Return a service's active alerts by the answer of Alertmanager's `/api/v2/alerts`."""
    if reply.problem:
        step = "nobody is paged while it is away: start it; amtool check-config"
        return (away("alerts", f"{reply.url}: {reply.problem}", step),)
    alerts = reply.data if reply.is_ok else None
    if not isinstance(alerts, list):
        return (no_data("alerts", f"{reply.url} {reply.why}: that is no Alertmanager"),)
    own = (one for one in alerts if isinstance(one, dict) and _is_of(service, one))
    return tuple(_findings(list(own)))


def evidence(reply: Reply, firing: Reply | None) -> tuple[Evidence, ...]:
    """Return how much Alertmanager told: all its entries, and all that Prometheus has firing.

    `firing` is Prometheus's own list (/api/v1/alerts), None where it has no address.
    """
    listed = reply.data if reply.is_ok and isinstance(reply.data, list) else []
    whole = [one for one in listed if isinstance(one, dict) and (one.get("labels") or {})]
    found = [Evidence("Alertmanager", len(listed), len(whole), "entries", bears=("alerts",))]
    if firing is not None:
        names = {_name(one) for one in whole}
        step = "does Prometheus reach this Alertmanager? sre check morning; sre alerts diff"
        wanted = _firing(firing)
        if wanted is None:
            lacks = (firing.why,)
            found.append(Evidence("Prometheus", 1, 0, "lists of alerts", lacks, ("alerts",)))
        else:
            found.append(named("Alertmanager, of what fires in Prometheus", wanted, names,
                               unit="alerts", bears=("alerts",), do_next=step))  # fmt: skip
    return tuple(found)


def _firing(reply: Reply) -> list[str] | None:
    """Return the names of what fires in a Prometheus, by its answer; None where it has none."""
    data: Any = reply.data if reply.is_ok else None
    try:
        return [
            str(one["labels"]["alertname"])
            for one in data["data"]["alerts"]
            if one["state"] == "firing"
        ]
    except (KeyError, TypeError):
        return None


def _findings(alerts: Sequence[Mapping[str, object]]) -> Iterator[Finding]:
    active = [one for one in alerts if _name(one) != WATCHDOG]
    if not any(_name(one) == WATCHDOG for one in alerts):
        step = "are the rules deployed, and does Prometheus know this Alertmanager? sre alerts diff"
        value = "the alert that always fires has not arrived: others would not either"
        yield Finding("alert path", State.FAIL, value, do_next=step)
    silenced = [one for one in active if _is_muted(one)]
    loud = sorted((one for one in active if not _is_muted(one)), key=_urgency)
    if not loud:
        yield Finding("alerts", State.PASS, f"none is active{_muted(silenced)}")
        return
    yield info("alerts", f"{len(loud)} active{_muted(silenced)}", measured=len(loud))
    for one in loud[:_SHOWN]:
        yield _one(one)


def _one(alert: JsonMapping) -> Finding:
    labels = alert.get("labels") or {}
    about = ", ".join(
        str(labels[name])
        for name in ("route", "component", "dependency", "instance")
        if name in labels
    )
    value = f"{labels.get('severity', 'no severity')}, {labels.get('priority', 'no priority')}"
    value += f", {about}" if about else ""
    return Finding(
        _name(alert),
        _state(alert),
        value,
        since=written(alert.get("startsAt")),
        do_next=_page(alert),
    )


def _name(alert: JsonMapping) -> str:
    return str((alert.get("labels") or {}).get("alertname", "unnamed"))


def _is_of(service: str, alert: JsonMapping) -> bool:
    """Say whether an alert is of a service, or of rules from before alerts named theirs."""
    return bool((alert.get("labels") or {}).get("service", service) == service)


def _is_muted(alert: JsonMapping) -> bool:
    status = alert.get("status") or {}
    return bool(status.get("silencedBy") or status.get("inhibitedBy"))


def _muted(silenced: Sequence[Mapping[str, object]]) -> str:
    return f"; {len(silenced)} silenced or covered by another" if silenced else ""


def _urgency(alert: JsonMapping) -> tuple[str, str]:
    return str((alert.get("labels") or {}).get("priority", "P9")), _name(alert)


def _state(alert: JsonMapping) -> State:
    labels = alert.get("labels") or {}
    urgent = labels.get("priority") in _URGENT or labels.get("severity") == "critical"
    return State.FAIL if urgent else State.WARN


def _page(alert: JsonMapping) -> str:
    page = (alert.get("annotations") or {}).get("runbook_url")
    return f"follow {page}" if page else f"follow alerts/runbooks/{_name(alert)}.md"
