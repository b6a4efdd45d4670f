"""Prometheus and Alertmanager for tests: what to start, and how to ask and reload them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.request import Request, urlopen

import yaml

from tests.support.container import Server
from tests.support.starting import Spec

_PATIENCE_S: Final = 60.0
_RULES: Final = "/etc/prometheus/rules"
_CONFIG: Final = "/etc/prometheus/prometheus.yml"
_ROUTES: Final = "/etc/alertmanager/alertmanager.yml"
NODE_EXPORTER: Final = Spec("node-exporter", 9100)


def prometheus_spec(
    rules: Mapping[str, str],
    *,
    scrapes: Sequence[Mapping[str, Any]] = (),
    alertmanagers: Sequence[str] = (),
    interval: str = "1s",
    folder: str | None = None,
) -> Spec:
    """Return a Prometheus with rule files by their name, scrape jobs, and addresses to alert.

    With `folder` its rules are read from that folder of this machine instead.
    """
    config = {
        "global": {"scrape_interval": interval, "evaluation_interval": interval},
        "rule_files": [f"{_RULES}/*.yaml" if folder else f"{_RULES}/*"],
        "scrape_configs": list(scrapes),
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": list(alertmanagers)}]}]},
    }
    command = (
        f"--config.file={_CONFIG}",
        "--storage.tsdb.path=/prometheus",
        "--web.enable-lifecycle",
        # Under it, an alert that was firing would fire again at once after a restart.
        "--rules.alert.for-grace-period=0s",
    )
    files = {_CONFIG: yaml.safe_dump(config), **rule_files(rules)}
    mounts = {folder: _RULES} if folder else {}
    return Spec("prometheus", 9090, command, files=files, mounts=mounts)


def rule_files(rules: Mapping[str, str]) -> dict[str, str]:
    """Return rule files by the paths under which `prometheus_spec` looks for them."""
    return {f"{_RULES}/{name}": text for name, text in rules.items()}


def alertmanager_spec(config: Mapping[str, Any]) -> Spec:
    """Return an Alertmanager with this configuration, alone rather than in a cluster."""
    command = (
        f"--config.file={_ROUTES}",
        "--storage.path=/alertmanager",
        "--cluster.listen-address=",
    )
    return Spec("alertmanager", 9093, command, files={_ROUTES: yaml.safe_dump(dict(config))})


def open_job(name: str, *targets: str) -> dict[str, Any]:
    """Return a scrape job of servers at these addresses that ask for no key."""
    return {"job_name": name, "static_configs": [{"targets": list(targets)}]}


def node_job(*targets: str) -> dict[str, Any]:
    """Return the scrape job of node exporters at these addresses."""
    return open_job("node", *targets)


def everything_to(webhook: str) -> dict[str, Any]:
    """Return an Alertmanager configuration that sends every alert to one webhook at once."""
    route = {
        "receiver": "test",
        "group_by": ["..."],
        "group_wait": "0s",
        "group_interval": "1s",
        "repeat_interval": "1h",
    }
    receiver = {"name": "test", "webhook_configs": [{"url": webhook, "send_resolved": True}]}
    return {"route": route, "receivers": [receiver]}


def ask(server: Server, path: str) -> Any:
    """Return the JSON that a server answers to GET."""
    with urlopen(f"http://{server.host}:{server.port}{path}", timeout=_PATIENCE_S) as response:
        return json.load(response)


def reload(server: Server) -> None:
    """Make Prometheus or Alertmanager read its files again."""
    url = f"http://{server.host}:{server.port}/-/reload"
    with urlopen(Request(url, method="POST"), timeout=_PATIENCE_S):
        pass
