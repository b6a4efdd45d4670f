"""Whatever a check looks at: taken away, emptied or cut short, it is no PASS."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kit.pure.answers import Answer
from ops.checks import db_performance, evening, monitoring, performance, redis, security_run
from ops.checks import health as health_check
from ops.checks import mongodb as mongodb_check
from ops.checks import system as system_check
from ops.checks.finding import Finding, State, worst
from ops.checks.observe.mongodb import ObservedMongo, needed_indexes
from ops.checks.observe.prometheus import STRETCH, STRETCH_S, answers_between
from ops.checks.observe.redis import ObservedRedis
from ops.checks.observe.replies import Reply
from ops.checks.overnight import Night
from ops.checks.overnight import judge as judge_night
from ops.checks.own_limits import own_limits
from ops.checks.places import Places
from ops.checks.security import judge as judge_doors
from reports.edge.gathering import Gathered, Target
from reports.period.evidence import Evidence
from reports.period.plan import plan
from reports.period.report import period_report
from reports.period.summary import Summary
from reports.period.window import Kind, containing
from tests.properties.ops.checks.test_figures import page
from tests.properties.ops.checks.test_watching import QUIET
from tests.support.other_projects import CALENDAR
from tests.support.promises import promises
from tests.unit.ops.checks.test_security import SHUT

LIMITS = own_limits()
OBJECTIVES = promises()
NOW = datetime(2026, 3, 2, tzinfo=UTC)
OK = Reply("http://h", 200, "{}")


def shown(data: object) -> Reply:
    return Reply("http://h", 200, json.dumps(data))


def states(findings: Sequence[Finding]) -> dict[str, State]:
    return {one.subject: one.state for one in findings}


def redis_told(info: Mapping[str, Any]) -> Sequence[Finding]:
    return redis.judge(ObservedRedis("r", ping_s=0.001, info=info), LIMITS, patience_s=1)


INFO = {
    "used_memory": 1, "maxmemory": 100, "maxmemory_policy": "allkeys-lru", "evicted_keys": 0,
    "expired_keys": 1, "connected_clients": 1, "maxclients": 10, "rejected_connections": 0,
    "role": "master",
}  # fmt: skip


@pytest.mark.parametrize(
    ("lost", "subject"),
    [("used_memory", "memory"), ("evicted_keys", "evictions"), ("expired_keys", "evictions"),
     ("connected_clients", "clients"), ("rejected_connections", "clients"), ("role", "role")],
)  # fmt: skip
def test_a_figure_that_redis_does_not_tell_is_not_a_good_one(lost: str, subject: str) -> None:
    assert states(redis_told(INFO))[subject] is State.PASS
    rest = {name: value for name, value in INFO.items() if name != lost}
    assert states(redis_told(rest))[subject] is State.NO_DATA


def test_an_empty_answer_of_redis_passes_in_nothing_but_that_it_answers() -> None:
    passed = {name for name, state in states(redis_told({})).items() if state is State.PASS}
    assert passed <= {"answers"}


def test_a_mongodb_that_tells_nothing_is_no_pass() -> None:
    observed = ObservedMongo("m", ping_s=0.001, answers={"serverStatus": {}, "currentOp": {}})
    found = mongodb_check.judge(observed, needed_indexes(), LIMITS, patience_s=1)
    assert worst(one.state for one in found) is State.NO_DATA
    slow = db_performance.judge(db_performance.ObservedDatabase(observed, {}), LIMITS)
    assert State.PASS not in states(slow).values()


@pytest.mark.parametrize(
    "lost", ["bytes currently in the cache", "tracked dirty bytes in the cache"]
)
def test_a_part_of_the_cache_that_mongodb_does_not_tell_is_not_empty(lost: str) -> None:
    cache = {
        "maximum bytes configured": 100, "bytes currently in the cache": 10,
        "tracked dirty bytes in the cache": 1,
    }  # fmt: skip
    del cache[lost]
    observed = ObservedMongo(
        "m", ping_s=0.001, answers={"serverStatus": {"wiredTiger": {"cache": cache}}}
    )
    found = states(db_performance.judge(db_performance.ObservedDatabase(observed, {}), LIMITS))
    assert State.NO_DATA in {found["WiredTiger cache"], found["WiredTiger dirty"]}


@pytest.mark.parametrize(
    "targets",
    [None, Reply("http://h", problem="no answer in time"), shown({"data": {"activeTargets": []}}),
     shown({"data": {"activeTargets": [{"health": "unknown", "labels": {}}]}})],
)  # fmt: skip
def test_targets_that_nobody_saw_scraped_are_no_pass(targets: Reply | None) -> None:
    found = states(monitoring.judge(monitoring.ObservedMonitoring({"Prometheus": OK}, targets)))
    assert found["targets"] in {State.NO_DATA, State.FAIL}


def test_a_service_that_names_no_dependency_is_not_known_to_have_them() -> None:
    observed = health_check.ObservedHealth(shown({"status": "healthy", "dependencies": {}}), OK, OK)
    assert states(health_check.judge(observed))["dependencies"] is State.NO_DATA


def test_no_file_system_is_not_room_enough() -> None:
    found = states(system_check.judge(replace(QUIET, disks=()), LIMITS))
    assert found["disks"] is State.NO_DATA


@pytest.mark.parametrize(
    ("changes", "subject"),
    [({"keys": []}, "keys"), ({"hashes": []}, "hashes of keys"), ({"readable": None}, "files")],
)
def test_of_no_key_and_no_file_nothing_good_is_said(changes: Any, subject: str) -> None:
    assert states(judge_doors(replace(SHUT, **changes)))[subject] is State.NO_DATA


def test_a_folder_without_logs_was_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    places = Places("http://127.0.0.1:9", logs=tmp_path, timeout_s=10)
    found = states(security_run.check_security(places).findings)
    assert found["files"] is State.NO_DATA
    log = tmp_path / "calendar-api.log"
    log.touch()
    log.chmod(0o640)
    assert states(security_run.check_security(places).findings)["files"] is State.PASS


@pytest.fixture(scope="module")
def counted() -> tuple[performance.ObservedPerformance, list[str]]:
    """Return what a Prometheus would answer of a healthy service, and the names of the answers."""
    gathered, target = Gathered(), Target("calendar-api", "here")
    gathered.add(0, target, page("/events", good=10))
    gathered.add(STRETCH_S, target, page("/events", good=9000))
    asked = performance.queries(OBJECTIVES, STRETCH, STRETCH_S)
    answers = answers_between(gathered, asked)
    observed = performance.ObservedPerformance(
        STRETCH, timedelta(seconds=10), "two looks", answers, sees_probes=False
    )
    return observed, [query.name for query in asked]


def test_whichever_answer_fails_the_promise_that_needs_it_is_no_pass(
    counted: tuple[performance.ObservedPerformance, list[str]],
) -> None:
    observed, names = counted
    assert worst(one.state for one in performance.judge(observed, OBJECTIVES, LIMITS)) is State.PASS
    for name in names:
        failed = {**observed.answers, name: Answer(problem="query timed out")}
        found = performance.judge(replace(observed, answers=failed), OBJECTIVES, LIMITS)
        assert worst(one.state for one in found) is State.NO_DATA, name
        assert any("query timed out" in one.value for one in found), name


NIGHT = Summary(1000, 0.1, 0.0, 0.95, 0.9, 1.0)
Change = Callable[[Summary], Summary]


@pytest.mark.parametrize("lost", ["requests", "error_rate", "accuracy", "uptime"])
def test_a_figure_of_the_night_that_nobody_measured_is_no_pass(lost: str) -> None:
    whole = Night(NIGHT, 0.2)
    assert State.NO_DATA not in states(judge_night(whole, whole, OBJECTIVES, since=NOW)).values()
    less = Night(replace(NIGHT, **{lost: None}), 0.2)
    found = states(judge_night(less, whole, OBJECTIVES, since=NOW))
    assert found[lost.replace("_", " ")] is State.NO_DATA


def test_traffic_is_not_judged_against_a_night_that_is_not_known() -> None:
    before = Night(replace(NIGHT, requests=None), 0.2)
    assert (
        states(judge_night(Night(NIGHT, 0.2), before, OBJECTIVES, since=NOW))["requests"]
        is State.INFO
    )


def test_no_alert_of_no_rule_is_no_quiet_day() -> None:
    window = containing(Kind.DAY, NOW.date(), ZoneInfo("UTC"))
    answers = {query.name: Answer() for query in plan(window, (), CALENDAR)}
    silent = period_report(Evidence(window, (), answers, CALENDAR, source="p"))
    assert states(evening.judge(silent))["alerts"] is State.NO_DATA
    known = period_report(
        Evidence(window, (), answers, CALENDAR, source="p", rules={"ServiceDown": 0.0})
    )
    assert states(evening.judge(known))["alerts"] is State.PASS
