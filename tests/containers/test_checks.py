"""`sre check` against real servers, whole and broken."""

import dataclasses
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import redis
from pymongo import MongoClient
from testcontainers.core.network import Network

from ops.checks.observe.mongodb import needed_indexes
from sre.running import run
from tests.support.backfill import backfill, keeping_everything
from tests.support.container import Server
from tests.support.databases import REDIS, mongodb_address
from tests.support.json_schemas import keeps_schema
from tests.support.model_server import model_server
from tests.support.monitoring import alertmanager_spec, ask, prometheus_spec
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.containers

ADMIN_KEY: Final = "f3b1c9d27a6e4805b2c1d9e8f7a6b5c4"
PASSWORD: Final = "geheim-und-lang"
CLOSED: Final = "127.0.0.1:9"  # the discard port: refused
Told = tuple[int, dict[str, Any], dict[str, dict[str, Any]]]
Check = Callable[..., Told]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Check:
    """Give a function that runs a check and returns exit code, document, findings by subject."""
    for name in ("MONGODB_URL", "REDIS_URL", "LLM_URL", "LOG_DIR", "ADMIN_KEY"):
        monkeypatch.delenv(f"CALENDAR_{name}", raising=False)
    for name in ("PROMETHEUS_URL", "ALERTMANAGER_URL", "GRAFANA_URL", "TARGET_URL"):
        monkeypatch.delenv(f"SRE_{name}", raising=False)
    monkeypatch.setenv("SRE_API_KEYS", ADMIN_KEY)

    def asked(*arguments: str) -> Told:
        code = run(["check", *arguments, "--json"])
        said = capsys.readouterr()
        assert PASSWORD not in said.out + said.err
        if code == 2:
            return code, {"error": said.err}, {}
        document = keeps_schema(said.out, "check")
        assert document["exit_code"] == code
        whole = [document, *document["parts"]]
        return code, document, {f["subject"]: f for part in whole for f in part["findings"]}

    return asked


@contextmanager
def served(tmp_path: Path, mongodb: str, redis_url: str) -> Iterator[RunningService]:
    """Run the service with authentication and logs."""
    logs = tmp_path / "logs"
    with running_service(
        mongodb, redis_url=redis_url, auth="on", admin_key=ADMIN_KEY, log_dir=logs
    ) as service:
        yield service


