"""The compose file: what Compose 1.29 reads as well, and nothing in it that helps an intruder."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[4]
FILE = yaml.safe_load((ROOT / "deployment" / "docker-compose.prod.yml").read_text())
SERVICES: dict[str, Any] = FILE["services"]


@pytest.mark.parametrize("path", sorted((ROOT / "deployment").rglob("*compose*.y*ml")), ids=str)
def test_no_compose_file_has_what_the_older_compose_refuses(path: Path) -> None:
    assert "name" not in yaml.safe_load(path.read_text())


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_closed_limited_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service.get("user", "some of the image").partition(":")[0] not in {"0", "root"}
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["pids_limit"] > 0
    assert service["restart"] in {"unless-stopped", "on-failure"}
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


def test_the_stores_are_reached_by_the_service_alone_and_reach_nobody_outside() -> None:
    assert FILE["networks"]["back"] == {"internal": True}
    stores = [name for name in SERVICES if name.startswith(("mongodb", "redis"))]
    assert len(stores) >= 5
    for name in stores:
        assert list(SERVICES[name]["networks"]) == ["back"], name
        assert "ports" not in SERVICES[name]
    inside = {name for name, one in SERVICES.items() if "back" in one["networks"]}
    assert inside - {*stores} == {"calendar-api"}


def test_only_the_proxys_tls_port_can_be_opened_to_others() -> None:
    published = [(name, port) for name, one in SERVICES.items() for port in one.get("ports", ())]
    for name, port in published:
        own = (name, port.split(":")[0]) == ("proxy", "${HTTPS_ADDRESS")
        assert port.startswith("127.0.0.1:") or own, (name, port)
    assert {name for name, _ in published} == {"proxy", "prometheus", "alertmanager", "grafana"}


def test_no_secret_stands_in_an_environment() -> None:
    for name, service in SERVICES.items():
        for variable, value in (service.get("environment") or {}).items():
            if any(word in variable for word in ("PASSWORD", "KEY", "MONGODB_URL", "REDIS_URL")):
                assert variable.endswith("FILE"), (name, variable)
                assert str(value).startswith("/run/secrets/"), (name, variable)
