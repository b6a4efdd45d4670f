"""Load runs against the service as it ships, with real databases beside it, in containers."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import docker
import pytest
from docker.models.containers import Container
from testcontainers.core.network import Network

from kit.edge.containers.session import SESSION_LABEL
from kit.edge.target import Access
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED, load_project
from slo.verdict import Verdict
from synthetic.edge.load.catalogue import read_profile_named
from synthetic.edge.load.running import run as load_run
from synthetic.load.health import Health
from synthetic.load.progress import Progress, Started
from synthetic.load.request import FixedRequest
from synthetic.load.run_value import LoadRun
from synthetic.load.shape import Profile, Stage
from synthetic.load.verdicts import judge_run, verdict_of
from synthetic.verdict_rows import Rule
from tests.support.assistant import ADMIN_KEY, PORT, service_spec
from tests.support.container import Server
from tests.support.databases import MONGODB, REDIS
from tests.support.environment import session_name
from tests.support.waiting import HANGS_S, wait_for

PROJECT = load_project(SHIPPED)
ACCESS = Access(keys=(ADMIN_KEY,))
LENIENT_MS = 2_000.0
"""These tests share their processors with what they load: they are about the verdict."""


@dataclass(frozen=True)
class Calendar:
    """The service and what it stands on."""

    service: Server
    mongodb: Server
    redis: Server
    network: Network

    @property
    def url(self) -> str:
        """Return where it is from here."""
        return f"http://{self.service.host}:{self.service.port}"


@pytest.fixture
def calendar(private_network: Network, start_private: Callable[..., Server]) -> Calendar:
    """The service on its own MongoDB and Redis, all in one network."""
    mongodb = start_private(MONGODB, private_network, "mongodb")
    redis = start_private(REDIS, private_network, "redis")
    patient = {"CALENDAR_RATE_LIMIT": "0", "CALENDAR_MONGODB_TIMEOUT_S": "4"}
    spec = service_spec(mongodb="mongodb", redis="redis", settings=patient)
    return Calendar(
        start_private(spec, private_network, "service"), mongodb, redis, private_network
    )


def reading(per_s: float, for_s: float, **more: Any) -> Profile:
    """Return a profile that only lists events: the database has to answer each."""
    request = (FixedRequest("GET", "/events?limit=5", 1.0),)
    more = {
        "ready_path": "/healthz",
        "requests": request,
        "max_lag_p99_ms": LENIENT_MS,
        "timeout_s": 10.0,
        **more,
    }
    return Profile("reading", "", (Stage(for_s, per_s, per_s),), **more)


def verdicts(run: LoadRun) -> dict[str, Verdict]:
    rows = judge_run(run, load_objectives(), PROJECT)
    whole = (row for row in rows if row.part is None and row.unmeasurable is None)
    return {row.objective: row.verdict for row in whole}


def in_the_middle(after_s: float, for_s: float, server: Server) -> Callable[[Progress], None]:
    """Return a watcher that freezes a server for a while, some time after the run's start."""

    def take(event: Progress) -> None:
        if isinstance(event, Started):
            threading.Timer(after_s, server.pause).start()
            threading.Timer(after_s + for_s, server.unpause).start()

    return take


@pytest.mark.long
@pytest.mark.thorough
def test_the_steady_profile_proves_what_it_can_and_the_service_counted_the_same(
    calendar: Calendar,
) -> None:
    command = [sys.executable, "-c", "from sre.main import main; main()", "load", "run"]
    command += ["steady", "--target", calendar.url, "--duration", "80", "--rate", "50", "--json"]
    done = subprocess.run(
        command,
        env={**os.environ, "SRE_API_KEYS": ADMIN_KEY},
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )
    assert done.stdout, done.stderr
    record = json.loads(done.stdout)
    statuses = {name: one["statuses"] for name, one in record["routes"].items()}
    found = {row["objective"]: row["verdict"] for row in record["rows"] if row["part"] is None}
    assert (found["latency"], found["errors"]) == ("PASS", "PASS"), statuses
    assert found["availability"] == "INCONCLUSIVE", "4,000 requests prove no 99.9 %"
    assert done.returncode == 5
    assert record["cross_check"]["problem"] is None
    assert record["cross_check"]["differing"] == []
    assert record["removed_events"] > 0


@pytest.mark.thorough
def test_a_service_that_freezes_does_not_pass_on_latency(calendar: Calendar) -> None:
    body = {"text": "lunch tomorrow", "now": "2031-01-06T09:00:00", "timezone": "UTC"}
    understanding = (FixedRequest("POST", "/parse", 1.0, body),)  # needs no database
    run = load_run(
        reading(20, 15, requests=understanding, rule=Rule.OBSERVED),
        calendar.url,
        access=ACCESS,
        on_progress=in_the_middle(5, 5, calendar.service),
    )
    found = verdicts(run)
    assert found["latency"] in {Verdict.FAIL, Verdict.INCONCLUSIVE}  # one stall may be chance
    assert found["errors"] is not Verdict.FAIL


@pytest.mark.long
@pytest.mark.thorough
def test_a_database_that_freezes_breaks_a_promise_and_ends_the_run_early(
    calendar: Calendar,
) -> None:
    run = load_run(
        reading(20, 60),
        calendar.url,
        access=ACCESS,
        project=PROJECT,
        objectives=load_objectives(),
        abort_on_fail=True,
        on_progress=in_the_middle(3, 40, calendar.mongodb),
    )
    calendar_is_back(calendar)
    assert run.stopped_early is not None
    assert run.lasted_s < 59
    assert Verdict.FAIL in verdicts(run).values()


