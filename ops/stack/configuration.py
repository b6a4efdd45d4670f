"""The configuration of proxy, Prometheus, Alertmanager and Grafana, as texts by their path."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from alerts.build import escalation_path, rules_path, template_path
from alerts.edge.generated import Where, generated, objectives_of
from alerts.routing.config import CONFIG_PATH
from kit.edge.containers.catalog import ROOT
from ops.stack.home import Home
from ops.stack.settings import Settings
from slo.project.project import Project

_DEPLOYMENT: Final = ROOT / "deployment"
_BOARDS: Final = ROOT / "dashboards" / "generated"
_HEAD: Final = "# Written by `sre stack up`; change its source instead.\n"
_NOBODY: Final = "http://127.0.0.1:9/"
RECEIVERS: Final = "receivers.yaml"


def texts_of(
    home: Home, settings: Settings, project: Project, images: Mapping[str, str]
) -> dict[str, str]:
    """Return every file below `config/`; raises BadInputError for wrong receivers."""
    who = _receivers(home, settings)
    built = generated(project, Where(receivers=who)).texts
    routing = {
        f"alertmanager/{Path(path).relative_to(Path(CONFIG_PATH).parent)}": built[path]
        for path in (CONFIG_PATH, template_path(project))
    }
    if tells_nobody(settings):
        routing["alertmanager/alertmanager.yml"] = _without_receivers(built[CONFIG_PATH])
    rules = {
        f"prometheus/rules/{Path(path).name}": built[path]
        for path in (rules_path(project, objectives_of(project)), escalation_path(project))
    }
    return {
        "proxy/haproxy.cfg": (_DEPLOYMENT / "proxy" / "haproxy.cfg").read_text(),
        "prometheus/prometheus.yml": prometheus(settings),
        **rules,
        "prometheus/rules/schedules.yaml": (_DEPLOYMENT / "prometheus/schedules.yaml").read_text(),
        **routing,
        **(_grafana(project) if "grafana" in images else {}),
    }


def prometheus(settings: Settings) -> str:
    """Return deployment/prometheus/prometheus.yml for replicas that come and go."""
    path = _DEPLOYMENT / "prometheus" / "prometheus.yml"
    config: dict[str, Any] = yaml.safe_load(path.read_text())
    every = f"{settings.scrape_every_s}s"
    config["global"] = {"scrape_interval": every, "evaluation_interval": every}
    for job in config["scrape_configs"]:
        if job["job_name"] == "calendar-api":
            job["authorization"]["credentials_file"] = "/run/secrets/metrics_key"
            del job["static_configs"]
            job["dns_sd_configs"] = [
                {"names": ["calendar-api"], "type": "A", "port": 8000, "refresh_interval": "5s"}
            ]
    return _HEAD + yaml.safe_dump(config, sort_keys=False)


def tells_nobody(settings: Settings) -> bool:
    """Say whether alerts only show in Alertmanager."""
    return not (settings.webhook or settings.receivers)


def _receivers(home: Home, settings: Settings) -> Path:
    """Return the file that says whom alerts notify; that of one webhook is written first."""
    if settings.receivers:
        return Path(settings.receivers)
    path = home.folder / RECEIVERS
    path.parent.mkdir(parents=True, exist_ok=True)
    to = [{"kind": "webhook", "url": settings.webhook or _NOBODY}]
    shipped = yaml.safe_load((ROOT / "alerts" / "routing" / "receivers.yaml").read_text())
    value = {
        "business_hours": shipped["business_hours"],
        "levels": dict.fromkeys(shipped["levels"], to),
        "tickets": dict.fromkeys(shipped["tickets"], to),
        **dict.fromkeys(("heartbeat", "board", "unrouted"), to),
    }
    path.write_text(_HEAD + yaml.safe_dump(value, sort_keys=False))
    return path


def _without_receivers(config: str) -> str:
    parsed = yaml.safe_load(config)
    parsed["receivers"] = [{"name": each["name"]} for each in parsed["receivers"]]
    return _HEAD + yaml.safe_dump(parsed, sort_keys=False)


def _grafana(project: Project) -> dict[str, str]:
    provisioned = _DEPLOYMENT / "grafana"
    found = {
        f"grafana/{path.relative_to(provisioned)}": path.read_text()
        for path in sorted((provisioned / "provisioning").rglob("*.yaml"))
    }
    prefix = project.boards.prefix
    boards = {
        f"grafana/dashboards/{prefix}/{path.name}": path.read_text()
        for path in sorted(_BOARDS.glob(f"{project.prefix}-*.json"))
    }
    return {**found, **boards}
