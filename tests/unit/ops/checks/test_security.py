from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ops.checks.finding import Finding, State, worst
from ops.checks.observe.replies import Reply
from ops.checks.security import CLOSED, HIDDEN, ObservedSecurity, judge, may_be_read
from ops.checks.transport import is_local

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
}
KEY = "f3b1c9d27a6e4805b2c1d9e8f7a6b5c4"


def reply(status: int, text: str = "") -> Reply:
    return Reply("http://h/x", status, text, HEADERS)


def key(days: int, **fields: Any) -> dict[str, Any]:
    made = (NOW - timedelta(days=days)).isoformat()
    return {"id": "k1", "created_at": made, "expires_at": None, "revoked_at": None, **fields}


SHUT = ObservedSecurity(
    target="https://calendar.example.org",
    health=reply(200),
    without_key={path: reply(401) for path in CLOSED},
    hidden={path: reply(404) for path in HIDDEN},
    missing=reply(404, '{"code":"not_found"}'),
    keys=[key(3)],
    hashes=["argon2id"],
    listening=["127.0.0.1"],
    readable=[],
    settings={},
    addresses={"mongodb": "mongodb+srv://u:p@db.example.org/calendar"},
    now=NOW,
)


def judged(**changes: Any) -> dict[str, Finding]:
    return {one.subject: one for one in judge(replace(SHUT, **changes))}


def test_a_service_whose_doors_are_shut_passes() -> None:
    assert worst(one.state for one in judge(SHUT)) is State.PASS


def test_a_route_open_without_a_key_fails_and_on_loopback_warns() -> None:
    opened = {**SHUT.without_key, CLOSED[0]: reply(200)}
    assert judged(without_key=opened)["authentication"].state is State.FAIL
    local = judged(without_key=opened, target="http://127.0.0.1:8000")
    assert local["authentication"].state is State.WARN


def test_an_answer_that_is_neither_open_nor_shut_is_no_pass() -> None:
    odd = {**SHUT.without_key, CLOSED[0]: reply(500)}
    assert judged(without_key=odd)["authentication"].state is State.NO_DATA


def test_shown_pages_and_traces_fail() -> None:
    assert judged(hidden={"/docs": reply(200)})["hidden pages"].state is State.FAIL
    trace = reply(500, 'Traceback (most recent call last):\n  File "/app/x.py"')
    assert judged(missing=trace)["debug"].state is State.FAIL


def test_a_page_that_did_not_answer_is_not_a_page_that_is_shut() -> None:
    late = Reply("http://h/docs", problem="no answer within 3 s")
    assert judged(hidden={**SHUT.hidden, "/docs": late})["hidden pages"].state is State.NO_DATA
    assert judged(hidden={"/docs": late, "/debug": reply(200)})["hidden pages"].state is State.FAIL
    assert judged(missing=late)["debug"].state is State.NO_DATA


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_each_missing_header_warns_by_its_name(name: str) -> None:
    health = replace(SHUT.health, headers={k: v for k, v in HEADERS.items() if k != name})
    found = judged(health=health)["headers"]
    assert found.state is State.WARN
    assert name in found.value


def test_old_keys_warn_and_revoked_or_ended_ones_do_not() -> None:
    old = judged(keys=[key(3), key(200)])["keys"]
    assert old.state is State.WARN
    assert "200 days" in old.value
    gone = [key(200, revoked_at=NOW.isoformat()), key(200, expires_at=NOW.isoformat())]
    assert judged(keys=gone)["keys"].state is State.PASS
    assert judged(keys="/admin/keys answers 403")["keys"].state is State.NO_DATA


def test_a_weak_hash_fails() -> None:
    assert judged(hashes=["argon2id", "unknown"])["hashes of keys"].state is State.FAIL


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("mongodb://db.example.org/x", State.FAIL),
        ("mongodb://u:p@db.example.org/x", State.FAIL),
        ("mongodb://u:p@db.example.org/x?tls=true", State.PASS),
        ("mongodb://u:p@db.example.org/x?tls=false", State.FAIL),
        ("mongodb+srv://u:p@db.example.org/x", State.PASS),
        ("mongodb://127.0.0.1:27017/x", State.INFO),
        ("mongodb://127.0.0.1:1,db.example.org:2/x", State.FAIL),
    ],
)
def test_the_way_to_the_database_wants_tls_and_a_password(url: str, state: State) -> None:
    assert judged(addresses={"mongodb": url})["way to mongodb"].state is state


def test_plain_http_fails_but_on_loopback() -> None:
    assert judged(target="http://calendar.example.org")["TLS of the service"].state is State.FAIL
    assert judged(target="http://localhost:8000")["TLS of the service"].state is State.INFO


def test_every_network_without_authentication_fails() -> None:
    opened = {path: reply(200) for path in CLOSED}
    assert judged(listening=["0.0.0.0"], without_key=opened)["listens"].state is State.FAIL
    assert judged(listening=["0.0.0.0"])["listens"].state is State.INFO


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({"CALENDAR_ADMIN_KEY": "admin"}, State.FAIL),
        ({"CALENDAR_ADMIN_KEY": "a" * 64}, State.FAIL),
        ({"CALENDAR_ADMIN_KEY": KEY}, State.WARN),
        ({"CALENDAR_LOG_TEXT": "true"}, State.WARN),
        ({"CALENDAR_RATE_LIMIT": "0"}, State.WARN),
        ({"CALENDAR_AUTH": "off"}, State.WARN),
        ({"CALENDAR_AUTH": "on", "CALENDAR_LOG_TEXT": "false"}, State.PASS),
    ],
)
def test_weak_settings_are_reported_without_their_values(
    settings: dict[str, str], state: State
) -> None:
    found = judged(settings=settings)["settings here"]
    assert found.state is state
    assert KEY not in found.value


def test_files_that_everybody_may_read_fail() -> None:
    assert judged(readable=[Path("/x/calendar-api.log")])["files"].state is State.FAIL
    assert judged(readable=None)["files"].state is State.NO_DATA
    assert [may_be_read(mode) for mode in (0o644, 0o640, 0o600, 0o604)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_service_that_is_away_hides_no_other_finding() -> None:
    gone = Reply("http://h/health", problem="connection refused")
    found = judged(health=gone, readable=[Path("x.log")])
    assert found["service"].unreachable
    assert found["files"].state is State.FAIL


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000/x", True),
        ("redis://:p@localhost:1/0", True),
        ("http://127.0.0.1.example.org", False),
        ("http://10.0.0.1", False),
        ("http://", False),
    ],
)
def test_this_machine_is_known_from_others(url: str, *, local: bool) -> None:
    assert is_local(url) is local
