"""One Alertmanager for two projects: each team is told of its own service by its own receivers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from testcontainers.core.network import Network

from alerts.edge.shipped import RECEIVERS as EXAMPLE
from tests.containers.test_alerts_routing import send
from tests.support.command import sre_here
from tests.support.container import Server
from tests.support.foreign_projects import orders, stock
from tests.support.monitoring import alertmanager_spec
from tests.support.waiting import wait_for
from tests.support.webhook import gateway_of, listening_webhook

pytestmark = pytest.mark.containers


def with_receivers(project: Path, url: str) -> Path:
    """Let everything of a project be told at `url`."""
    receivers = yaml.safe_load(EXAMPLE.read_text())
    told = [{"kind": "webhook", "url": url}]
    receivers["levels"] = dict.fromkeys(receivers["levels"], told)
    receivers["tickets"] = dict.fromkeys(receivers["tickets"], told)
    receivers |= {"heartbeat": told, "board": told}
    (project.parent / "receivers.yaml").write_text(yaml.safe_dump(receivers))
    paths = '[paths]\nreceivers = "receivers.yaml"\n'
    project.write_text(project.read_text().replace("[metrics", f"{paths}[metrics", 1))
    return project


def hurried(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration with no time for groups to form."""

    def quick(route: dict[str, Any]) -> dict[str, Any]:
        waits = {"group_wait": "1s", "group_interval": "1s"}
        return {**route, **waits, "routes": [quick(each) for each in route.get("routes", [])]}

    return {**config, "route": quick(config["route"])}


def labels(name: str, service: str, severity: str) -> dict[str, str]:
    priority = "P1" if severity == "critical" else "P2"
    return {"alertname": name, "service": service, "severity": severity, "priority": priority}


def test_each_project_s_alerts_reach_its_own_receivers(
    tmp_path: Path, private_network: Network, start_private: Callable[..., Server]
) -> None:
    network = private_network.name
    with (
        listening_webhook(gateway_of(network)) as one,
        listening_webhook(gateway_of(network)) as other,
    ):
        first = with_receivers(orders(tmp_path), one.url)
        second = with_receivers(stock(tmp_path), other.url)
        done = sre_here(["alerts", "routes", str(first), str(second), "--out", "out"],
                        folder=tmp_path)  # fmt: skip
        assert done.returncode == 0, done.stderr
        config = yaml.safe_load((tmp_path / "out/alertmanager.yml").read_text())
        spec = alertmanager_spec(hurried(config))
        templates = {
            f"/etc/alertmanager/templates/{path.name}": path.read_text()
            for path in (tmp_path / "out/templates").glob("*.tmpl")
        }
        spec = replace(spec, files={**spec.files, **templates})
        server = start_private(spec, private_network)
        code, told = server.run("amtool", "check-config", "/etc/alertmanager/alertmanager.yml")
        assert code == 0, told
        # The dead service of one team silences its own symptom, and not the other's.
        sent = [
            labels("ServiceDown", "orders", "critical"),
            labels("RouteErrors", "orders", "warning"),
            labels("RouteErrors", "stock", "warning"),
            labels("Anything", "nobodys", "critical"),
        ]
        send(server, sent[:1], firing=True)
        wait_for(lambda: one.received, what="the first arrives", within_s=30)
        send(server, sent, firing=True)
        wait_for(lambda: other.received, what="the other team is told", within_s=30)
        wait_for(lambda: "Anything" in one.names("firing"), what="nobody's", within_s=30)
        assert other.names("firing") == {"RouteErrors"}
        assert one.names("firing") == {"ServiceDown", "Anything"}
        assert {notice["receiver"] for notice in other.received} == {"stock-ticket-urgent"}
        receivers = {notice["receiver"] for notice in one.received}
        assert receivers == {"orders-page-L1", "orders-unrouted"}
