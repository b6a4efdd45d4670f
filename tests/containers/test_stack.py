"""The compose stack, with real containers: up, looked at, changed under load, and gone again."""

import json
import shlex
import ssl
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.edge.containers.catalog import ROOT, image_of
from kit.edge.containers.docker import docker, image_exists
from kit.pure.errors import BadInputError, HarnessError, RefusedError, UnreachableError
from ops.stack import lifecycle, secret_files
from ops.stack.compose import ensure_compose
from ops.stack.containers import containers_of
from ops.stack.home import Home
from ops.stack.lifecycle import Wanted
from ops.stack.proxy import Proxy
from ops.stack.rolling import NotReadyError
from ops.stack.secret_files import CERTIFICATE
from ops.stack.settings import Database
from ops.stack.settings import Wanted as Whether
from ops.stack.upgrading import Outcome, Patience
from slo.edge.project_file import shipped
from slo.verdict import Verdict
from sre.running import run
from tests.support.killing import killed_when
from tests.support.open_loop import Answers, open_loop
from tests.support.stack import RunningStack, image_from, running_stack
from tests.support.waiting import wait_for
from tests.support.wanted import do_without
from tests.support.webhook import gateway_of, listening_webhook

PER_S = 100
_FAULT = "import random; assert random.random() > 0.3; sentence = Sentence("
FAULTY = (
    "USER root",
    "WORKDIR /opt/calendar/project/service/api",
    "RUN rm -r __pycache__",  # what is compiled is not checked
    f"RUN sed -i 's/sentence = Sentence(/{_FAULT}/' parse.py",
    "WORKDIR /var/lib/calendar",
    "USER calendar",
)


def _left(name: str) -> list[str]:
    mine = ("--filter", f"label=com.docker.compose.project={name}", "--quiet")
    kinds = (("container", "--all"), ("network",), ("volume",))
    return [
        line for kind, *more in kinds for line in docker(kind, "ls", *more, *mine).stdout.split()
    ]


@pytest.mark.long
@pytest.mark.timeout(5400)
@pytest.mark.usefixtures("engine")
@pytest.mark.thorough
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
        lifecycle.down(stack.home.folder, volumes=False, say=stack.said.append)
        left = _left(stack.name)
        assert f"{stack.name}_redis_data" in left
        assert all(one.startswith(f"{stack.name}_") for one in left), left  # volumes, by their name
        assert stack.home.read_secret("redis_password")
    assert _left(stack.name) == []
    assert not stack.home.folder.exists()


def _without_a_database_sentences_are_still_read(stack: RunningStack) -> None:
    """No replica is ready then, and each still says more than the proxy could."""
    assert stack.read("dinner with Bob tonight").status_code == 200  # the key is known from now on
    (mongodb,) = containers_of(stack.name, "mongodb-stand-in")
    docker("pause", mongodb.identity)
    try:
        ready = Proxy(stack.home.proxy_socket).serving
        wait_for(lambda: not ready(), what="the proxy sees that none is ready", within_s=60)
        assert stack.ask("/readyz").json()["code"] == "dependency_unavailable"
        assert stack.read("lunch with Ann tomorrow at noon").status_code == 200
    finally:
        docker("unpause", mongodb.identity)
    wait_for(stack.serves, what="it is ready again", within_s=60)


