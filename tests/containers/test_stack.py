"""The compose stack, with real containers: up, looked at, changed under load, and gone again."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kit.edge.containers.docker import docker
from kit.pure.errors import UnreachableError
from ops.stack import lifecycle
from ops.stack.containers import containers_of
from ops.stack.home import Home
from ops.stack.rolling import NotReadyError
from ops.stack.upgrading import Outcome, Patience
from slo.edge.project_file import shipped
from slo.verdict import Verdict
from sre.running import run
from tests.support.open_loop import Answers, open_loop
from tests.support.stack import RunningStack, image_from, running_stack
from tests.support.waiting import wait_for
from tests.support.webhook import gateway_of, listening_webhook

PER_S = 100
_FAULT = "import random; assert random.random() > 0.3; sentence = Sentence("
FAULTY = (
    "USER root",
    f"RUN sed -i 's/sentence = Sentence(/{_FAULT}/' /opt/calendar/project/service/api/parse.py",
    "USER calendar",
)


def _left(name: str) -> list[str]:
    mine = ("--filter", f"label=com.docker.compose.project={name}", "--quiet")
    kinds = (("container", "--all"), ("network",), ("volume",))
    return [
        line for kind, *more in kinds for line in docker(kind, "ls", *more, *mine).stdout.split()
    ]


@pytest.mark.long
@pytest.mark.usefixtures("engine")
def test_a_stack_comes_up_serves_through_its_proxy_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    with running_stack(tmp_path, replicas=1) as stack:
        report = lifecycle.look(stack.home)
        assert all(one.running == one.wanted == 1 for one in report.parts), report
        assert report.absent == {"grafana": "switched off in the settings"}
        assert stack.ask("/healthz").status_code == 200
        both = {"mongodb": "connected", "redis": "connected"}
        wait_for(
            lambda: stack.ask("/health").json().get("dependencies") == both,
            what="the service reaches both stores",
            within_s=30,
        )
        assert (stack.home.folder / "secrets").stat().st_mode & 0o077 == 0
        _without_a_database_sentences_are_still_read(stack)
        before = {one.identity for one in stack.replicas()}
        lifecycle.restart(stack.home.folder, "calendar-api", stack.said.append)
        assert not before & {one.identity for one in stack.replicas()}
        assert stack.ask("/healthz").status_code == 200
    assert _left(stack.name) == []
    assert not stack.home.folder.exists()


def _without_a_database_sentences_are_still_read(stack: RunningStack) -> None:
    """No replica is ready then, and each still says more than the proxy could."""
    (mongodb,) = containers_of(stack.name, "mongodb-stand-in")
    docker("pause", mongodb.identity)
    try:
        wait_for(
            lambda: stack.ask("/readyz").status_code == 503, what="no replica is ready", within_s=60
        )
        assert stack.ask("/readyz").json()["code"] == "dependency_unavailable"
        assert stack.read("lunch with Ann tomorrow at noon").status_code == 200
    finally:
        docker("unpause", mongodb.identity)
    wait_for(lambda: stack.ask("/readyz").status_code == 200, what="it is ready again", within_s=60)


def _upgrade(stack: RunningStack, image: str, patience: Patience) -> Outcome:
    return lifecycle.upgrade(stack.home.folder, image, shipped(), patience, stack.said.append)


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.usefixtures("engine")
def test_under_a_hundred_requests_a_second_no_change_loses_one_and_a_bad_version_goes_back(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with running_stack(tmp_path, replicas=2) as stack:
        first = stack.home.environment()["SERVICE_IMAGE"]
        second = image_from(first, f"{stack.name}/service:second", "LABEL second=1")
        silent = image_from(first, f"{stack.name}/service:silent", 'CMD ["sleep", "1h"]')
        broken = image_from(
            first, f"{stack.name}/service:broken", 'CMD ["python", "-c", "raise SystemExit(9)"]'
        )
        with open_loop(stack.url, stack.key, per_s=PER_S) as restarted:
            lifecycle.restart(stack.home.folder, "calendar-api", stack.said.append)
        _none_lost(restarted)
        record_property("restart", str(restarted))

        with open_loop(stack.url, stack.key, per_s=PER_S) as upgraded:
            outcome = _upgrade(stack, second, Patience(10, 300))
        assert outcome.is_done, outcome
        assert {one.image for one in stack.replicas()} == {second}
        assert stack.home.environment()["SERVICE_IMAGE"] == second
        _none_lost(upgraded)
        record_property("upgrade", str(upgraded))

        with open_loop(stack.url, stack.key, per_s=PER_S) as kept:
            ended = _upgrade(stack, broken, Patience(0, 0))
        assert ended.verdict is Verdict.FAIL
        assert "ended instead of serving" in ended.reason
        assert {one.image for one in stack.replicas()} == {second}
        _none_lost(kept)

        faulty = image_from(second, f"{stack.name}/service:faulty", *FAULTY)
        with open_loop(stack.url, stack.key, per_s=PER_S):
            burnt = _upgrade(stack, faulty, Patience(60, 300))
        assert burnt.verdict is Verdict.FAIL
        assert "availability" in burnt.reason
        assert "burns the budget" in burnt.reason
        assert {one.image for one in stack.replicas()} == {second}

        undecided = _upgrade(stack, first, Patience(1, 1))
        assert undecided.verdict in {Verdict.NO_DATA, Verdict.INCONCLUSIVE}
        assert {one.image for one in stack.replicas()} == {second}
        assert stack.home.environment()["SERVICE_IMAGE"] == second
        for image in (second, silent, broken, faulty):
            docker("rmi", "--no-prune", image)


def _none_lost(load: Answers) -> None:
    assert load.sent > PER_S
    assert load.dropped == []
    assert load.failed == 0, load.statuses
    assert sum(load.statuses.values()) == load.sent


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.usefixtures("engine")
def test_a_stopped_redis_arrives_at_the_webhook_and_the_morning_check_knows_what_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        listening_webhook(gateway_of("bridge")) as webhook,
        running_stack(tmp_path, replicas=2, webhook=webhook.url) as stack,
    ):
        for line in stack.home.addresses.read_text().splitlines():
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value.strip("'"))

        def morning() -> dict[str, dict[str, str]]:
            run(["check", "morning", "--timeout", "30", "--within", "120", "--json"])
            parts = json.loads(capsys.readouterr().out)["parts"]
            return {p["check"]: {f["subject"]: f["state"] for f in p["findings"]} for p in parts}

        found: dict[str, dict[str, str]] = {}

        def is_known() -> bool:
            found.update(morning())
            return "NO DATA" not in {
                state for part in ("monitoring", "overnight") for state in found[part].values()
            }

        wait_for(is_known, what="every figure of the night is known", within_s=120)
        assert found["monitoring"] == {
            "Prometheus": "PASS",
            "Alertmanager": "PASS",
            "Grafana": "INFO",
            "targets": "PASS",
        }
        assert found["dependencies"] == {"mongodb": "PASS", "redis": "PASS"}
        monkeypatch.delenv("SRE_ABSENT")
        assert morning()["monitoring"]["Grafana"] == "NO DATA"

        (redis,) = containers_of(stack.name, "redis")
        docker("stop", redis.identity, timeout_s=60)
        wait_for(
            lambda: "DependencyDown" in webhook.names("firing"),
            what="the page arrives at the webhook",
            within_s=300,
        )
        assert lifecycle.status(stack.home.folder).is_well is False
        stack.up()
        wait_for(
            lambda: "DependencyDown" in webhook.names("resolved"),
            what="the page is taken back",
            within_s=600,
        )


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.usefixtures("engine")
def test_settings_that_would_not_start_leave_the_replicas_and_their_configuration(
    tmp_path: Path,
) -> None:
    with running_stack(tmp_path, replicas=2) as stack:
        before = stack.home.environment()
        there = {one.identity for one in stack.replicas()}
        settings = replace(stack.wanted.settings, service=(
            ("CALENDAR_MONGODB_DATABASE", "bad/name"),
        ))  # fmt: skip
        with pytest.raises(NotReadyError, match=r"replica .* ended|not ready"):
            RunningStack(replace(stack.wanted, settings=settings), stack.said).up()
        assert stack.home.environment() == before
        assert there == {one.identity for one in stack.replicas()}
        assert stack.ask("/readyz").status_code == 200

        other = replace(stack.wanted.settings, name=f"{stack.name}-other")
        with pytest.raises(UnreachableError, match="is in use"):
            RunningStack(replace(stack.wanted, settings=other, home=Home(tmp_path / "b")), []).up()
