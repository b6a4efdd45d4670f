import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.checks import health
from ops.checks.dependencies import Direct, failures_of
from ops.checks.dependencies import judge as compare
from ops.checks.finding import Finding, State, worst
from ops.checks.observe.replies import Reply

LOST = datetime(2026, 3, 2, 3, 4, tzinfo=UTC)
OK = Reply("http://h/healthz", 200, "ok\n", took_s=0.01)
AWAY = Reply("http://h/health", problem="connection refused")


def said(status: str, mongodb: str, redis: str) -> Reply:
    shown: dict[str, Any] = {
        "status": status, "version": "1.2.3", "dependencies": {"mongodb": mongodb, "redis": redis},
    }  # fmt: skip
    return Reply("http://h/health", 200, json.dumps(shown))


def judged(reply: Reply, ready: int = 200) -> dict[str, Finding]:
    observed = health.ObservedHealth(reply, OK, Reply("", ready), {"mongodb": LOST, "redis": LOST})
    return {one.subject: one for one in health.judge(observed)}


def test_a_healthy_service_passes_and_tells_its_version() -> None:
    found = judged(said("healthy", "connected", "connected"))
    assert worst(one.state for one in found.values()) is State.PASS
    assert found["version"].value == "1.2.3"


def test_a_lost_database_fails_and_says_since_when_and_what_next() -> None:
    found = judged(said("unhealthy", "disconnected", "connected"), ready=503)
    assert {found[name].state for name in ("status", "ready", "mongodb")} == {State.FAIL}
    assert found["mongodb"].since == LOST
    assert "sre check mongodb" in found["mongodb"].do_next


def test_a_lost_cache_warns_only() -> None:
    found = judged(said("degraded", "connected", "disconnected"))
    assert worst(one.state for one in found.values()) is State.WARN
    assert found["status"].do_next == "sre check redis"


def test_a_cache_that_is_not_configured_is_no_warning() -> None:
    found = judged(said("healthy", "connected", "not_configured"))
    assert found["redis"].state is State.INFO


def test_degraded_with_all_dependencies_there_points_to_the_mode() -> None:
    assert "/admin/mode" in judged(said("degraded", "connected", "connected"))["status"].do_next


def test_a_service_that_is_away_is_one_finding_and_unreachable() -> None:
    (one,) = health.judge(health.ObservedHealth(AWAY, AWAY, AWAY))
    assert one.unreachable
    assert "connection refused" in one.value


@pytest.mark.parametrize("text", ["<html>", "[]", '{"status": "healthy"}', "null", '"healthy"'])
def test_another_page_under_this_address_is_no_health(text: str) -> None:
    found = judged(Reply("http://h/health", 200, text))
    assert found["status"].state is State.NO_DATA


def test_what_the_service_counted_of_a_part_is_put_into_words() -> None:
    text = "".join(
        f'component_failures_total{{component="{part}",reason="{reason}"}} {count}\n'
        for part, reason, count in (
            ("llm", "timeout", 3),
            ("llm", "error", 0),
            ("redis", "error", 9),
        )
    )
    shown = failures_of("llm", Reply("http://h/metrics", 200, text))
    assert shown == "failed for the service since its start: 3 timeout"
    assert failures_of("parser", Reply("http://h/metrics", 200, text)) == ""
    assert failures_of("llm", Reply("http://h/metrics", 401, text)) == ""
    assert failures_of("llm", Reply("http://h/metrics", 200, "<html>{")) == ""


WORDS = st.sampled_from(["connected", "disconnected"])
HERE = st.sampled_from([Direct("mongodb", took_s=0.01), Direct("mongodb", problem="refused")])


@given(WORDS, HERE)
def test_a_dependency_passes_only_where_both_sides_reach_it(word: str, here: Direct) -> None:
    (one,) = compare(said("healthy", word, "x"), (here,), {})
    assert (one.state is State.PASS) == (word == "connected" and here.is_up)


def test_who_disagrees_is_reported_with_what_to_look_at() -> None:
    here, not_here = Direct("mongodb", took_s=0.01), Direct("mongodb", problem="no answer")
    (only_here,) = compare(said("unhealthy", "disconnected", "x"), (here,), {"mongodb": LOST})
    assert only_here.state is State.FAIL
    assert "only the service cannot" in only_here.do_next
    assert only_here.since == LOST
    (only_there,) = compare(said("healthy", "connected", "x"), (not_here,), {})
    assert only_there.state is State.WARN
    assert "only this machine cannot" in only_there.do_next


def test_a_silent_service_does_not_hide_what_is_seen_from_here() -> None:
    gone = Direct("redis", problem="no answer within 3 s")
    service, mongodb, redis = compare(AWAY, (Direct("mongodb", took_s=0.001), gone), {})
    assert service.state is State.FAIL
    assert service.unreachable
    assert mongodb.state is State.PASS
    assert redis.state is State.WARN
    assert redis.unreachable


def test_nobody_knows_of_it_is_no_data() -> None:
    service, one = compare(AWAY, (Direct("mongodb", asked=False),), {})
    assert service.state is State.FAIL
    assert one.state is State.NO_DATA


def test_a_dependency_that_only_this_machine_has_an_address_of_is_reported() -> None:
    (one,) = compare(said("healthy", "x", "not_configured"), (Direct("redis", took_s=0.1),), {})
    assert one.state is State.WARN
    assert "CALENDAR_REDIS_URL" in one.do_next


def test_the_language_model_is_judged_by_this_machine_alone() -> None:
    good, bad = Direct("llm", took_s=0.1), Direct("llm", problem="answers 401")
    assert compare(said("healthy", "x", "x"), (good,), {})[0].state is State.PASS
    found = compare(said("healthy", "x", "x"), (bad,), {}, llm_failures="3 timeout")[0]
    assert found.value.endswith("; 3 timeout")
    assert found.state is State.WARN
    assert "$CALENDAR_LLM_URL/models" in found.do_next
