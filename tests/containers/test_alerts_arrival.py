"""Every alert of the catalogue fires on a real Prometheus, arrives where it must, and resolves.

The expressions are those that are shipped but for time: a window, an offset or a wait of an hour
lasts a minute (three seconds at the least, as the exporter is scraped every second). Alertmanager's
routes and inhibitions are those that are shipped but for waiting; all receivers are one webhook
that notes by which name each was told.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from testcontainers.core.network import Network

from alerts.edge.shipped import HOME
from kit.pure.durations import parse_prometheus
from tests.containers.test_alerts_routing import alerts, config, told, wanted
from tests.support.alert_health import healthy
from tests.support.alert_worlds import FROM_THE_START, USUAL_PER_S, WORLDS, Stage
from tests.support.container import Server
from tests.support.exporter import Exporter, listening_exporter
from tests.support.monitoring import alertmanager_spec, ask, prometheus_spec
from tests.support.rules import generated_rules, hurried
from tests.support.waiting import wait_for
from tests.support.webhook import Webhook, gateway_of, listening_webhook
from tests.support.yaml_text import from_yaml

FACTOR, LEAST_S, PATIENCE_S = 60, 3, 330
AGO_S = {"offset 1d": 40, "offset 1w": 240}
"""When yesterday was, which no test waits for; a week ago is longer ago than any lasts."""
MENDED_PER_S = 4000
LATER_S = 10
"""What a page on budgets waits for: hours see a fault at once here, where it takes them minutes, in
which the faster alerts speak first."""
QUICK = {"a fifth"}
WINDOW = re.compile(r"(\[|offset )(\d+[smhdw])")
STEP = re.compile(r":(\d+[smhd])\]")


def test_the_worlds_make_exactly_the_alerts_of_the_catalogue_fire() -> None:
    fired = {name for stages in WORLDS.values() for stage in stages for name in stage.alerts}
    assert fired | {"Watchdog"} == {each["alertname"] for each in alerts()}


def shortened(expr: str) -> str:
    """Return an expression in which an hour lasts a minute."""

    def shorter(match: re.Match[str]) -> str:
        seconds = AGO_S.get(match[0], max(LEAST_S, parse_prometheus(match[2]) / FACTOR))
        return f"{match[1]}{seconds:.0f}s"

    def step(match: re.Match[str]) -> str:
        return f":{max(1.0, parse_prometheus(match[1]) / FACTOR):.0f}s]"

    return STEP.sub(step, WINDOW.sub(shorter, expr))


def rules() -> dict[str, str]:
    """Return the shipped rule files in little time."""
    escalation = (HOME / "generated/routing/escalation.yaml").read_text()
    return in_little_time({**generated_rules(), "escalation.yaml": from_yaml(escalation)})


def in_little_time(files: Mapping[str, Any]) -> dict[str, str]:
    """Return parsed rule files as text in which an hour lasts a minute."""
    for parsed in files.values():
        for group in parsed["groups"]:
            for rule in group["rules"]:
                rule["expr"] = shortened(rule["expr"])
                for key in {"for", "keep_firing_for"} & rule.keys():
                    rule[key] = f"{max(2.0, parse_prometheus(rule[key]) / FACTOR):.0f}s"
                if rule.get("alert", "").endswith("BudgetBurnFast"):
                    rule["for"] = f"{LATER_S}s"
    return hurried(files, {})


@dataclass(frozen=True, slots=True)
class Site:
    """What a test holds in its hands."""

    exporter: Exporter
    webhook: Webhook
    prometheus: Server


@pytest.fixture
def site(
    request: pytest.FixtureRequest, private_network: Network, start_private: Callable[..., Server]
) -> Iterator[Site]:
    gateway = gateway_of(private_network.name)
    with listening_webhook(gateway) as webhook, listening_exporter(gateway) as exporter:
        world = request.getfixturevalue("world")
        healthy(exporter, USUAL_PER_S.get(world, 0.5))
        expected = frozenset[str]()
        if world in FROM_THE_START:
            WORLDS[world][0].fault(exporter)
            expected = WORLDS[world][0].alerts
        start_private(alertmanager_spec(config(webhook.url)), private_network)
        spec = prometheus_spec(
            rules(), scrapes=exporter.scrapes(), alertmanagers=["alertmanager:9093"]
        )
        # What was sent before Alertmanager was found is sent again after seconds, not a minute.
        eager = replace(spec, command=(*spec.command, "--rules.alert.resend-delay=3s"))
        site = Site(exporter, webhook, start_private(eager, private_network))
        _settle(site, expected | {"Watchdog"})
        yield site


@pytest.mark.parametrize(
    "world",
    [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.thorough]) for name in WORLDS],
)
@pytest.mark.long
def test_the_alerts_of_a_world_arrive_with_their_priority_and_resolve(
    world: str, site: Site
) -> None:
    listed = {each["alertname"]: each for each in alerts()}
    for stage in WORLDS[world]:
        _arrive(stage, site)
    wait_for(
        lambda: "Watchdog" in told(site.webhook, "firing"), what="the Watchdog arrives", within_s=60
    )
    heard = told(site.webhook, "firing")
    names = {name for stage in WORLDS[world] for name in stage.alerts} | {"Watchdog"}
    assert heard == {name: (wanted(listed[name]), listed[name]["priority"]) for name in names}
    resolved = told(site.webhook, "resolved")
    assert resolved == {name: heard[name] for name in names - {"Watchdog"}}


def _settle(site: Site, expected: frozenset[str]) -> None:
    """Wait until the targets are found, and forget what was told of their absence until then."""

    def calm() -> bool:
        firing = told(site.webhook, "firing").keys() - expected
        known = ask(site.prometheus, "/api/v1/alerts")["data"]["alerts"]
        pending = {each["labels"]["alertname"] for each in known} - expected
        return not pending and firing == told(site.webhook, "resolved").keys()

    for condition, what in ((lambda: _scrapes(site.prometheus) > 1, "scrapes"), (calm, "calm")):
        wait_for(condition, what=what, within_s=PATIENCE_S)
    kept = [
        notice
        for notice in site.webhook.received
        if all(alert["labels"]["alertname"] in expected for alert in notice["alerts"])
    ]
    site.webhook.received[:] = kept


def _arrive(stage: Stage, site: Site) -> None:
    """Break it, wait for the alerts, mend it, wait until they are taken back."""
    wait_for(
        lambda: _scrapes(site.prometheus) >= stage.after,
        what=f"{stage.after} scrapes of health",
        within_s=PATIENCE_S,
    )
    stage.fault(site.exporter)

    def all_of(status: str) -> bool:
        return told(site.webhook, status).keys() >= stage.alerts

    for status in ("firing", "resolved"):
        if status == "resolved":
            healthy(site.exporter, MENDED_PER_S)
        wait_for(
            lambda status=status: all_of(status),  # type: ignore[misc]
            what=f"{sorted(stage.alerts)} are {status}",
            within_s=PATIENCE_S,
            told=lambda: (
                f"only {sorted(told(site.webhook, 'firing'))} fired and"
                f" {sorted(told(site.webhook, 'resolved'))} resolved"
            ),
        )


def _scrapes(prometheus: Server) -> int:
    """Return how often the machine was scraped so far."""
    query = "max(count_over_time(up%7Bjob=%22node%22%7D%5B10m%5D))"
    found = ask(prometheus, f"/api/v1/query?query={query}")["data"]["result"]
    return int(found[0]["value"][1]) if found else 0
