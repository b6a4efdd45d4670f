from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.answers import Answer, Series
from ops.checks import db_performance, mongodb, redis
from ops.checks.finding import Finding, State
from ops.checks.observe.mongodb import ObservedMongo, needed_indexes
from ops.checks.observe.redis import ObservedRedis
from ops.checks.own_limits import own_limits

LIMITS = own_limits()
NEEDED = {"events": frozenset({"by_time", "by_uid"}), "api_keys": frozenset({"by_owner"})}
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def mongo(**answers: Any) -> dict[str, Finding]:
    indexes = answers.pop("indexes", NEEDED)
    observed = ObservedMongo("h:1", ping_s=0.001, answers=answers, indexes=indexes)
    return {one.subject: one for one in mongodb.judge(observed, NEEDED, LIMITS, patience_s=0.8)}


def member(state: str, behind_s: float = 0) -> dict[str, Any]:
    return {
        "name": f"{state}-host",
        "stateStr": state,
        "optimeDate": NOW - timedelta(seconds=behind_s),
    }


def test_connections_warn_and_fail_by_how_many_are_left() -> None:
    states = [
        mongo(serverStatus={"version": "7", "connections": {"current": n, "available": 100 - n}})[
            "connections"
        ].state
        for n in (10, 85, 97)
    ]
    assert states == [State.PASS, State.WARN, State.FAIL]


def test_what_a_user_may_not_ask_is_no_data_with_the_reason() -> None:
    found = mongo(serverStatus="not authorized on admin", replSetGetStatus="not authorized")
    assert found["connections"].state is State.NO_DATA
    assert "not authorized on admin" in found["connections"].value
    assert found["replica set"].state is State.NO_DATA


def test_a_single_server_has_no_replicas_to_judge() -> None:
    found = mongo(replSetGetStatus="not running with --replSet")
    assert found["replica set"].state is State.INFO
    assert "replication lag" not in found


def test_a_replica_set_without_a_primary_fails() -> None:
    found = mongo(replSetGetStatus={"set": "rs", "members": [member("SECONDARY")] * 3})
    assert found["replica set"].state is State.FAIL


def test_an_ill_member_is_named() -> None:
    shown = {"set": "rs", "members": [member("PRIMARY"), member("SECONDARY"), member("RECOVERING")]}
    found = mongo(replSetGetStatus=shown)["replica set"]
    assert found.state is State.WARN
    assert "RECOVERING-host" in found.value


@given(st.floats(0, 1000))
def test_lag_warns_above_the_threshold_of_the_alert(behind_s: float) -> None:
    shown = {"set": "rs", "members": [member("PRIMARY"), member("SECONDARY", behind_s)]}
    found = mongo(replSetGetStatus=shown)["replication lag"]
    assert (found.state is State.WARN) == (found.measured > LIMITS.replication_lag_s)  # type: ignore[operator]


def test_a_missing_index_fails_by_its_name() -> None:
    found = mongo(indexes={"events": frozenset({"by_time"}), "api_keys": frozenset({"by_owner"})})
    assert found["indexes"].state is State.FAIL
    assert "events.by_uid" in found["indexes"].value


def test_another_database_is_not_one_with_missing_indexes() -> None:
    assert mongo(indexes={"films": frozenset({"_id_"})})["indexes"].state is State.NO_DATA


def test_every_collection_of_the_service_has_an_index_to_look_for() -> None:
    needed = needed_indexes()
    assert set(needed) == {
        "events", "idempotency", "api_keys", "feedback", "reviews", "silent_workers",
        "subscriptions", "imports", "import_parts",
    }  # fmt: skip
    assert "by_uid" in needed["events"]


def test_wrong_credentials_are_no_network_problem() -> None:
    observed = ObservedMongo("h:1", problem="refuses the credentials: bad auth", is_refused=True)
    (one,) = mongodb.judge(observed, NEEDED, LIMITS, patience_s=0.8)
    assert (one.subject, one.unreachable) == ("login", False)


def shown(**info: Any) -> dict[str, Finding]:
    usual = {
        "redis_version": "7.0",
        "used_memory": 10,
        "total_system_memory": 1000,
        "role": "master",
    }
    saves = info.pop("saves", "")
    observed = ObservedRedis("h:2", ping_s=0.001, info={**usual, **info}, saves=saves)
    return {one.subject: one for one in redis.judge(observed, LIMITS, patience_s=0.25)}


def test_full_memory_fails_only_where_nothing_makes_room() -> None:
    full = {"used_memory": 99, "maxmemory": 100}
    assert shown(**full, maxmemory_policy="noeviction")["memory"].state is State.FAIL
    assert shown(**full, maxmemory_policy="allkeys-lru")["memory"].state is State.PASS


def test_without_a_limit_the_machine_is_the_limit() -> None:
    found = shown(used_memory=950)["memory"]
    assert found.state is State.FAIL
    assert "maxmemory" in found.do_next


