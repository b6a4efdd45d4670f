"""The machine, the monitoring stack and the alerts."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.checks import alerts, cache, monitoring, system
from ops.checks.finding import Finding, State
from ops.checks.observe import machine
from ops.checks.observe.replies import Reply
from ops.checks.own_limits import own_limits
from ops.checks.system import Container, Disk, ObservedSystem

LIMITS = own_limits()
QUIET = ObservedSystem(
    cpu=0.1, cores=2, load_5m=0.5, memory_used=0.3, memory_free_bytes=2**31,
    disks=(Disk("/", 0.4, 2**35, 0.1),), files_used=0.01, busiest="sre (process 7)",
    clock_synced=True, containers=(Container("api", "running", "Up 3 days"),),
)  # fmt: skip


def machine_with(**changes: Any) -> dict[str, Finding]:
    return {one.subject: one for one in system.judge(replace(QUIET, **changes), LIMITS)}


@pytest.mark.parametrize(
    ("changes", "subject", "state"),
    [
        ({"cpu": 0.95}, "cpu", State.WARN),
        ({"load_5m": 4.1}, "load", State.WARN),
        ({"memory_used": 0.95}, "memory", State.FAIL),
        ({"disks": (Disk("/", 0.85, 1, None),)}, "disk /", State.WARN),
        ({"disks": (Disk("/", 0.97, 1, None),)}, "disk /", State.FAIL),
        ({"disks": (Disk("/", 0.1, 1, 0.97),)}, "disk /", State.FAIL),
        ({"files_used": 0.95}, "open files", State.WARN),
        ({"files_used": None}, "open files", State.NO_DATA),
        ({"clock_synced": False}, "clock", State.WARN),
        ({"clock_synced": None}, "clock", State.INFO),
    ],
)
def test_each_want_of_room_is_reported(changes: Any, subject: str, state: State) -> None:
    assert machine_with()[subject].state is State.PASS
    assert machine_with(**changes)[subject].state is state


def test_a_container_that_restarts_is_reported_and_one_that_ended_well_is_not_judged() -> None:
    found = machine_with(
        containers=(
            Container("api", "restarting", "Restarting (1) 3 seconds ago"),
            Container("job", "exited", "Exited (0) 2 hours ago"),
            Container("db", "running", "Up 3 days (unhealthy)"),
        )
    )
    assert found["container api"].state is State.WARN
    assert found["container db"].do_next == "docker logs --tail 50 db"
    assert found["container job"].state is State.INFO


def test_this_machine_can_be_looked_at() -> None:
    observed = machine.look(timeout_s=5)
    assert observed.memory_used is not None
    assert 0 <= observed.memory_used <= 1
    assert observed.disks[0].mount == "/"
    assert {one.subject for one in system.judge(observed, LIMITS)} >= {"cpu", "memory", "disk /"}


def alert(name: str, priority: str = "P3", **more: Any) -> dict[str, Any]:
    return {
        "labels": {"alertname": name, "severity": "warning", "priority": priority},
        "annotations": {"runbook_url": f"https://run/{name}"},
        "startsAt": "2026-03-02T03:04:05.123Z",
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
        **more,
    }


DOG = alert("Watchdog", "P4")


def alerts_in(*active: Any) -> dict[str, Finding]:
    reply = Reply("http://am/x", 200, json.dumps(active))
    return {one.subject: one for one in alerts.judge(reply, "calendar-assistant")}


def test_an_urgent_alert_fails_with_its_page_and_since_when() -> None:
    found = alerts_in(DOG, alert("ServiceDown", "P1"), alert("CacheHitRateLow"))
    assert found["ServiceDown"].state is State.FAIL
    assert found["ServiceDown"].do_next == "follow https://run/ServiceDown"
    assert found["ServiceDown"].since == datetime(2026, 3, 2, 3, 4, 5, 123000, tzinfo=UTC)
    assert found["CacheHitRateLow"].state is State.WARN
    assert found["alerts"].value == "2 active"


def test_silence_is_no_alert_but_is_reported() -> None:
    muted = alert("CpuHigh", status={"silencedBy": ["x"], "inhibitedBy": []})
    assert (
        alerts_in(DOG, muted)["alerts"].value == "none is active; 1 silenced or covered by another"
    )
    assert alerts_in(DOG, muted)["alerts"].state is State.PASS


def test_an_alert_of_another_team_is_no_matter_of_this_service() -> None:
    others, ours = alert("ServiceDown", "P1"), alert("CpuHigh")
    others["labels"]["service"], ours["labels"]["service"] = "order-queue", "calendar-assistant"
    found = alerts_in(DOG, others, ours)
    assert found.keys() == {"alerts", "CpuHigh"}
    assert found["alerts"].value == "1 active"


def test_no_alert_at_all_means_that_none_can_arrive() -> None:
    assert alerts_in()["alert path"].state is State.FAIL


@pytest.mark.parametrize("text", ["<html>", "{}", "7"])
def test_another_server_is_no_alertmanager(text: str) -> None:
    (one,) = alerts.judge(Reply("http://x", 200, text), "calendar-assistant")
    assert one.state is State.NO_DATA


@given(st.lists(st.dictionaries(st.sampled_from(["labels", "status", "startsAt"]), st.none())))
def test_an_alert_without_labels_breaks_nothing(shown: list[Any]) -> None:
    assert alerts_in(DOG, *shown)


def watch(**replies: Reply | None) -> dict[str, Finding]:
    targets = replies.pop("targets", None)
    observed = monitoring.ObservedMonitoring(replies, targets)
    return {one.subject: one for one in monitoring.judge(observed)}


def test_who_watches_is_watched() -> None:
    found = watch(
        Prometheus=Reply("p", 200), Alertmanager=Reply("a", problem="refused"), Grafana=None
    )
    assert found["Prometheus"].state is State.PASS
    assert found["Alertmanager"].unreachable
    assert found["Grafana"].state is State.NO_DATA
    assert watch(Grafana=Reply("g", 503))["Grafana"].state is State.FAIL


def target(health: str) -> dict[str, Any]:
    return {"health": health, "labels": {"job": "node", "instance": "h:1"}, "lastError": "refused"}


@pytest.mark.parametrize(
    ("active", "state"),
    [
        ([target("up")], State.PASS),
        ([target("up"), target("down")], State.WARN),
        ([], State.FAIL),
    ],
)
def test_targets_that_cannot_be_scraped_are_reported(active: list[Any], state: State) -> None:
    reply = Reply("p", 200, json.dumps({"data": {"activeTargets": active}}))
    assert watch(targets=reply)["targets"].state is state


def stats(hits: int, misses: int) -> dict[str, Finding]:
    tiers = {"memory": {"hits": hits, "misses": misses}, "redis": {"hits": 0, "misses": 0}}
    shown = {"hits": hits, "misses": misses, "entries": 3, "tiers": tiers}
    found = cache.judge(Reply("c", 200, json.dumps(shown)), LIMITS)
    return {one.subject: one for one in found}


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_cache_is_judged_only_by_enough_lookups(hits: int, misses: int) -> None:
    state = stats(hits, misses)["hit ratio"].state
    if hits + misses < LIMITS.cache_fewest:
        assert state is State.NO_DATA
    else:
        enough = hits / (hits + misses) >= LIMITS.cache_hit_ratio
        assert state is (State.PASS if enough else State.WARN)


@pytest.mark.parametrize(
    ("reply", "unreachable"),
    [
        (Reply("c", problem="refused"), True),
        (Reply("c", 401), False),
        (Reply("c", 200, "{}"), False),
        (Reply("c", 200, '{"hits": "x", "misses": 1}'), False),
    ],
)
def test_no_figures_are_no_pass(reply: Reply, *, unreachable: bool) -> None:
    (one,) = cache.judge(reply, LIMITS)
    assert one.state in {State.FAIL, State.NO_DATA}
    assert one.unreachable is unreachable
