"""A real Alertmanager with the generated routes: every alert arrives where it must, and resolves.

Only waiting is shortened, business hours are all day, and receivers are one webhook that notes by
which name each was told.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest
from testcontainers.core.network import Network

from alerts.edge.shipped import HOME
from ops.drills.rules import routes_to
from tests.support.container import Server
from tests.support.monitoring import alertmanager_spec
from tests.support.sampling import quick
from tests.support.waiting import wait_for
from tests.support.webhook import Webhook, gateway_of, listening_webhook
from tests.support.yaml_text import from_yaml

Labels = dict[str, str]
Running = tuple[Server, Webhook]


def alerts() -> list[Labels]:
    files = (HOME / "generated/calendar.yaml", HOME / "generated/routing/escalation.yaml")
    return [
        {"alertname": rule["alert"], **rule["labels"]}
        for path in files
        for group in from_yaml(path.read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]


def config(url: str) -> dict[str, Any]:
    """Return the shipped routes with every receiver at `url`, and time for groups to form."""
    value: dict[str, Any] = from_yaml(routes_to(url, group_wait="2s", heartbeat="1h"))
    return value


@pytest.fixture
def running(private_network: Network, start_private: Callable[..., Server]) -> Iterator[Running]:
    with listening_webhook(gateway_of(private_network.name)) as webhook:
        yield start_private(alertmanager_spec(config(webhook.url)), private_network), webhook


def send(server: Server, sent: Sequence[Labels], *, firing: bool) -> None:
    now = datetime.now(UTC)
    ends = now + timedelta(hours=1) if firing else now
    body = [
        {"labels": labels, "startsAt": now.isoformat(),
         "endsAt": ends.isoformat()}
        for labels in sent
    ]  # fmt: skip
    url = f"http://{server.host}:{server.port}/api/v2/alerts"
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(url, json.dumps(body).encode(), headers), timeout=5):
        pass


def told(webhook: Webhook, status: str) -> dict[str, tuple[str, str]]:
    """Return receiver and priority by the name of each alert that arrived."""
    return {
        alert["labels"]["alertname"]: (notice["receiver"], alert["labels"]["priority"])
        for notice in webhook.received
        for alert in notice["alerts"]
        if alert["status"] == status
    }


def wanted(labels: Labels) -> str:
    if labels["alertname"] == "Watchdog":
        return "heartbeat"
    if "escalation" in labels:
        return f"page-{labels['escalation']}"
    urgent = labels["priority"] in {"P1", "P2"}
    by_severity = {
        "critical": "page-L1",
        "info": "board",
        "warning": "ticket-urgent" if urgent else "ticket-normal",
    }
    return by_severity[labels["severity"]]


def rounds(listed: Sequence[Labels]) -> list[list[Labels]]:
    """Return all alerts in batches, so that none silences another of its batch."""
    inhibiting = {"ServiceDown", "TargetsMissing", "SeriesGone", "DatabaseConnectionLost",
                  "ManyRequestsFail", "ManyRequestsSlow", "ResponseTimeVeryHigh",
                  "AccuracyVeryLow"}  # fmt: skip
    pages = {each["alertname"] for each in listed if each["alertname"].endswith("BurnFast")}
    first = [each for each in listed if each["alertname"] not in inhibiting | pages]
    found = [first, [each for each in listed if each["alertname"] in pages]]
    return [*found, *([each] for each in listed if each["alertname"] in inhibiting)]


@pytest.mark.thorough
@pytest.mark.long
def test_every_alert_arrives_at_its_receiver_with_its_priority_and_resolves(
    running: Running,
) -> None:
    server, webhook = running
    listed = alerts()
    for batch in rounds(listed):  # one at a time would take long
        send(server, batch, firing=True)
        names = {each["alertname"] for each in batch}
        wait_for(
            lambda names=names: names <= told(webhook, "firing").keys(),  # type: ignore[misc]
            what=f"{sorted(names)} arrive",
            within_s=30,
            told=server.logs,
        )
        send(server, batch, firing=False)
        wait_for(
            lambda names=names: names <= told(webhook, "resolved").keys(),  # type: ignore[misc]
            what=f"{sorted(names)} resolve",
            within_s=30,
            told=server.logs,
        )
    expected = {each["alertname"]: (wanted(each), each["priority"]) for each in listed}
    assert told(webhook, "firing") == expected
    assert told(webhook, "resolved") == expected


@pytest.mark.parametrize(
    ("cause", "symptoms", "heard"),
    quick(
        [
            ("ServiceDown", ["TrafficVanished", "ErrorRateHigh", "RouteSlow"], ["DiskNearlyFull"]),
            ("DatabaseConnectionLost", ["ErrorRateHigh", "ProbeFailing"], ["RouteSlow"]),
            ("LatencyBudgetBurnFast", ["LatencyBudgetBurnSlow"], ["ErrorsBudgetBurnSlow"]),
        ],
        first=1,
    ),
)
def test_a_cause_silences_its_symptoms_and_nothing_else(
    cause: str, symptoms: list[str], heard: list[str], running: Running
) -> None:
    server, webhook = running
    by_name = {each["alertname"]: each for each in alerts()}
    send(server, [by_name[name] for name in (cause, *symptoms, *heard)], firing=True)
    wait_for(
        lambda: {cause, *heard} <= told(webhook, "firing").keys(),
        what="the cause and what has nothing to do with it arrive",
        within_s=30,
        told=server.logs,
    )
    # The symptoms' groups wait no longer than those that have arrived.
    send(server, [by_name["CpuHigh"]], firing=True)
    wait_for(lambda: "CpuHigh" in told(webhook, "firing"), what="a later one arrives", within_s=30)
    assert not told(webhook, "firing").keys() & set(symptoms)


def test_who_silences_the_topic_of_an_alert_is_escalated_to_nobody_and_others_are(
    running: Running,
) -> None:
    server, webhook = running
    by_name = {each["alertname"]: each for each in alerts()}
    page = by_name["ErrorRateHigh"]
    send(server, [page], firing=True)
    wait_for(lambda: "ErrorRateHigh" in told(webhook, "firing"), what="the page", within_s=30)
    silence(server, "on it", service=page["service"], topic=page["topic"])
    levels = [each for name, each in by_name.items() if name.startswith("EscalatedToL")]
    send(server, [{**each, "topic": page["topic"]} for each in levels], firing=True)
    send(server, [{**each, "topic": "ServiceDown"} for each in levels], firing=True)
    names = {each["alertname"] for each in levels}
    wait_for(
        lambda: names <= told(webhook, "firing").keys(),
        what="the next levels of the other alert",
        within_s=30,
        told=server.logs,
    )
    heard = [
        (notice["receiver"], alert["labels"]["topic"])
        for notice in webhook.received
        for alert in notice["alerts"]
        if alert["labels"]["alertname"] in names
    ]
    assert sorted(heard) == [(f"page-{level}", "ServiceDown") for level in ("L2", "L3", "L4", "L5")]


def silence(server: Server, comment: str, **labels: str) -> None:
    now = datetime.now(UTC)
    matchers = [{"name": name, "value": value, "isRegex": False} for name, value in labels.items()]
    body = {
        "matchers": matchers, "comment": comment, "createdBy": "whoever is on call",
        "startsAt": now.isoformat(), "endsAt": (now + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    url = f"http://{server.host}:{server.port}/api/v2/silences"
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(url, json.dumps(body).encode(), headers), timeout=5):
        pass
