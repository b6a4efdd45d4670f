"""The deploy against Grafana itself, where its image is or can be had."""

import base64
import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from dashboards.edge.files import GENERATED
from kit.pure.exits import Exit
from sre.running import run

IMAGE = os.environ.get("SRE_GRAFANA_IMAGE", "grafana/grafana:11.6.0")
SHIPPED = {path.stem: json.loads(path.read_text()) for path in sorted(GENERATED.glob("*.json"))}
_PASSWORD = secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True)
class RealGrafana:
    """A Grafana in a container."""

    url: str
    token: str

    def get(self, path: str) -> dict[str, object]:
        """Return the JSON of an answer."""
        return _call(self.url, path, f"Bearer {self.token}")


def _call(url: str, path: str, authorization: str, body: object = None) -> dict[str, object]:
    request = Request(  # noqa: S310 always http
        url + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": authorization, "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=10) as response:  # noqa: S310 always http
        return dict(json.load(response))


def _docker(*arguments: str, within_s: float = 300) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, timeout=within_s, check=False
    )


@pytest.fixture(scope="module")
def grafana(engine: str) -> Iterator[RealGrafana]:
    del engine
    if _docker("image", "inspect", IMAGE).returncode and _docker("pull", "-q", IMAGE).returncode:
        message = f"{IMAGE} is not here and cannot be pulled, and it has no local build"
        pytest.skip(message)  # the one image that cannot be built here, also where all are wanted
    started = _docker(
        "run", "-d", "--rm", "-p", "127.0.0.1::3000",
        "-e", f"GF_SECURITY_ADMIN_PASSWORD={_PASSWORD}",
        "-e", "GF_ANALYTICS_REPORTING_ENABLED=false", "-e", "GF_ANALYTICS_CHECK_FOR_UPDATES=false",
        IMAGE,
    )  # fmt: skip
    assert started.returncode == 0, started.stderr
    identity = started.stdout.strip()
    try:
        url = f"http://{_docker('port', identity, '3000').stdout.split()[0]}"
        admin = "Basic " + base64.b64encode(f"admin:{_PASSWORD}".encode()).decode()
        _wait(url, admin)
        account = _call(url, "/api/serviceaccounts", admin, {"name": "sre", "role": "Editor"})
        path = f"/api/serviceaccounts/{account['id']}/tokens"
        yield RealGrafana(url, str(_call(url, path, admin, {"name": "deploy"})["key"]))
    finally:
        _docker("rm", "-f", identity)


def _wait(url: str, admin: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            _call(url, "/api/health", admin)
        except (URLError, OSError):
            assert time.monotonic() < deadline, "Grafana does not answer within two minutes"
            time.sleep(0.5)
        else:
            return


def test_grafana_keeps_every_dashboard_as_deployed_and_takes_it_back(
    grafana: RealGrafana, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("SRE_GRAFANA_TOKEN", grafana.token)
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path))
    at = ("--grafana", grafana.url)

    assert run(["dashboards", "deploy", *at]) == Exit.HOLDS
    for uid in SHIPPED:
        meta = grafana.get(f"/api/dashboards/uid/{uid}")["meta"]
        assert isinstance(meta, dict)
        assert meta["folderTitle"] == "Calendar"
    assert run(["dashboards", "deploy", *at, "--json"]) == Exit.HOLDS
    assert run(["dashboards", "rollback", *at]) == Exit.HOLDS
