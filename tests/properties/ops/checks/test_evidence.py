"""Each source of each check deleted, emptied or cut short in turn: no check passes on the rest."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.pure.answers import Answer, Series
from ops.checks import figure_runs, rounds, runs, security_run
from ops.checks.evidence import Evidence, Seen, settled
from ops.checks.finding import Checked, Finding, State
from ops.checks.observe import clocks, machine
from ops.checks.observe import mongodb as mongodb_edge
from ops.checks.observe import prometheus as figures
from ops.checks.observe import redis as redis_edge
from ops.checks.observe.mongodb import ObservedMongo, needed_indexes
from ops.checks.observe.redis import ObservedRedis
from ops.checks.observe.replies import Reply
from ops.checks.overnight import Night
from ops.checks.places import Places
from ops.checks.security import CLOSED
from ops.checks.system import Clock
from reports.period.summary import Summary
from slo.edge.files import load_objectives
from slo.edge.project_file import shipped
from tests.properties.ops.checks.test_watching import DOG, QUIET, alert
from tests.support.sampling import quick
from tests.unit.ops.checks.test_security import HEADERS

NOW = datetime.now(UTC)
FIGURES = Summary(1000, 0.1, 0.0, 0.95, 0.9, 1.0)
OBJECTIVES = load_objectives()
SERVICE, PROMETHEUS, ALERTMANAGER, GRAFANA, LLM = (
    f"https://{name}.example" for name in ("api", "prom", "am", "graf", "llm")
)
MADE = (NOW - timedelta(days=3)).isoformat()
STATUS = {
    "version": "7", "connections": {"current": 5, "available": 95},
    "repl": {"hosts": ["a:1", "b:1"]},
    "opLatencies": {k: {"latency": 10, "ops": 5} for k in ("reads", "writes", "commands")},
    "wiredTiger": {"cache": {"maximum bytes configured": 100, "bytes currently in the cache": 10,
                             "tracked dirty bytes in the cache": 1}},
    "metrics": {"queryExecutor": {"scannedObjects": 10}, "document": {"returned": 10}},
}  # fmt: skip
MEMBERS = [{"name": f"{n}:1", "stateStr": s, "optimeDate": NOW}
           for n, s in (("a", "PRIMARY"), ("b", "SECONDARY"))]  # fmt: skip
INFO = {
    "used_memory": 1, "maxmemory": 100, "maxmemory_policy": "allkeys-lru", "evicted_keys": 0,
    "expired_keys": 1, "connected_clients": 1, "maxclients": 10, "rejected_connections": 0,
    "role": "master", "loading": 0, "rdb_last_bgsave_status": "ok", "rdb_last_save_time": 1,
    "aof_enabled": 0,
}  # fmt: skip
DECLARED = [
    name
    for metric in shipped().catalogue or ()
    if metric.jobs == {shipped().job}
    for name in metric.series_names()[:1]
]
LLM_COUNT = 'component_failures_total{component="llm"}'
PAGE = "".join(
    f"{LLM_COUNT if name.startswith('component_failures') else name} 1\n" for name in DECLARED
)


def in_json(data: object) -> str:
    return json.dumps(data)


@dataclass
class World:
    """A whole system, every source of which can be harmed."""

    pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    mongodb: ObservedMongo = field(default_factory=lambda: ObservedMongo("m"))
    redis: ObservedRedis = field(default_factory=lambda: ObservedRedis("r"))
    answers: dict[str, Answer] = field(default_factory=dict)
    hashes: tuple[int | None, Any] = (1, ("argon2id",))
    scraped: float | None = 5.0
    night: Night = field(default_factory=lambda: Night(FIGURES, 0.2, 1.0))
    machine: Any = QUIET

    def get(self, base: str, path: str, **_: Any) -> Reply:
        status, text = self.pages.get(f"{base}{path}", (404, '{"code": "not_found"}'))
        if not status:
            return Reply(f"{base}{path}", problem="no answer within 1 s")
        return Reply(f"{base}{path}", status, text, HEADERS, 0.01)


def whole() -> World:
    """Return a world in which every check passes."""
    health = {"status": "healthy", "version": "1",
              "dependencies": {"mongodb": "connected", "redis": "connected"}}  # fmt: skip
    tiers = {"memory": {"hits": 900, "misses": 100}, "redis": {"hits": 0, "misses": 100}}
    target = {"health": "up", "labels": {"job": shipped().job, "instance": "h:1"}}
    firing = [{"labels": {"alertname": n}, "state": "firing"} for n in ("Watchdog", "CpuHigh")]
    muted = alert("CpuHigh", status={"silencedBy": ["x"], "inhibitedBy": []})
    pages = {
        f"{SERVICE}/health": in_json(health),
        f"{SERVICE}/healthz": "ok\n",
        f"{SERVICE}/readyz": "ready\n",
        f"{SERVICE}/metrics": PAGE,
        f"{SERVICE}/cache/stats": in_json(
            {"hits": 900, "misses": 100, "entries": 3, "tiers": tiers}
        ),
        f"{SERVICE}/admin/keys?limit=1000": in_json(
            {"keys": [{"id": "k", "created_at": MADE, "expires_at": None, "revoked_at": None}]}
        ),
        f"{PROMETHEUS}/-/healthy": "Prometheus Server is Healthy.\n",
        f"{ALERTMANAGER}/-/healthy": "OK",
        f"{GRAFANA}/api/health": in_json({"database": "ok"}),
        f"{PROMETHEUS}/api/v1/targets?state=active": in_json({"data": {"activeTargets": [target]}}),
        f"{PROMETHEUS}/api/v1/alerts": in_json({"data": {"alerts": firing}}),
        f"{ALERTMANAGER}{rounds._ALERTS}": in_json([DOG, muted]),
        f"{LLM}/models": "{}",
    }
    answers: dict[str, Any] = {
        "serverStatus": STATUS, "replSetGetStatus": {"set": "rs", "members": MEMBERS},
        "currentOp": {"inprog": []},
    }  # fmt: skip
    world = World({url: (200, text) for url, text in pages.items()})
    for path in CLOSED:
        world.pages.setdefault(f"{SERVICE}{path}", (401, ""))
    world.mongodb = ObservedMongo("m", ping_s=0.01, answers=answers, indexes=needed_indexes())
    world.redis = ObservedRedis("r", ping_s=0.01, info=INFO, saves="")
    world.answers = counted()
    return world


def number(value: float, **labels: str) -> Answer:
    return Answer((Series(labels, np.array([0.0]), np.array([value])),))


def counted() -> dict[str, Answer]:
    """Return what Prometheus answers of thousands of good requests and commands."""
    found = {"waiting": number(0.0)}
    for one in OBJECTIVES:
        found |= {f"total.{one.name}": number(100.0), f"bad.{one.name}": number(0.0)}
        found[f"share.{one.name}"] = number(0.0)
    buckets = [number(5000.0, command="find", le=le).series[0] for le in ("0.1", "1", "+Inf")]
    found["commands"] = Answer(tuple(buckets))
    return found


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = whole()

    def answers_of(_url: str, queries: Any, **_: Any) -> dict[str, Answer]:
        shown = {query.name: made.answers.get(query.name, Answer()) for query in queries}
        if made.scraped is not None:
            shown[figures.SCRAPED] = number(made.scraped)
        return shown

    def get(base: str, path: str, *, access: Any = None, **_: Any) -> Reply:
        if base == SERVICE and path in CLOSED and not access.keys:
            shown = made.pages[f"{base}{path}"]
            return made.get(base, path) if not shown[0] else Reply(path, 401)
        return made.get(base, path)

    for module in (runs, rounds, security_run, figures, clocks):
        monkeypatch.setattr(module, "get", get)
    monkeypatch.setenv("SRE_API_KEYS", "k")
    monkeypatch.setattr(mongodb_edge, "look", lambda *_, **__: made.mongodb)
    monkeypatch.setattr(
        mongodb_edge, "ping", lambda *_, **__: (made.mongodb.problem, made.mongodb.ping_s)
    )
    monkeypatch.setattr(mongodb_edge, "key_hashes", lambda *_, **__: made.hashes)
    monkeypatch.setattr(redis_edge, "look", lambda *_, **__: made.redis)
    monkeypatch.setattr(figures, "answers_of", answers_of)
    monkeypatch.setattr("ops.checks.observe.prometheus.time.sleep", lambda _s: None)
    monkeypatch.setattr(rounds, "_night", lambda *_: made.night)
    monkeypatch.setattr(machine, "look", lambda **_: made.machine)
    monkeypatch.setattr(clocks, "look", lambda _places: ())
    return made


PLACES = Places(
    SERVICE, mongodb="mongodb+srv://u:p@db.example/x", redis="rediss://u:p@r.example/0", llm=LLM,
    prometheus=PROMETHEUS, alertmanager=ALERTMANAGER, grafana=GRAFANA, timeout_s=5,
)  # fmt: skip
NO_PROMETHEUS = replace(PLACES, prometheus="")
WINDOW = timedelta(minutes=5)
CHECKS: dict[str, Callable[[], Checked]] = {
    "health": lambda: runs.check_health(PLACES),
    "mongodb": lambda: runs.check_mongodb(PLACES),
    "redis": lambda: runs.check_redis(PLACES),
    "dependencies": lambda: runs.check_dependencies(PLACES),
    "cache": lambda: runs.check_cache(PLACES),
    "performance": lambda: figure_runs.check_performance(
        PLACES, OBJECTIVES, window=WINDOW, span_s=1
    ),
    "db-performance": lambda: figure_runs.check_db_performance(PLACES, window=WINDOW, span_s=1),
    "security": lambda: security_run.check_security(replace(PLACES, logs=FOLDER[0])),
    "system": lambda: runs.check_system(PLACES),
    "monitoring": lambda: rounds.check_monitoring(PLACES),
    "alerts": lambda: rounds.check_alerts(PLACES),
    "overnight": lambda: rounds.check_overnight(PLACES, OBJECTIVES, timedelta(hours=1), NOW),
}
FOLDER: list[Path] = []
WEB: dict[str, tuple[str, ...]] = {
    "health": ("/health", "/healthz", "/readyz"),
    "cache": ("/cache/stats", "/health"),
    "dependencies": ("/health", "/metrics"),
    "security": ("/health", "/admin/keys?limit=1000"),
}
MONITORING = {
    "monitoring": (f"{PROMETHEUS}/-/healthy", f"{ALERTMANAGER}/-/healthy", f"{GRAFANA}/api/health",
                   f"{PROMETHEUS}/api/v1/targets?state=active"),
    "alerts": (f"{ALERTMANAGER}{rounds._ALERTS}", f"{PROMETHEUS}/api/v1/alerts"),
}  # fmt: skip
PAGES = [
    *((check, f"{SERVICE}{path}") for check, paths in WEB.items() for path in paths),
    *((check, url) for check, urls in MONITORING.items() for url in urls),
]
HARMS: dict[str, Callable[[tuple[int, str]], tuple[int, str]]] = {
    "deleted": lambda _page: (404, '{"code": "not_found"}'),
    "silent": lambda _page: (0, ""),
    "emptied": lambda _page: (200, ""),
    "empty list": lambda _page: (200, "[]"),
    "empty object": lambda _page: (200, "{}"),
    "cut": lambda page: (200, page[1][: len(page[1]) // 2]),
    "null": lambda _page: (200, "null"),
    "nested": lambda _page: (200, "[" * 2000),
    "a stranger's": lambda _page: (200, "<html><body>Welcome to nginx!</body></html>"),
    "another service's": lambda _page: (200, '{"status": "UP", "components": {"db": "UP"}}'),
    "an error's": lambda _page: (200, '{"status": "error", "error": "query timed out"}'),
    "with a fault": lambda page: (500, page[1]),
    "elsewhere": lambda page: (302, page[1]),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    log = tmp_path / "calendar-api.log"
    log.touch(mode=0o600)
    FOLDER[:] = [tmp_path]
    yield tmp_path
    FOLDER.clear()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("check", CHECKS)
def test_a_whole_world_passes_every_check_and_each_says_how_much_it_saw(check: str) -> None:
    checked = CHECKS[check]()
    assert checked.state is State.PASS, [f for f in checked.findings if f.state is not State.PASS]
    assert checked.evidence
    assert all(one["enough"] for one in checked.evidence)


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize(("check", "url"), PAGES)
def test_no_check_passes_when_a_page_that_it_asks_is_harmed(
    world: World, check: str, url: str, harm: str
) -> None:
    world.pages[url] = HARMS[harm](world.pages[url])
    assert CHECKS[check]().state is not State.PASS


def fields_of(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each field of a JSON document."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for name, value in items:
        yield (*path, name)
        if isinstance(value, dict | list):
            yield from fields_of(value, (*path, name))


def changed(data: Any, way: tuple[Any, ...], value: Any) -> Any:
    place = data
    for name in way[:-1]:
        place = place[name]
    place[way[-1]] = value
    return data


def with_other(data: Any, way: tuple[Any, ...], value: Any) -> Any:
    return changed(json.loads(json.dumps(data)), way, value)


def without(data: Any, path: tuple[Any, ...]) -> Any:
    shown = json.loads(json.dumps(data))
    place = shown
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return shown


@pytest.mark.parametrize(
    ("check", "path"),
    [(check, path) for check in ("health", "cache") for path in WEB[check]
     if path not in {"/healthz", "/readyz"}],
)  # fmt: skip
def test_no_field_that_a_page_of_the_service_lacks_leaves_a_pass(
    world: World, check: str, path: str
) -> None:
    url = f"{SERVICE}{path}"
    document = json.loads(world.pages[url][1])
    for way in fields_of(document):
        if check == "cache" and path == "/health" and way[-1] in {"status", "version", "mongodb"}:
            continue  # of which this check says nothing
        world.pages[url] = (200, in_json(without(document, way)))
        assert CHECKS[check]().state is not State.PASS, way


ODD: tuple[Any, ...] = ("x", None, -1, float("nan"), [], {}, True, 10**30)


@pytest.mark.parametrize("odd", quick(ODD, first=2))
@pytest.mark.parametrize(("check", "url"), PAGES)
def test_a_page_of_a_form_that_nobody_knows_is_told_and_no_fault_of_ours(
    world: World, check: str, url: str, odd: Any
) -> None:
    status, text = world.pages[url]
    if text[:1] not in "{[":
        return
    document = json.loads(text)
    for way in fields_of(document):
        world.pages[url] = (status, in_json(with_other(document, way, odd)))
        assert CHECKS[check]().findings, way


@pytest.mark.parametrize("odd", quick(ODD, first=2))
def test_a_server_that_answers_in_a_form_that_nobody_knows_is_told(world: World, odd: Any) -> None:
    for name in ("serverStatus", "replSetGetStatus", "currentOp"):
        told = world.mongodb.answers
        for way in fields_of(told[name]):
            harmed = deepcopy(told[name])
            world.mongodb = replace(
                world.mongodb, answers={**told, name: changed(harmed, way, odd)}
            )
            for check in ("mongodb", "db-performance"):
                assert CHECKS[check]().findings, way
        world.mongodb = replace(world.mongodb, answers=told)
    for name in INFO:
        world.redis = replace(world.redis, info={**INFO, name: odd})
        assert CHECKS["redis"]().findings, name


@pytest.mark.parametrize("odd", [None, "", "sentinel", 7])
def test_a_redis_that_is_no_master_is_no_pass(world: World, odd: Any) -> None:
    world.redis = replace(world.redis, info={**INFO, "role": odd})
    assert CHECKS["redis"]().state is not State.PASS


def test_a_grafana_whose_database_is_not_ok_is_no_pass(world: World) -> None:
    world.pages[f"{GRAFANA}/api/health"] = (200, in_json({"database": "failing"}))
    assert CHECKS["monitoring"]().state is not State.PASS


@pytest.mark.parametrize("name", ["serverStatus", "replSetGetStatus"])
@pytest.mark.parametrize("harmed", ["it was not asked", {}])
def test_no_answer_of_mongodb_is_dispensable(world: World, name: str, harmed: Any) -> None:
    world.mongodb = replace(world.mongodb, answers={**world.mongodb.answers, name: harmed})
    assert CHECKS["mongodb"]().state is not State.PASS


@pytest.mark.parametrize("indexes", ["not authorized", {}])
def test_indexes_that_nobody_lists_are_not_there(world: World, indexes: Any) -> None:
    world.mongodb = replace(world.mongodb, indexes=indexes)
    assert CHECKS["mongodb"]().state is not State.PASS


def test_a_replica_set_of_which_a_member_is_not_told_is_not_well(world: World) -> None:
    answers = {**world.mongodb.answers, "replSetGetStatus": {"set": "rs", "members": MEMBERS[:1]}}
    world.mongodb = replace(world.mongodb, answers=answers)
    found = {one.subject: one for one in CHECKS["mongodb"]().findings}
    assert found["replica set"].state is State.NO_DATA
    assert "b:1" in found["replica set"].value


@pytest.mark.parametrize("lost", ["opLatencies", "wiredTiger", "metrics"])
def test_no_part_of_what_the_server_says_of_its_speed_is_dispensable(
    world: World, lost: str
) -> None:
    status = {name: value for name, value in STATUS.items() if name != lost}
    answers = {**world.mongodb.answers, "serverStatus": status}
    world.mongodb = replace(world.mongodb, answers=answers)
    assert CHECKS["db-performance"]().state is not State.PASS


@pytest.mark.parametrize("lost", INFO)
def test_no_field_of_redis_is_dispensable(world: World, lost: str) -> None:
    info = {name: value for name, value in INFO.items() if name != lost}
    world.redis = replace(world.redis, info=info)
    assert CHECKS["redis"]().state is not State.PASS


@pytest.mark.parametrize("check", ["performance", "db-performance"])
@pytest.mark.parametrize("scraped", [None, 0.0, 4.0])
def test_figures_of_a_part_of_the_time_are_not_those_of_all(
    world: World, check: str, scraped: float | None
) -> None:
    world.scraped = scraped
    checked = CHECKS[check]()
    assert checked.state is State.NO_DATA
    assert any("of this time" in one.value for one in checked.findings)


@pytest.mark.parametrize("check", ["performance", "db-performance"])
def test_no_answer_of_prometheus_is_dispensable(world: World, check: str) -> None:
    needed = [
        n for n in world.answers if (n in {"waiting", "commands"}) == (check != "performance")
    ]
    counts = {f"{side}.{one.name}" for one in OBJECTIVES if one.counts_requests
              for side in ("total", "bad")}  # fmt: skip
    for name in needed:
        if check == "performance" and name not in counts:
            continue
        answer = world.answers.pop(name)
        assert CHECKS[check]().state is not State.PASS, name
        world.answers[name] = answer


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.95])
def test_a_page_of_metrics_that_was_cut_short_is_no_count_of_all(world: World, cut: float) -> None:
    whole_page = world.pages[f"{SERVICE}/metrics"][1].splitlines(keepends=True)
    told = figures.told_by(("".join(whole_page), "".join(whole_page)))
    assert all(one.is_enough for one in told)
    short = "".join(whole_page[: round(len(whole_page) * cut)])
    for pages in ((short, short), ("".join(whole_page), short), ("", "")):
        assert not all(one.is_enough for one in figures.told_by(pages))


@pytest.mark.parametrize(
    "changes",
    [{"cpu": None}, {"load_5m": None}, {"memory_used": None}, {"files_used": None},
     {"disks": ()}, {"disks_there": ("/", "/data")}, {"containers": (), "containers_there": 2},
     {"containers": "it hangs", "is_engine_silent": True}],
)  # fmt: skip
def test_no_figure_of_this_machine_is_dispensable(world: World, changes: Any) -> None:
    world.machine = replace(QUIET, **changes)
    assert CHECKS["system"]().state is State.NO_DATA


@pytest.mark.parametrize("covered", [0.0, 0.5, 0.94])
def test_a_night_that_was_scraped_in_part_is_not_judged(world: World, covered: float) -> None:
    world.night = replace(world.night, covered=covered)
    assert CHECKS["overnight"]().state is State.NO_DATA


@pytest.mark.parametrize(
    "hashes", [(None, "no address"), (0, ()), (3, ("argon2id",))], ids=["none", "empty", "cut"]
)
def test_hashes_of_a_part_of_the_keys_are_not_those_of_all(world: World, hashes: Any) -> None:
    world.hashes = hashes
    assert CHECKS["security"]().state is not State.PASS


@pytest.mark.usefixtures("world")
def test_a_folder_without_logs_leaves_no_pass(folder: Path) -> None:
    (folder / "calendar-api.log").unlink()
    assert CHECKS["security"]().state is not State.PASS


def test_a_source_that_is_not_named_proves_nothing() -> None:
    good = (Finding("a", State.PASS, "fine"),)
    assert {one.state for one in settled(Seen(good, ()))} == {State.NO_DATA}
    nothing = Evidence("x", 0, 0, "answers")
    assert {one.state for one in settled(Seen(good, (nothing,)))} == {State.NO_DATA}


@pytest.mark.parametrize(
    ("ahead", "elsewhere", "state"),
    [(10_800, True, State.FAIL), (-10_800, False, State.FAIL), (5, True, State.WARN),
     (0.4, True, State.PASS), (0.4, False, State.INFO), (None, True, State.INFO)],
)  # fmt: skip
def test_a_clock_is_judged_by_those_of_the_servers(
    world: World, ahead: float | None, *, elsewhere: bool, state: State
) -> None:
    clock = Clock("Prometheus", ahead, is_elsewhere=elsewhere)
    world.machine = replace(QUIET, clock_synced=None, clocks=(clock,))
    found = {one.subject: one for one in CHECKS["system"]().findings}
    assert found["clock"].state is state
    if state is State.FAIL:
        assert "Prometheus is 3 h" in found["clock"].value