@pytest.mark.parametrize(
    ("evicted", "expired", "state"), [(0, 0, State.PASS), (5, 95, State.PASS), (50, 50, State.WARN)]
)
def test_evictions_count_as_a_share_of_what_went(evicted: int, expired: int, state: State) -> None:
    assert shown(evicted_keys=evicted, expired_keys=expired)["evictions"].state is state


def test_a_failed_save_fails_and_no_saving_at_all_is_a_choice() -> None:
    assert shown(rdb_last_bgsave_status="err")["last snapshot"].state is State.FAIL
    assert shown(aof_last_write_status="err")["last log"].state is State.FAIL
    assert shown()["persistence"].state is State.INFO
    assert "snapshots" in shown(saves="3600 1")["persistence"].value


@pytest.mark.parametrize(
    "info",
    [{"role": "slave", "master_link_status": "up"}, {"role": "slave"}, {"loading": 1}],
)
def test_what_takes_no_writes_fails(info: dict[str, Any]) -> None:
    assert shown(**info)["role"].state is State.FAIL


def buckets(command: str, slow: float, fast: float) -> list[Series]:
    rows = (("1.0", fast), ("2.0", fast + slow), ("+Inf", fast + slow))
    return [
        Series({"command": command, "le": edge}, np.array([0.0]), np.array([count]))
        for edge, count in rows
    ]


def database(
    commands: list[Series], server: ObservedMongo | None = None, waiting: float = 0
) -> dict[str, Finding]:
    gauge = Series({}, np.array([0.0]), np.array([waiting]))
    answers = {"commands": Answer(tuple(commands)), "waiting": Answer((gauge,))}
    observed = db_performance.ObservedDatabase(server, answers, timedelta(seconds=5))
    return {one.subject: one for one in db_performance.judge(observed, LIMITS)}


def test_slow_commands_warn_once_there_are_enough_of_them() -> None:
    assert database(buckets("find", 900, 100))["commands"].state is State.WARN
    assert database(buckets("find", 9, 1))["commands"].state is State.NO_DATA
    assert database(buckets("find", 0, 5))["commands"].state is State.PASS
    assert database([])["commands"].state is State.NO_DATA


def test_what_runs_in_the_background_is_not_what_users_wait_for() -> None:
    assert database(buckets("ping", 900, 0))["commands"].state is State.NO_DATA


def test_requests_that_wait_for_a_connection_warn() -> None:
    assert database([], waiting=LIMITS.pool_waiting + 1)["pool"].state is State.WARN


def server(status: Any, running: list[dict[str, Any]] | None = None) -> ObservedMongo:
    return ObservedMongo(
        "h:1", ping_s=0.1, answers={"serverStatus": status, "currentOp": {"inprog": running or []}}
    )


STATUS: dict[str, Any] = {
    "opLatencies": {
        "reads": {"latency": 2_000_000, "ops": 1000},
        "writes": {"latency": 0, "ops": 0},
    },
    "wiredTiger": {
        "cache": {
            "maximum bytes configured": 1000,
            "bytes currently in the cache": 500,
            "tracked dirty bytes in the cache": 10,
        }
    },
    "metrics": {
        "queryExecutor": {"scannedObjects": 500, "collectionScans": {"total": 2}},
        "document": {"returned": 100},
    },
}


def test_a_server_at_ease_passes_in_all_of_it() -> None:
    found = database(buckets("find", 0, 5), server(STATUS))
    names = ("server latency", "WiredTiger cache", "WiredTiger dirty", "scans", "long operations")
    assert {found[name].state for name in names} == {State.PASS}
    assert found["server latency"].measured == pytest.approx(2.0)


def test_a_full_cache_slow_operations_and_scans_each_warn() -> None:
    cache = {**STATUS["wiredTiger"]["cache"], "bytes currently in the cache": 970}
    hurt = {
        "opLatencies": {"reads": {"latency": 200_000_000, "ops": 1000}},
        "wiredTiger": {"cache": {**cache, "tracked dirty bytes in the cache": 300}},
        "metrics": {"queryExecutor": {"scannedObjects": 50_000}, "document": {"returned": 100}},
    }  # fmt: skip
    operation = {"opid": 42, "op": "query", "ns": "calendar.events", "secs_running": 12}
    found = database([], server(hurt, [operation]))
    names = ("server latency", "WiredTiger cache", "WiredTiger dirty", "scans", "long operations")
    assert {found[name].state for name in names} == {State.WARN}
    assert "killOp(42)" in found["long operations"].do_next


def test_what_a_server_does_not_tell_is_no_data_and_not_hidden() -> None:
    found = database([], server({"version": "8"}))
    for name in ("server latency", "WiredTiger cache", "scans"):
        assert found[name].state is State.NO_DATA
        assert "does not tell" in found[name].value
