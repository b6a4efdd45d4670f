"""The verbs of an incident on a running system: the mode, the evidence, the story, isolation."""

import os
import shlex
import socket
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from testcontainers.core.network import Network

from kit.edge.containers.docker import docker
from kit.edge.containers.session import SESSION_LABEL
from ops.drills.rules import rule_texts
from ops.drills.stack import Stack
from ops.drills.starting import ROLES, Plan, private_stack
from ops.drills.users import Users, working_users
from sre.running import run
from tests.support.container import Server
from tests.support.databases import REDIS
from tests.support.environment import session_name
from tests.support.json_schemas import keeps_schema
from tests.support.sampling import quick
from tests.support.waiting import wait_for


@pytest.fixture
def live(
    image_of_role: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[Stack, Users]]:
    """A system with users; the environment names it, as that of an operator would."""
    for role in ROLES:
        image_of_role(role)
    label = f"test-incidents-{os.getpid()}"
    with (
        private_stack(label, Plan(rule_texts(())), lambda _line: None) as stack,
        working_users(stack.url, stack.key) as users,
    ):
        for name, value in stack.environment().items():
            if name.startswith(("SRE_", "CALENDAR_")):
                monkeypatch.setenv(name, value)
        monkeypatch.setenv("CALENDAR_LOG_DIR", str(stack.folder / "logs"))
        monkeypatch.chdir(tmp_path)
        began_s = time.monotonic()
        wait_for(
            lambda: stack.healthy() and users.content(began_s), what="all is well", within_s=90
        )
        yield stack, users


@pytest.mark.thorough
@pytest.mark.long
def test_an_incident_is_lived_through_with_the_verbs_of_the_runbook(
    live: tuple[Stack, Users], capsys: pytest.CaptureFixture[str]
) -> None:
    stack, users = live
    _read_only_stops_writes_and_normal_brings_them_back(users, capsys)
    _redis_comes_and_goes(stack)
    _evidence_has_it_all_and_no_secret(stack, capsys)
    _the_story_tells_it_in_order(capsys)
    _what_is_away_is_named(stack, capsys)


SCHEMAS: Final = {"mode": "mode-switch", "evidence": "evidence-bundle",
           "timeline": "incident-timeline", "isolate": "isolation"}  # fmt: skip


def _sre(
    *arguments: str, capsys: pytest.CaptureFixture[str], code: int = 0, stem: str = ""
) -> dict[str, Any]:
    found = run(["incident", *arguments, "--json"])
    said = capsys.readouterr()
    assert found == code, said.out + said.err
    told: dict[str, Any] = keeps_schema(said.out, stem or SCHEMAS[arguments[0]])
    return told


