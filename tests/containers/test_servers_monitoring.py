"""Prometheus and Alertmanager for tests are real, take new files on reload, and reach the test."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from testcontainers.core.network import Network

from tests.support.container import Server
from tests.support.monitoring import (
    alertmanager_spec,
    ask,
    everything_to,
    prometheus_spec,
    reload,
    rule_files,
)
from tests.support.waiting import wait_for
from tests.support.webhook import gateway_of, listening_webhook

RULE = "groups: [{name: one, rules: [{record: NAME, expr: vector(1)}]}]"


def _names(prometheus: Server) -> list[str]:
    groups = ask(prometheus, "/api/v1/rules")["data"]["groups"]
    return [rule["name"] for group in groups for rule in group["rules"]]


def test_prometheus_takes_a_new_rule_file_on_reload(start_private: Callable[..., Server]) -> None:
    prometheus = start_private(prometheus_spec({"a.yml": RULE.replace("NAME", "before")}))
    assert _names(prometheus) == ["before"]
    prometheus.write(rule_files({"a.yml": RULE.replace("NAME", "after")}))
    assert _names(prometheus) == ["before"]
    reload(prometheus)
    wait_for(lambda: _names(prometheus) == ["after"], what="the new rule is loaded", within_s=15)


def test_prometheus_refuses_a_broken_rule_file_and_keeps_what_it_has(
    start_private: Callable[..., Server],
) -> None:
    prometheus = start_private(prometheus_spec({"a.yml": RULE.replace("NAME", "before")}))
    prometheus.write(rule_files({"a.yml": "groups: ["}))
    with pytest.raises(HTTPError, match="500") as caught:
        reload(prometheus)
    caught.value.close()
    assert _names(prometheus) == ["before"]


def test_an_alert_given_to_alertmanager_reaches_the_webhook_of_the_test(
    private_network: Network, start_private: Callable[..., Server]
) -> None:
    with listening_webhook(gateway_of(private_network.name)) as webhook:
        alertmanager = start_private(alertmanager_spec(everything_to(webhook.url)), private_network)
        alert = {"labels": {"alertname": "Test"}, "startsAt": datetime.now(UTC).isoformat()}
        request = Request(
            f"http://{alertmanager.host}:{alertmanager.port}/api/v2/alerts",
            data=json.dumps([alert]).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=10):  # noqa: S310 always http
            pass
        wait_for(lambda: webhook.names("firing") == {"Test"}, what="the page", within_s=30)
        assert not webhook.names("resolved")