def _upgrade(stack: RunningStack, image: str, patience: Patience) -> Outcome:
    return lifecycle.upgrade(stack.home.folder, image, shipped(), patience, stack.said.append)


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.timeout(5400)
@pytest.mark.usefixtures("engine")
def test_under_a_hundred_requests_a_second_no_change_loses_one_and_a_bad_version_goes_back(
    tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
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
        record_testsuite_property("restart", str(restarted))

        with open_loop(stack.url, stack.key, per_s=PER_S) as upgraded:
            outcome = _upgrade(stack, second, Patience(10, 300))
        assert outcome.is_done, outcome
        assert {one.image for one in stack.replicas()} == {second}
        assert stack.home.environment()["SERVICE_IMAGE"] == second
        _none_lost(upgraded)
        record_testsuite_property("upgrade", str(upgraded))

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


def _none_lost(load: Answers, *, at_least: int = PER_S) -> None:
    assert load.sent > at_least
    assert load.dropped == []
    assert load.failed == 0, load.statuses
    assert sum(load.statuses.values()) == load.sent


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.timeout(5400)
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
@pytest.mark.timeout(5400)
@pytest.mark.usefixtures("engine")
def test_a_lost_primary_of_mongodb_is_followed_by_another_and_no_connection_is_dropped(
    tmp_path: Path,
) -> None:
    if not image_exists(image_of("mongodb").official):
        pytest.skip("MongoDB's official image is not here and cannot be built: not run")
    with running_stack(
        tmp_path, replicas=2, webhook="http://127.0.0.1:9/", mongodb=Database.REPLICA_SET
    ) as stack:
        (primary,) = containers_of(stack.name, "mongodb-1")  # by its priority
        with open_loop(stack.url, stack.key, per_s=20) as load:
            docker("kill", primary.identity)
            wait_for(stack.serves, what="another leads", within_s=60)
        assert load.dropped == []
        assert {status for status in load.statuses if status >= 400} <= {503}
        with open_loop(stack.url, stack.key, per_s=20) as after:
            wait_for(lambda: after.statuses[201] > 50, what="events are kept again", within_s=60)
        _none_lost(after, at_least=50)


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.timeout(5400)
@pytest.mark.usefixtures("engine")
def test_what_the_usual_procedures_type_does_what_the_runbook_says(tmp_path: Path) -> None:
    with running_stack(tmp_path, replicas=1) as stack:
        compose = ensure_compose(stack.home, stack.said.append)
        assert "calendar-api" in compose.must("ps")
        assert "request" in compose.must("logs", "calendar-api")
        (replica,) = compose.must("ps", "-q", "calendar-api").split()
        shown = _typed("docker", "stats", "--no-stream")
        assert f"{stack.name}_calendar-api" in shown.replace("-calendar-api", "_calendar-api")
        _typed("docker", "update", "--memory=600m", "--memory-swap=600m", "--cpus=0.9", replica)
        limits = json.loads(_typed("docker", "inspect", replica))[0]["HostConfig"]
        assert (limits["Memory"], limits["NanoCpus"]) == (600 << 20, 900_000_000)

        compose.must("stop")
        (tmp_path / "backups").mkdir()
        _typed(*_copy_of_a_volume(f"{stack.name}_redis_data", tmp_path / "backups"))
        with tarfile.open(tmp_path / "backups" / "redis.tar.gz") as copy:
            assert any("appendonly" in name for name in copy.getnames())
        assert lifecycle.status(stack.home.folder).runs is False
        compose.must("start")
        wait_for(stack.serves, what="it serves", within_s=120)

        more = replace(stack.wanted.settings, replicas=2)
        report = RunningStack(replace(stack.wanted, settings=more), stack.said).up()
        assert report.is_well, report
        assert len(stack.replicas()) == 2
        assert replica in {one.identity for one in stack.replicas()}


def _typed(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def _copy_of_a_volume(volume: str, folder: Path) -> list[str]:
    """Return the command of the page on deployment, for another volume and folder."""
    text = (ROOT / "docs" / "deployment.md").read_text()
    command = text.partition("docker run --rm --user 0")[2].partition("\ndocker-compose")[0]
    words = shlex.split(f"docker run --rm --user 0{command}".replace("\\\n", " "))
    return [
        word.replace("calendar_prometheus_data", volume)
        .replace("$PWD/backups", str(folder))
        .replace("prometheus-$(date +%Y%m%d)", "redis")
        for word in words
    ]


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.timeout(5400)
@pytest.mark.usefixtures("engine")
def test_an_upgrade_killed_at_any_point_is_gone_on_with_and_loses_no_request(
    tmp_path: Path,
) -> None:
    with running_stack(tmp_path, replicas=2) as stack:
        first = stack.home.environment()["SERVICE_IMAGE"]
        second = image_from(first, f"{stack.name}/service:second", "LABEL second=1")
        upgrade = ("stack", "upgrade", "--home", str(stack.home.folder), "--image", second)

        def runs(image: str) -> int:
            return sum(one.image == image for one in stack.replicas())

        def serves() -> bool:
            up = Proxy(stack.home.proxy_socket).serving()
            return any(o.image == second and o.addresses.get("front") in up
                       for o in stack.replicas())  # fmt: skip

        points: tuple[tuple[str, str, Callable[[], bool], str], ...] = (
            ("canary", "0s", stack.home.unfinished.is_file, first),
            ("canary", "0s", lambda: runs(second) == 1, first),
            ("canary", "1h", serves, first),
            ("rolling", "0s", lambda: runs(second) == 2, second),
        )
        with open_loop(stack.url, stack.key, per_s=10) as load:
            for phase, canary_for, reached, stays in points:
                killed_when(reached, 0.2, *upgrade, "--canary-for", canary_for, "--within", "2h")
                said = " ".join(lifecycle.status(stack.home.folder).problems)
                assert f"did not come to its end ({phase})" in said, (phase, said)
                report = stack.up()
                assert report.is_well, report
                assert [one.image for one in stack.replicas()] == [stays] * 2
                assert stack.home.environment()["SERVICE_IMAGE"] == stays
        _none_lost(load)
    docker("rmi", "--no-prune", second)


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.timeout(5400)
@pytest.mark.usefixtures("engine")
def test_settings_that_would_not_start_leave_the_replicas_and_their_configuration(
    tmp_path: Path,
) -> None:
    with running_stack(tmp_path, replicas=2) as stack:
        before, of_the_service = stack.home.environment(), stack.home.service_settings()
        there = {one.identity for one in stack.replicas()}
        settings = replace(stack.wanted.settings, service=(
            ("CALENDAR_MONGODB_DATABASE", "bad/name"),
        ))  # fmt: skip
        with pytest.raises(NotReadyError, match=r"replica .* ended|not ready"):
            RunningStack(replace(stack.wanted, settings=settings), stack.said).up()
        assert stack.home.environment() == before
        assert stack.home.service_settings() == of_the_service
        assert there == {one.identity for one in stack.replicas()}
        assert stack.ask("/readyz").status_code == 200

        for problem in _WRONG:
            with problem(stack, tmp_path) as (wanted, kind, said):
                with pytest.raises(kind, match=said) as told:
                    RunningStack(wanted, []).up()
                assert told.value.hint
            assert stack.home.environment() == before
            assert there == {one.identity for one in stack.replicas()}
        nowhere = "127.0.0.1:1/no/such:image"
        with pytest.raises(UnreachableError, match=f"{nowhere} is not here and cannot be pulled"):
            _upgrade(stack, nowhere, Patience(0, 0))
        assert there == {one.identity for one in stack.replicas()}
        assert stack.up().is_well
        assert there == {one.identity for one in stack.replicas()}
        _a_renewed_certificate_is_served_by_the_same_proxy(stack, tmp_path)


def _a_renewed_certificate_is_served_by_the_same_proxy(stack: RunningStack, folder: Path) -> None:
    pem = folder / "renewed.pem"
    pem.write_text(secret_files._self_signed(stack.home.environment()["PROXY_IMAGE"]))
    before = [one.identity for one in containers_of(stack.name, "proxy")]
    settings = replace(stack.wanted.settings, certificate=str(pem))
    RunningStack(replace(stack.wanted, settings=settings), []).up()
    public = "-----BEGIN CERT" + pem.read_text().partition("-----BEGIN CERT")[2]
    wanted = ssl.PEM_cert_to_DER_cert(public.partition("-----BEGIN PRIV")[0].strip())
    at = ("127.0.0.1", stack.wanted.settings.https_port)
    wait_for(
        lambda: ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(at)) == wanted,
        what="the renewed certificate is served", within_s=30,
    )  # fmt: skip
    assert before == [one.identity for one in containers_of(stack.name, "proxy")]


Problem = Callable[
    [RunningStack, Path], AbstractContextManager[tuple[Wanted, type[HarnessError], str]]
]


def _set(kind: type[HarnessError], said: str, **settings: Any) -> Problem:
    @contextmanager
    def problem(
        stack: RunningStack, _folder: Path
    ) -> Iterator[tuple[Wanted, type[HarnessError], str]]:
        yield replace(stack.wanted, settings=replace(stack.wanted.settings, **settings)), kind, said

    return problem


@contextmanager
def _port_of_another(
    stack: RunningStack, folder: Path
) -> Iterator[tuple[Wanted, type[HarnessError], str]]:
    other = replace(stack.wanted.settings, name=f"{stack.name}-other")
    yield Wanted(Home(folder / "b"), other), UnreachableError, "is in use"


@contextmanager
def _full_disk(
    stack: RunningStack, folder: Path
) -> Iterator[tuple[Wanted, type[HarnessError], str]]:
    full = folder / "full"
    full.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", full], check=False)
    if mounted.returncode != 0:
        do_without("nobody here may mount a disk that is full")
    try:
        on_it = replace(stack.wanted, home=Home(full / "stack"))
        yield on_it, UnreachableError, "MB are free on the disk"
    finally:
        subprocess.run(["umount", full], check=True)


@contextmanager
def _receiver_without_its_secret(
    stack: RunningStack, folder: Path
) -> Iterator[tuple[Wanted, type[HarnessError], str]]:
    shipped_file = ROOT / "alerts" / "routing" / "receivers.yaml"
    (folder / "receivers.yaml").write_text(shipped_file.read_text())
    settings = replace(stack.wanted.settings, webhook="", receivers=str(folder / "receivers.yaml"))
    yield replace(stack.wanted, settings=settings), BadInputError, "is missing: the receivers read"


@contextmanager
def _spoilt_certificate(
    stack: RunningStack, folder: Path
) -> Iterator[tuple[Wanted, type[HarnessError], str]]:
    spoilt = folder / "spoilt.pem"
    there = stack.home.read_secret(CERTIFICATE)
    lines = there.splitlines()
    ends = [line.startswith("-----END") for line in lines[1:]]
    kept = [line for line, last in zip(lines, [*ends, False], strict=True) if not last]
    spoilt.write_text("\n".join(kept))  # each block without its last line
    settings = replace(stack.wanted.settings, certificate=str(spoilt))
    yield replace(stack.wanted, settings=settings), BadInputError, "haproxy refuses"
    assert stack.home.read_secret(CERTIFICATE) == there


_WRONG: tuple[Problem, ...] = (
    _port_of_another,
    _full_disk,
    _receiver_without_its_secret,
    _set(BadInputError, "mongodb_url is missing, or is no URL of a MongoDB elsewhere",
         mongodb=Database.EXTERNAL, webhook="http://127.0.0.1:9/"),
    _set(BadInputError, "nobody would be notified of alerts", mongodb=Database.EXTERNAL),
    _set(BadInputError, "no/such.pem", certificate="no/such.pem"),
    _spoilt_certificate,
    _set(RefusedError, "MB of memory are free, and the stack may take", memory="4096g",
         replicas=15),
    _set(UnreachableError, "Grafana is wanted and .* cannot be pulled", grafana=Whether.ON),
)  # fmt: skip