@contextmanager
def hanging() -> Iterator[str]:
    """Give the address of a socket that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def address(server: Server) -> str:
    return f"{server.host}:{server.port}"


def test_a_whole_system_holds_by_every_check(
    check: Check, mongodb_url: str, redis_url: str, tmp_path: Path
) -> None:
    with served(tmp_path, mongodb_url, redis_url) as service:
        service.wait_until_ready()
        places = ("--target", service.url, "--mongodb", mongodb_url, "--redis", redis_url)
        assert check("health", "--target", service.url)[0] == 0
        code, _, found = check("mongodb", "--mongodb", mongodb_url)
        assert code == 0
        needed = sum(map(len, needed_indexes().values()))
        assert found["indexes"]["value"] == f"{needed} of {needed}"
        assert check("redis", "--redis", redis_url)[0] == 0
        with model_server() as model:
            code, _, found = check("dependencies", *places, "--llm", model.url)
        assert (code, found["llm"]["state"]) == (0, "PASS")
        made = {"owner": "ana", "scopes": ["calendar"]}
        key = {"X-API-Key": ADMIN_KEY}
        assert service.ask("POST", "/admin/keys", json=made, headers=key).status_code == 201
        code, _, found = check("security", *places, "--logs", str(tmp_path / "logs"))
        assert {name for name, one in found.items() if one["state"] in {"FAIL", "NO DATA"}} == set()
        assert found["authentication"]["state"] == "PASS"
        assert found["hashes of keys"]["value"] == "1 of 1 are argon2id"
        assert found["keys"]["value"].startswith("1 usable key")


def test_an_index_that_somebody_dropped_is_named(
    check: Check, mongodb_url: str, tmp_path: Path
) -> None:
    with served(tmp_path, mongodb_url, "") as service:
        service.wait_until_ready()
        with MongoClient[dict[str, Any]](mongodb_url) as client:
            client.get_default_database()["events"].drop_index("by_uid")
        code, _, found = check("mongodb", "--mongodb", mongodb_url)
    assert code == 1
    assert "events.by_uid" in found["indexes"]["value"]


def test_a_stopped_redis_is_told_by_all_who_see_it_and_since_when(
    check: Check,
    mongodb_url: str,
    private_redis: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"redis://{address(private_redis)}/0"
    with served(tmp_path, mongodb_url, url) as service:
        service.wait_until_ready()
        stopped = datetime.now(UTC) - timedelta(seconds=1)
        private_redis.stop()
        wait_for(
            lambda: service.ask("GET", "/health").json()["status"] == "degraded",
            what="the service misses Redis", within_s=20,
        )  # fmt: skip
        logs = ("--logs", str(tmp_path / "logs"))
        wait_for(
            lambda: "dependency_down" in (tmp_path / "logs/calendar-api-errors.log").read_text(),
            what="the loss is logged", within_s=5,
        )  # fmt: skip
        code, _, found = check("health", "--target", service.url, *logs)
        assert (code, found["redis"]["state"]) == (1, "WARN")
        assert stopped <= datetime.fromisoformat(found["redis"]["since"]) <= datetime.now(UTC)
        assert check("redis", "--redis", url)[0] == 3
        monkeypatch.setenv("CALENDAR_LOG_DIR", str(tmp_path / "logs"))
        assert check("redis", "--redis", url)[2]["answers"]["since"] == found["redis"]["since"]
        places = ("--target", service.url, "--redis", url, "--mongodb", mongodb_url)
        code, _, found = check("dependencies", *places)
        assert (code, found["redis"]["state"], found["mongodb"]["state"]) == (1, "WARN", "PASS")
        code, _, found = check("logs", *logs)
        assert code == 1
        assert any(name.startswith("· redis lost") for name in found)


@pytest.mark.thorough
def test_a_frozen_mongodb_holds_no_check(
    check: Check, private_mongodb: Server, tmp_path: Path
) -> None:
    url = mongodb_address(private_mongodb, "calendar")
    with served(tmp_path, url, "") as service:
        service.wait_until_ready()
        private_mongodb.pause()
        try:
            wait_for(
                lambda: service.ask("GET", "/readyz").status_code == 503,
                what="the service misses MongoDB", within_s=20,
            )  # fmt: skip
            code, document, found = check("mongodb", "--mongodb", url, "--timeout", "1")
            assert document["took_s"] < 1 + 4
            assert (code, found["answers"]["unreachable"]) == (3, True)
            code, _, found = check("health", "--target", service.url)
            assert (code, found["mongodb"]["state"]) == (1, "FAIL")
            code, _, found = check("dependencies", "--target", service.url, "--mongodb", url)
            assert (code, found["mongodb"]["state"]) == (1, "FAIL")
        finally:
            private_mongodb.unpause()


def test_a_dependency_that_only_the_service_cannot_reach_is_told_apart(
    check: Check, mongodb_url: str, redis_url: str, tmp_path: Path
) -> None:
    with served(tmp_path, mongodb_url, f"redis://{CLOSED}/0") as service:
        service.wait_until_ready()
        code, _, found = check("dependencies", "--target", service.url, "--redis", redis_url)
    assert code == 1
    assert "only the service cannot" in found["redis"]["do_next"]


def test_a_wrong_password_is_no_network_problem_and_is_never_shown(
    check: Check, start_private: Callable[..., Server]
) -> None:
    spec = dataclasses.replace(REDIS, command=(*REDIS.command, "--requirepass", "another"))
    server = start_private_redis(start_private, spec)
    code, _, found = check("redis", "--redis", f"redis://:{PASSWORD}@{address(server)}/0")
    assert (code, found["login"]["state"]) == (1, "FAIL")
    assert check("redis", "--redis", f"redis://:another@{address(server)}/0")[0] == 0
    code, _, found = check("redis", "--redis", f"redis://:{PASSWORD}@{CLOSED}/0")
    assert (code, found["answers"]["unreachable"]) == (3, True)
    code, said, _ = check("redis", "--redis", f"http://:{PASSWORD}@{address(server)}")
    assert code == 2
    assert "no such address" in said["error"]


def start_private_redis(start_private: Callable[..., Server], spec: Any) -> Server:
    """Start a Redis whose password keeps the usual look at it out."""
    server: Server = start_private(dataclasses.replace(spec, command=REDIS.command))
    with redis.Redis(host=server.host, port=server.port) as client:
        client.config_set("requirepass", spec.command[-1])
    return server


def test_a_redis_without_room_fails_before_its_writes_do(
    check: Check, private_redis: Server
) -> None:
    with redis.Redis(host=private_redis.host, port=private_redis.port) as client:
        client.set("filling", b"x" * 3_000_000)
    # Anew, since the buffer that the filling came through counts as used until its end.
    with redis.Redis(host=private_redis.host, port=private_redis.port) as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", int(client.info("memory")["used_memory"] * 1.02))
        url = f"redis://{address(private_redis)}/0"
        code, _, found = check("redis", "--redis", url)
        assert (code, found["memory"]["state"]) == (1, "FAIL")
        client.config_set("maxmemory-policy", "allkeys-lru")
        assert check("redis", "--redis", url)[2]["memory"]["state"] == "PASS"


@pytest.mark.thorough
def test_sockets_that_never_answer_end_every_check_in_its_time(
    check: Check, tmp_path: Path
) -> None:
    with hanging() as silent:
        web = f"http://{silent}"
        asked = {
            "health": ("--target", web),
            "cache": ("--target", web),
            "security": ("--target", web),
            "mongodb": ("--mongodb", f"mongodb://u:{PASSWORD}@{silent}/x"),
            "redis": ("--redis", f"redis://:{PASSWORD}@{silent}/0"),
        }
        for verb, places in asked.items():
            code, document, _ = check(verb, *places, "--timeout", "0.5")
            assert document["took_s"] < 8, verb
            assert (code in {1, 3}, document["verdict"]) == (True, "FAIL"), verb
        everything = ("--target", web, "--mongodb", f"mongodb://{silent}/x", "--prometheus", web,
                      "--redis", f"redis://{silent}/0", "--alertmanager", web, "--grafana", web,
                      "--logs", str(tmp_path))  # fmt: skip
        code, document, found = check("morning", *everything, "--timeout", "0.5", "--within", "9")
    assert document["took_s"] < 9 + 4
    assert (code in {1, 3}, document["verdict"]) == (True, "FAIL")
    assert {part["check"] for part in document["parts"]} >= {"health", "alerts", "system"}
    assert found["Alertmanager"]["unreachable"]


def test_who_tries_keys_and_searches_pages_is_found_in_the_log_but_no_path_is(
    check: Check, mongodb_url: str, tmp_path: Path
) -> None:
    block = tmp_path / "block.yaml"
    with served(tmp_path, mongodb_url, "") as service:
        service.wait_until_ready()
        logs = ("--logs", str(tmp_path / "logs"))
        for number in range(12):
            guess = {"X-API-Key": f"cal_{number:016x}_{'a' * 43}"}
            assert service.ask("GET", "/events", headers=guess).status_code == 401
            assert service.ask("GET", f"/secret-{number}.php").status_code == 404
        log = tmp_path / "logs/calendar-api.log"
        wait_for(
            lambda: log.read_text().count('"unmatched"') >= 24, what="lines are written", within_s=5
        )
        assert "secret-" not in log.read_text()
        code, _, found = check("suspicious-ips", *logs)  # of a day in which it ran for seconds
        assert (code, found["addresses"]["state"]) == (5, "NO DATA")
        code, _, found = check("suspicious-ips", *logs, "--fewest", "10", "--block", str(block))
    assert code == 1
    assert "tries keys and searches pages" in found["127.0.0.1"]["value"]
    assert not block.exists()  # the address is our own


RULES: Final = """
groups:
  - name: tests
    rules:
      - {alert: Watchdog, expr: vector(1), labels: {severity: info, priority: P4}}
      - alert: ServiceDown
        expr: vector(1)
        labels: {severity: critical, priority: P1}
        annotations: {runbook_url: "https://run.example.org/ServiceDown"}
