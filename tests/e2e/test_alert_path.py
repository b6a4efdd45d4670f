"""From a broken dependency to a page and back: service, databases, Prometheus, Alertmanager.

Everything runs in containers on a private network, with the rules that are shipped. Only waiting
is shortened: groups are evaluated every second, and `for` and `keep_firing_for` last seconds.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from testcontainers.core.network import Network

from tests.support.assistant import PORT, PROBER_PORT, prober_spec, scrape_job, service_spec
from tests.support.container import Server
from tests.support.databases import MONGODB, REDIS
from tests.support.monitoring import (
    NODE_EXPORTER,
    alertmanager_spec,
    ask,
    everything_to,
    node_job,
    open_job,
    prometheus_spec,
)
from tests.support.rules import generated_rules, hurried
from tests.support.waiting import wait_for
from tests.support.webhook import Webhook, gateway_of, listening_webhook

HURRY = {"for": "3s", "keep_firing_for": "3s"}
REDIS_ALERT = "DependencyDown"


@dataclass(frozen=True, slots=True)
class Stack:
    """What a test of the alert path holds in its hands."""

    redis: Server
    service: Server
    prometheus: Server
    webhook: Webhook

    def firing(self) -> dict[str, dict[str, Any]]:
        """Return the alerts that fire in Prometheus, by name."""
        alerts = ask(self.prometheus, "/api/v1/alerts")["data"]["alerts"]
        return {a["labels"]["alertname"]: a for a in alerts if a["state"] == "firing"}

    def value(self, expression: str) -> list[str]:
        """Return what an instant query gives, without labels."""
        answer = ask(self.prometheus, f"/api/v1/query?query={quote(expression)}")
        return [sample["value"][1] for sample in answer["data"]["result"]]

    def rules(self) -> list[dict[str, Any]]:
        """Return every rule as Prometheus has loaded it."""
        groups = ask(self.prometheus, "/api/v1/rules")["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]


@contextmanager
def standing(network: Network, start: Callable[..., Server], *, probed: bool) -> Iterator[Stack]:
    """Give a stack; where it is `probed`, a prober and the machine's exporter belong to it."""
    with listening_webhook(gateway_of(network.name)) as webhook:
        start(MONGODB, network)
        redis = start(REDIS, network)
        service = start(service_spec(mongodb="mongodb", redis="redis"), network)
        scrapes = [scrape_job(f"service:{PORT}")]
        if probed:
            start(prober_spec(target=f"http://service:{PORT}"), network)
            start(NODE_EXPORTER, network)
            scrapes += [open_job("prober", f"prober:{PROBER_PORT}"), node_job("node-exporter:9100")]
        start(alertmanager_spec(everything_to(webhook.url)), network)
        prometheus = start(
            prometheus_spec(
                hurried(generated_rules(), HURRY),
                scrapes=scrapes,
                alertmanagers=["alertmanager:9093"],
            ),
            network,
        )
        stack = Stack(redis, service, prometheus, webhook)
        wait_for(
            lambda: stack.value("sum by (job) (up)") == ["1"] * len(scrapes),
            what="Prometheus scrapes all that it was told of",
            within_s=30,
            told=prometheus.logs,
        )
        yield stack


@pytest.fixture
def stack(private_network: Network, start_private: Callable[..., Server]) -> Iterator[Stack]:
    with standing(private_network, start_private, probed=False) as stack:
        yield stack


@pytest.fixture
def probed_stack(private_network: Network, start_private: Callable[..., Server]) -> Iterator[Stack]:
    with standing(private_network, start_private, probed=True) as stack:
        yield stack


@pytest.mark.thorough
@pytest.mark.long
def test_every_shipped_rule_loads_and_is_evaluated_without_error(probed_stack: Stack) -> None:
    stack = probed_stack
    wait_for(lambda: stack.value("probe_success") == ["1"], what="the prober succeeds", within_s=30)
    shipped = [
        rule.get("alert") or rule["record"]
        for parsed in generated_rules().values()
        for group in parsed["groups"]
        for rule in group["rules"]
    ]
    assert shipped
    assert sorted(rule["name"] for rule in stack.rules()) == sorted(shipped)

    def evaluated_once() -> bool:
        times = (datetime.fromisoformat(rule["lastEvaluation"]) for rule in stack.rules())
        return all(when.year > 1 for when in times)

    wait_for(evaluated_once, what="every rule was evaluated", within_s=60)
    bad = [
        (rule["name"], rule.get("lastError"))
        for rule in stack.rules()
        if rule["health"] != "ok" or rule.get("lastError")
    ]
    assert not bad


@pytest.mark.thorough
def test_a_stopped_redis_is_paged_and_a_started_one_resolves_it(stack: Stack) -> None:
    up = 'dependency_up{dependency="redis"}'
    wait_for(lambda: stack.value(up) == ["1"], what="the service reaches Redis", within_s=30)
    assert REDIS_ALERT not in stack.firing()
    assert REDIS_ALERT not in stack.webhook.names("firing")

    stopped_at = time.time()
    stack.redis.stop()
    wait_for(
        lambda: REDIS_ALERT in stack.firing(),
        what=f"{REDIS_ALERT} fires",
        within_s=60,
        told=stack.service.logs,
    )
    wait_for(
        lambda: REDIS_ALERT in stack.webhook.names("firing"),
        what="the page arrives at the webhook",
        within_s=60,
    )
    page = next(
        a for a in stack.webhook.alerts("firing") if a["labels"]["alertname"] == REDIS_ALERT
    )
    assert page["labels"]["dependency"] == "redis"
    assert page["labels"]["severity"] == "warning"
    assert page["labels"]["priority"] == "P2"
    assert datetime.fromisoformat(page["startsAt"]).timestamp() >= stopped_at
    assert REDIS_ALERT not in stack.webhook.names("resolved")

    stack.redis.start()
    wait_for(
        lambda: REDIS_ALERT in stack.webhook.names("resolved"),
        what="the page is taken back",
        within_s=60,
        told=stack.service.logs,
    )
    assert REDIS_ALERT not in stack.firing()