def mixed(per_s: float, for_s: float) -> Profile:
    """Return a shorter steady profile, judged by what was observed: a proof takes minutes."""
    profile = read_profile_named("steady").at_rate(per_s).lasting(for_s)
    return replace(profile, max_lag_p99_ms=LENIENT_MS, seeded_events=20, rule=Rule.OBSERVED)


@pytest.mark.long
@pytest.mark.thorough
def test_a_paused_redis_breaks_no_promise_but_is_told(calendar: Calendar) -> None:
    calendar.redis.pause()
    try:
        run = load_run(mixed(25, 20), calendar.url, project=PROJECT, access=ACCESS)
    finally:
        calendar.redis.unpause()
    found = verdicts(run)
    assert (found["latency"], Verdict.FAIL in found.values()) == (Verdict.PASS, False)
    assert run.health_after == Health("degraded", ("redis",))


@pytest.mark.long
@pytest.mark.thorough
def test_a_service_without_enough_processor_breaks_the_promise_on_latency(
    calendar: Calendar,
) -> None:
    with starved(calendar.service, share=0.02):
        run = load_run(mixed(40, 15), calendar.url, access=ACCESS)
    rows = judge_run(run, load_objectives(), PROJECT)
    assert verdict_of(rows) is Verdict.FAIL
    assert verdicts(run)["latency"] is Verdict.FAIL


@contextmanager
def starved(server: Server, *, share: float) -> Iterator[None]:
    """Let a server have no more than `share` of a core."""
    with docker_client() as client:
        container = client.containers.get(server.container_id)
        container.update(cpu_period=100_000, cpu_quota=int(share * 100_000))
        try:
            yield
        finally:
            container.update(cpu_period=100_000, cpu_quota=-1)


@pytest.mark.thorough
def test_three_requests_decide_nothing(calendar: Calendar) -> None:
    run = load_run(reading(3, 1.0), calendar.url, access=ACCESS)
    assert run.account.sent == 3
    rows = judge_run(run, load_objectives(), PROJECT)
    assert verdict_of(rows) is Verdict.INCONCLUSIVE
    assert all(row.more_needed for row in rows if row.part is None and not row.unmeasurable)


@pytest.mark.long
@pytest.mark.thorough
def test_two_workers_in_two_containers_equal_one(
    calendar: Calendar, image_of_role: Callable[[str], str]
) -> None:
    image = image_of_role("sre")
    one, two = (distributed(calendar, image, workers) for workers in (1, 2))
    for record, workers in ((one, 1), (two, 2)):
        assert record["void_reason"] is None
        assert record["generator"]["workers"] == workers
        assert record["account"]["finished"] == record["account"]["scheduled"] == 600
    schedules = [[part["scheduled"] for part in record["timeline"]] for record in (one, two)]
    assert schedules[0] == schedules[1]
    ranges = [record["overall"]["percentiles_ms"]["p50"] for record in (one, two)]
    apart = abs(ranges[0]["value"] - ranges[1]["value"])
    assert apart < 0.5 * max(r["value"] for r in ranges) + 5, ranges


PROFILE = """
name: distributed
description: the same for one worker and for two
stages: [{for_s: 20, per_s: 30}]
requests: [{path: "/events?limit=5"}]
max_lag_p99_ms: 2000
rule: observed
"""


def distributed(calendar: Calendar, image: str, workers: int) -> Mapping[str, Any]:
    """Return the record of a run directed from one container with its workers in others."""
    write = f"cat > /tmp/profile.yaml <<'END'\n{PROFILE}END\n"
    run = "sre load run /tmp/profile.yaml --json --remote :5557"
    run += f" --workers {workers} --target http://service:{PORT}"
    with (
        started(image, calendar, "master", ["sh", "-c", write + run]) as master,
        started_workers(image, calendar, workers),
    ):
        wait_for(
            lambda: ended(master),
            what="the directed run ends",
            within_s=150,
            told=lambda: str(master.logs(tail=20)),
        )
        return dict(json.loads(master.logs(stdout=True, stderr=False)))


@contextmanager
def docker_client() -> Iterator[docker.DockerClient]:
    client = docker.from_env()
    try:
        yield client
    finally:
        client.close()


@contextmanager
def started(image: str, calendar: Calendar, alias: str, command: list[str]) -> Iterator[Container]:
    """Run a command in a container beside the service; it is removed in the end."""
    with docker_client() as client:
        settings = {"SRE_API_KEYS": ADMIN_KEY, "SRE_RUNS_DIR": "/tmp/runs", "HOME": "/tmp"}  # noqa: S108 -- inside
        container = client.containers.create(
            image,
            command,
            environment=settings,
            labels={SESSION_LABEL: session_name()},
            detach=True,
        )
        try:
            client.networks.get(calendar.network.name).connect(container, aliases=[alias])
            container.start()
            yield container
        finally:
            container.remove(force=True, v=True)


@contextmanager
def started_workers(image: str, calendar: Calendar, count: int) -> Iterator[None]:
    command = ["sre", "load", "worker", "master:5557", "--wait", "100"]
    with ExitStack() as stack:
        for number in range(count):
            stack.enter_context(started(image, calendar, f"worker{number}", command))
        yield


def ended(container: Container) -> bool:
    container.reload()
    return bool(container.status == "exited")


def calendar_is_back(calendar: Calendar) -> None:
    """Thaw the database, whenever its timer would have."""
    with docker_client() as client:
        container = client.containers.get(calendar.mongodb.container_id)
        wait_for(
            lambda: container.reload() or container.status == "running",
            what="the database is thawed",
            within_s=60,
        )