"""
MINUTE: Final = 60
PER_MINUTE: Final = {"now": 120, "then": 100}


def past(now: datetime) -> Iterator[str]:
    """Yield two hours of a service until `now`, and of the same hours of the day before."""
    for name, end in (("then", now - timedelta(hours=24)), ("now", now)):
        first = int((end - timedelta(hours=2)).timestamp()) // MINUTE * MINUTE
        for half in (range(61), range(61, 121)):
            yield "\n".join([*_lines(first, half, PER_MINUTE[name]), "# EOF\n"])


def _lines(first_s: int, minutes: range, per_minute: int) -> Iterator[str]:
    labels = 'job="calendar-api",method="GET",route="/events"'
    counters = {
        "http_requests": (f'{labels},status="200"', 0.99),
        "http_request_duration_seconds_bucket": (f'{labels},le="+Inf"', 1.0),
    }
    for name, (inside, share) in counters.items():
        full = f"{name}_total" if name == "http_requests" else name
        yield f"# TYPE {name} {'counter' if full != name else 'unknown'}"
        for minute in minutes:
            at_s = first_s + minute * MINUTE
            yield f"{full}{{{inside}}} {minute * per_minute * share:.0f} {at_s}"
            if full != name:
                failed = minute * per_minute * (1 - share)
                yield f'{full}{{{labels},status="500"}} {failed:.0f} {at_s}'
    yield "# TYPE http_request_duration_seconds_count unknown"
    for minute in minutes:
        at_s = first_s + minute * MINUTE
        yield f"http_request_duration_seconds_count{{{labels}}} {minute * per_minute} {at_s}"


@pytest.fixture
def monitored(
    private_network: Network, start_private: Callable[..., Server]
) -> tuple[Server, Server]:
    """Give a Prometheus with a past and two alerts that fire, and its Alertmanager."""
    silent = {"route": {"receiver": "nobody"}, "receivers": [{"name": "nobody"}]}
    alertmanager = start_private(alertmanager_spec(silent), private_network, "alertmanager")
    spec = prometheus_spec({"tests.yaml": RULES}, alertmanagers=["alertmanager:9093"])
    # What fires before it knows its Alertmanager is not sent again for a minute otherwise.
    often = (*keeping_everything(spec.command), "--rules.alert.resend-delay=1s")
    spec = dataclasses.replace(spec, command=often)
    prometheus = start_private(spec, private_network, "prometheus")
    backfill(prometheus, past(datetime.now(UTC)))
    wait_for(
        lambda: len(ask(alertmanager, "/api/v2/alerts")) == 2,
        what="both alerts have arrived", within_s=30
    )  # fmt: skip
    return prometheus, alertmanager


@pytest.mark.thorough
@pytest.mark.long
def test_the_morning_tells_alerts_figures_and_what_watches_in_one_document(
    check: Check, monitored: tuple[Server, Server], mongodb_url: str, tmp_path: Path
) -> None:
    prometheus, alertmanager = (f"http://{address(server)}" for server in monitored)
    places = ("--prometheus", prometheus, "--alertmanager", alertmanager)
    with served(tmp_path, mongodb_url, "") as service:
        service.wait_until_ready()
        more = ("--target", service.url, "--mongodb", mongodb_url, "--grafana", f"http://{CLOSED}",
                "--logs", str(tmp_path / "logs"), "--since", "1h", "--timeout", "10")  # fmt: skip
        code, document, found = check("morning", *places, *more, "--within", "60")
    states = {part["check"]: part["verdict"] for part in document["parts"]}
    assert code == 1
    assert states["health"] == states["dependencies"] == "PASS"
    assert (found["Prometheus"]["state"], found["Alertmanager"]["state"]) == ("PASS", "PASS")
    assert found["Grafana"]["unreachable"]
    down = found["ServiceDown"]
    assert (down["state"], down["do_next"]) == (
        "FAIL",
        "follow https://run.example.org/ServiceDown",
    )
    assert down["since"] is not None
    assert "alert path" not in found
    (night,) = [part for part in document["parts"] if part["check"] == "overnight"]
    figures = {one["subject"]: one for one in night["findings"]}
    assert figures["requests"]["measured"] == pytest.approx(60 * PER_MINUTE["now"], rel=0.05)
    assert "+20" in figures["requests"]["value"] or "+19" in figures["requests"]["value"]
    assert figures["error rate"]["measured"] == pytest.approx(0.01, rel=0.1)

    code, _, found = check("performance", "--prometheus", prometheus, "--since", "1h")
    assert found["requests"]["measured"] == pytest.approx(PER_MINUTE["now"] / 60, rel=0.05)
    page, text = tmp_path / "day.html", tmp_path / "day.md"
    files = ("--html", str(page), "--markdown", str(text))
    noon = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # where it is noon: the day holds it all
    code, _, found = check("evening", "--prometheus", prometheus, "--zone", noon, *files)
    assert found["requests"]["measured"] == pytest.approx(120 * PER_MINUTE["now"], rel=0.05)
    assert found["error rate"]["measured"] == pytest.approx(0.01, rel=0.1)
    assert code in {1, 5}  # nobody measures accuracy here
    assert "<html" in page.read_text()
    assert text.read_text().startswith("#")