def _read_only_stops_writes_and_normal_brings_them_back(
    users: Users, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _sre("mode", "read-only", "--why", "events look spoilt", "--who", "ada", capsys=capsys)
    assert told["before"]["mode"] == "normal"
    assert told["after"] == {
        "mode": "read_only", "reason": "ada: events look spoilt", "manual_review": False
    }  # fmt: skip
    assert told["waiting"] == []
    (present,) = _sre("mode", capsys=capsys, stem="modes")["instances"].values()
    assert present == told["after"]
    with users.client() as client:
        body = {"title": "x", "start": "2026-11-01T10:00:00Z"}
        refused = client.post("/events", json=body)
        assert (refused.status_code, refused.json()["code"]) == (503, "read_only")
    time.sleep(3)  # long enough for a burst of refused writes in the log
    words = shlex.split(told["undo"])[2:]
    assert _sre(*words, capsys=capsys)["before"]["mode"] == "read_only"
    began_s = time.monotonic()
    wait_for(lambda: users.content(began_s), what="users can write again", within_s=30)


def _redis_comes_and_goes(stack: Stack) -> None:
    stack.redis.act("stop")
    wait_for(
        lambda: stack.pager.first("DependencyDown", "firing", 0), what="the alert", within_s=60
    )
    stack.redis.act("start")
    wait_for(
        lambda: stack.pager.first("DependencyDown", "resolved", 0), what="its end", within_s=60
    )


def _evidence_has_it_all_and_no_secret(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("evidence", "e.tar.gz", "--since", "10m", "--why", f"key {stack.key} leaked",
             "--container", stack.redis.identity, "--within", "60")  # fmt: skip
    told = _sre(*words, capsys=capsys, code=_partial())
    paths = {part["path"] for part in told["manifest"]["parts"]}
    wanted = {"service/metrics.prom", "service/health.json", "service/mode.json",
              "service/cache-stats.json", "logs/calendar-api.log", "alertmanager/alerts.json",
              "prometheus/alerts.json", "series/alert-history.csv", "series/dependencies.csv",
              "containers/list.json", "system/facts.json", "system/versions.json",
              "objectives/availability.yaml"}  # fmt: skip
    assert wanted <= paths
    assert any(path.startswith("containers/") and path.endswith("log.txt") for path in paths)
    with tarfile.open("e.tar.gz") as tar:
        texts = {m.name: tar.extractfile(m).read().decode() for m in tar}  # type: ignore[union-attr]
    assert not [name for name, text in texts.items() if stack.key in text]
    assert "DependencyDown" in texts["evidence/series/alert-history.csv"]
    assert "dependency_down" in texts["evidence/logs/calendar-api.log"]
    assert _sre("evidence", "e.tar.gz", "--verify", capsys=capsys)["wrong"] == []
    assert run(["incident", "evidence", "e.tar.gz"]) == 4
    Path("e.tar.gz").write_bytes(Path("e.tar.gz").read_bytes() + b"\0")
    assert _sre("evidence", "e.tar.gz", "--verify", capsys=capsys, code=1)["wrong"]


def _partial() -> int:
    """Return the exit code where a kubectl of this machine is set up for a cluster that is away."""
    try:
        done = subprocess.run(("kubectl", "get", "pods"), capture_output=True, check=False)
        known = subprocess.run(("kubectl", "config", "current-context"), capture_output=True,
                               check=False)  # fmt: skip
    except OSError:
        return 0
    return int(known.returncode == 0 and done.returncode != 0)


def _the_story_tells_it_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    told = _sre("timeline", "--since", "10m", capsys=capsys)
    kinds = [entry["kind"] for entry in told["entries"]]
    assert [entry["at"] for entry in told["entries"]] == sorted(e["at"] for e in told["entries"])
    whats = [f"{entry['kind']}: {entry['what']}" for entry in told["entries"]]
    switched = whats.index("mode: read_only: ada: events look spoilt")
    assert kinds.index("errors began") > switched - 2
    gone = next(n for n, what in enumerate(whats) if what.startswith("dependency down: redis"))
    assert gone > switched
    assert any(what.startswith("alert fired: DependencyDown (priority=P2") for what in whats)
    assert told["phases"]["start"]["guessed"]
    costs = {cost["objective"]: cost for cost in told["impact"]}
    assert costs["availability"]["bad"] > 5
    assert costs["availability"]["share_of_budget"] > 0
    assert run(["incident", "timeline", "--since", "10m", "--markdown", "--title", "Redis"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# Redis\n")
    assert "| start |" in page
    assert "(guessed)" in page


def _what_is_away_is_named(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("evidence", "partial.tar.gz", "--prometheus", "http://127.0.0.1:9")
    told = _sre(*words, capsys=capsys, code=1)
    assert any("127.0.0.1:9" in each["source"] for each in told["manifest"]["missing"])
    assert any(part["path"] == "service/health.json" for part in told["manifest"]["parts"])
    assert run(["incident", "mode", "normal", "--why", "x", "--target", "http://127.0.0.1:9"]) == 3
    assert "does not answer" in capsys.readouterr().err
    code = run(["incident", "mode", "normal", "--why", "x", "--target", stack.prometheus_url])
    assert code == 1
    assert "is that the calendar service?" in capsys.readouterr().err


def test_a_container_is_cut_off_and_comes_back_by_the_command_that_was_told(
    private_network: Network, start_private: Callable[..., Server],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    server = start_private(REDIS, private_network, "cache")
    address = _address(server, private_network.name)
    assert _answers(address)
    words = ("isolate", "network", "--container", server.container_id)
    (shown,) = _sre(*words, capsys=capsys)["steps"]
    assert _answers(address)
    assert run(["incident", *words, "--apply"]) == 4
    assert _answers(address)
    (done,) = _sre(*words, "--apply", "--no-evidence", capsys=capsys)["steps"]
    assert (done["command"], done["problem"]) == (shown["command"], "")
    assert not _answers(address)
    assert docker("exec", server.container_id, "redis-cli", "ping").stdout == "PONG\n"
    subprocess.run(shlex.split(done["undo"]), check=True, capture_output=True)
    assert "--alias=cache" in done["undo"]
    address = _address(server, private_network.name)
    wait_for(lambda: _answers(address), what="it is on the network again", within_s=5)


@pytest.fixture
def beside() -> Iterator[Callable[..., str]]:
    """Start a second Redis from a server's image, on port 7000 of the network that is named."""
    started: list[str] = []

    def start(server: Server, network: str) -> str:
        image = docker("inspect", "--format", "{{.Config.Image}}", server.container_id)
        words = ("run", "--detach", "--label", f"{SESSION_LABEL}={session_name()}", "--network",
                 network, "--entrypoint", "redis-server", image.stdout.strip(), "--port", "7000",
                 "--protected-mode", "no")  # fmt: skip
        ran = docker(*words, timeout_s=60)
        assert ran.returncode == 0, ran.stderr
        started.append(ran.stdout.strip())
        return started[-1]

    yield start
    for identity in started:
        docker("rm", "--force", identity, timeout_s=60)


@pytest.mark.parametrize("asked", quick(["both", "the owner", "the one that shares"], first=1))
def test_containers_that_share_a_network_are_cut_off_together(
    asked: str, private_network: Network, start_private: Callable[..., Server],
    beside: Callable[..., str], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    owner = start_private(REDIS, private_network, "cache")
    sharing = beside(owner, f"container:{owner.container_id}")
    address = _address(owner, private_network.name)
    wait_for(lambda: _answers(address, 7000), what="the second one answers", within_s=30)
    names = {"the one that shares": [sharing], "the owner": [owner.container_id]}
    words = [f"--container={n}" for n in names.get(asked, [sharing, owner.container_id])]
    told = _sre("isolate", "network", *words, "--apply", "--no-evidence", capsys=capsys)
    (done,) = told["steps"]
    name = docker("inspect", "--format", "{{.Name}}", sharing).stdout.strip().removeprefix("/")
    assert f"what shares its network ({name})" in done["effect"]
    assert (done["problem"], told["still_open"]) == ("", [])
    assert [port for port in (6379, 7000) if _answers(address, port)] == []
    subprocess.run(shlex.split(done["undo"]), check=True, capture_output=True)
    address = _address(owner, private_network.name)
    wait_for(lambda: _answers(address, 7000), what="it is on the network again", within_s=5)


@pytest.mark.thorough
def test_a_container_on_several_networks_is_taken_off_each_and_one_on_none_is_off_already(
    private_network: Network, start_private: Callable[..., Server], beside: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    server = start_private(REDIS, private_network, "cache")
    assert docker("network", "connect", "bridge", server.container_id).returncode == 0
    addresses = [_address(server, name) for name in (private_network.name, "bridge")]
    assert [_answers(each) for each in addresses] == [True, True]
    off = beside(server, "none")
    words = ("--container", server.container_id, "--container", off, "--apply", "--no-evidence")
    told = _sre("isolate", "network", *words, capsys=capsys)
    assert len(told["steps"]) == 2
    assert told["still_open"] == []
    assert [_answers(each) for each in addresses] == [False, False]


def test_a_container_on_this_machine_s_network_is_refused_by_whatever_name(
    start_private: Callable[..., Server], beside: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    owner = beside(start_private(REDIS), "host")
    sharing = beside(start_private(REDIS), f"container:{owner}")
    for name in (owner, sharing):
        assert run(["incident", "isolate", "network", "--container", name]) == 2
        assert "this machine's own network" in capsys.readouterr().err


def test_a_stopped_container_is_started_by_the_command_that_was_told(
    start_private: Callable[..., Server], capsys: pytest.CaptureFixture[str]
) -> None:
    server = start_private(REDIS)
    words = ("isolate", "stop", "--container", server.container_id, "--apply", "--no-evidence")
    (done,) = _sre(*words, capsys=capsys)["steps"]
    state = ("inspect", "--format", "{{.State.Status}}", server.container_id)
    assert docker(*state).stdout == "exited\n"
    subprocess.run(shlex.split(done["undo"]), check=True, capture_output=True)
    assert docker(*state).stdout == "running\n"


def test_a_container_that_there_is_not_is_told(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del engine
    assert run(["incident", "isolate", "stop", "--container", "no-such"]) == 2
    assert "there is no container 'no-such'" in capsys.readouterr().err


def _address(server: Server, network: str) -> str:
    template = f'{{{{(index .NetworkSettings.Networks "{network}").IPAddress}}}}'
    return docker("inspect", "--format", template, server.container_id).stdout.strip()


def _answers(address: str, port: int = 6379) -> bool:
    try:
        with socket.create_connection((address, port), timeout=2):
            return True
    except OSError:
        return False
