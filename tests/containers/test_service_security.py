"""Keys, scopes, limits, and that nobody learns of another's events on any route with an id."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from tests.support.container import Server
from tests.support.databases import fresh_mongodb_database, fresh_redis_database
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for

ADMIN = {"Authorization": "Bearer the-key-of-the-first-hour"}
EVENT = {"title": "Secret", "start": "2026-03-02T09:00:00Z", "recurrence": "FREQ=DAILY;COUNT=5"}
NOBODY = "0" * 32
Headers = dict[str, str]


@pytest.fixture(scope="module")
def service(mongodb_server: Server, redis_server: Server) -> Iterator[RunningService]:
    with (
        fresh_mongodb_database(mongodb_server) as mongodb_url,
        fresh_redis_database(redis_server) as redis_url,
        running_service(
            mongodb_url,
            redis_url=redis_url,
            workers=2,
            auth="on",
            admin_key="the-key-of-the-first-hour",
            failed_login_limit=1000,
            key_memory_s=2,
        ) as running,
    ):
        running.wait_until_ready()
        yield running


def key_for(service: RunningService, owner: str, *scopes: str) -> Headers:
    body = {"owner": owner, "scopes": list(scopes) or ["calendar"]}
    made = service.ask("POST", "/admin/keys", json=body, headers=ADMIN)
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['key']}", "key-id": made.json()["id"]}


def routes_with_ids(service: RunningService) -> list[tuple[str, str, dict[str, Any]]]:
    paths = service.ask("GET", "/openapi.json").json()["paths"]
    return [
        (method.upper(), path, operation)
        for path, operations in paths.items()
        if "{" in path
        for method, operation in operations.items()
    ]


BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/events/{id}"): {"title": "Mine now", "start": "2026-03-02T09:00:00Z"},
    ("PATCH", "/events/{id}"): {"title": "Mine now"},
    ("PATCH", "/events/{id}/occurrences/{at}"): {"title": "Mine now"},
    ("POST", "/review/{decision_id}"): {"verdict": "right"},
}


def test_nobody_sees_changes_or_learns_of_anothers_event_on_any_route_with_an_id(
    service: RunningService,
) -> None:
    ann, bob = key_for(service, "ann"), key_for(service, "bob")
    event = service.ask("POST", "/events", json=EVENT, headers=ann).json()
    window = {"from": "2026-03-01", "to": "2026-04-01"}
    checked = 0
    for method, path, operation in routes_with_ids(service):
        needs_window = any(p["name"] == "from" for p in operation.get("parameters", []))
        options: dict[str, Any] = {"params": window} if needs_window else {}
        if "requestBody" in operation:
            options["json"] = BODIES[method, path]

        def ask(event_id: str, method: str = method, path: str = path, **more: Any) -> Any:
            filled = path.format(
                id=event_id, at="2026-03-03T09:00:00Z", key_id=ann["key-id"],
                decision_id=event_id, subscription_id=event_id, token=event_id,
            )  # fmt: skip
            return service.ask(method, filled, headers=bob, **more)

        theirs, nobodys = ask(event["id"], **options), ask(NOBODY, **options)
        assert theirs.status_code in {403, 404}, (method, path, theirs.text)
        assert theirs.status_code == nobodys.status_code
        assert {**theirs.json(), "request_id": ""} == {**nobodys.json(), "request_id": ""}
        assert event["id"] not in theirs.text
        checked += 1
    assert checked == len(routes_with_ids(service)) >= 8
    assert service.ask("GET", f"/events/{event['id']}", headers=ann).json() == event
    for path in ("/events", "/freebusy", "/calendar.ics"):
        params = window if path == "/freebusy" else {}
        assert "2026-03-02" not in service.ask("GET", path, params=params, headers=bob).text


def test_the_cache_of_one_user_serves_no_other(service: RunningService) -> None:
    ann, bob = key_for(service, "ann2"), key_for(service, "bob2")
    event = service.ask("POST", "/events", json=EVENT, headers=ann).json()["id"]
    for _ in range(6):
        fresh = {"Connection": "close"}
        assert service.ask("GET", f"/events/{event}", headers=ann | fresh).status_code == 200
        assert service.ask("GET", f"/events/{event}", headers=bob | fresh).status_code == 404
    sentence = {"text": "secret meeting tomorrow at 3pm", "now": "2026-03-02T09:00:00"}
    first = service.ask("POST", "/parse", json=sentence, headers=ann).json()
    other = service.ask("POST", "/parse", json=sentence, headers=bob).json()
    assert other["source"] == "rules"
    assert first["decision_id"] != other["decision_id"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({"Authorization": "Basic YTpi"}, 401),
        ({"Authorization": f"Bearer cal_{'0' * 16}_{'A' * 43}"}, 401),
        ({"X-API-Key": "the-key-of-the-first-hour"}, 200),
        ({"Authorization": "bearer the-key-of-the-first-hour"}, 200),
        ({"X-API-Key": "a", "Authorization": "Bearer b"}, 400),
    ],
)
def test_only_a_valid_key_opens(service: RunningService, headers: Headers, status: int) -> None:
    answer = service.ask("GET", "/events", headers=headers)
    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_a_key_with_a_wrong_secret_opens_nothing(service: RunningService) -> None:
    good = key_for(service, "cleo")["Authorization"]
    bad = good[:-4] + ("AAAA" if not good.endswith("AAAA") else "BBBB")
    assert service.ask("GET", "/events", headers={"Authorization": bad}).status_code == 401


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("calendar", "/events", 200), ("calendar", "/metrics", 403), ("calendar", "/review", 403),
        ("metrics", "/metrics", 200), ("metrics", "/events", 403), ("metrics", "/admin/mode", 403),
        ("admin", "/admin/mode", 200), ("admin", "/events", 403), ("admin", "/review", 200),
    ],
)  # fmt: skip
def test_a_key_opens_what_its_scope_says(
    service: RunningService, scope: str, path: str, status: int
) -> None:
    assert service.ask("GET", path, headers=key_for(service, "dan", scope)).status_code == status


def test_every_route_but_the_public_ones_wants_a_key(service: RunningService) -> None:
    public = {"/health", "/healthz", "/readyz", "/subscribe/{token}.ics"}
    paths = service.ask("GET", "/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for method in operations:
            status = service.ask(method.upper(), path.replace("{", "").replace("}", "")).status_code
            assert (status == 401) == (path not in public), (method, path, status)


def test_a_revoked_key_opens_nothing_in_any_worker(service: RunningService) -> None:
    key = key_for(service, "eve")
    ask = {"headers": {**key, "Connection": "close"}}
    assert {service.ask("GET", "/events", **ask).status_code for _ in range(6)} == {200}
    path = f"/admin/keys/{key['key-id']}"
    assert service.ask("DELETE", path, headers=ADMIN).status_code == 204
    wait_for(
        lambda: {service.ask("GET", "/events", **ask).status_code for _ in range(6)} == {401},
        what="the key is refused by all",
        within_s=1.5,
    )


def test_the_database_holds_no_key(service: RunningService, mongodb_server: Server) -> None:
    del mongodb_server
    secret = key_for(service, "fay")["Authorization"].rpartition("_")[2]
    listed = service.ask("GET", "/admin/keys?limit=1000", headers=ADMIN).text
    assert secret not in listed
    assert "argon2" not in listed


def test_a_checked_key_is_not_hashed_for_each_request(service: RunningService) -> None:
    key = key_for(service, "gus")
    headers = {"headers": key}
    service.ask("GET", f"/events/{NOBODY}", **headers)
    began = cpu_seconds(service)
    for _ in range(100):
        service.ask("GET", f"/events/{NOBODY}", **headers)
    # One hash takes 20 ms of CPU or more; everything else about such a request some 1 or 2.
    assert cpu_seconds(service) - began < 100 * 0.01


def cpu_seconds(service: RunningService) -> float:
    assert service.process is not None
    parent = psutil.Process(service.process.pid)
    used = [process.cpu_times() for process in (parent, *parent.children(recursive=True))]
    return sum(times.user + times.system for times in used)


def test_failed_log_ins_are_counted_and_logged_with_the_address(service: RunningService) -> None:
    service.ask("GET", "/events", headers={"Authorization": "Bearer wrong-on-purpose"})
    metrics = service.ask("GET", "/metrics", headers=ADMIN).text
    assert 'auth_failures_total{reason="malformed"} 0.0' not in metrics
    wait_for(lambda: '"event":"unauthorized"' in service.log.read_text(), what="log", within_s=5)
    lines = [line for line in service.log.read_text().splitlines() if '"unauthorized"' in line]
    assert all('"address":"127.0.0.1"' in line for line in lines)
    assert "wrong-on-purpose" not in service.log.read_text()


def test_logs_and_metrics_hold_no_personal_text(service: RunningService) -> None:
    key = key_for(service, "hal")
    words = "Zanzibar with Persephone"
    body = {"title": words, "start": "2026-03-02T09:00:00Z", "location": words}
    asked: list[dict[str, Any]] = [
        {"method": "POST", "path": "/events", "json": body},
        {"method": "POST", "path": "/parse", "json": {"text": f"{words} tomorrow at 3pm"}},
        {"method": "GET", "path": "/events", "params": {"q": "Zanzibar"}},
    ]
    for number, one in enumerate(asked):
        named = {**key, "X-Request-ID": f"personal-{number}"}
        assert service.ask(headers=named, **one).status_code < 300
    seen = service.ask("GET", "/metrics", headers=ADMIN).text

    def all_is_written() -> bool:
        # A decision is logged before its request, and each worker writes in that order.
        log = service.log.read_text()
        return all(f'"request_id":"personal-{n}","duration_ms"' in log for n in range(len(asked)))

    wait_for(all_is_written, what="the line of every request", within_s=5)
    for text in (seen, service.log.read_text()):
        assert "Zanzibar" not in text
        assert "Persephone" not in text


def test_every_answer_has_the_headers_that_browsers_need(service: RunningService) -> None:
    for path in ("/health", "/nope", "/events"):
        headers = service.ask("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-request-id"]


def test_request_ids_come_in_and_go_out(service: RunningService) -> None:
    given = {"X-Request-ID": "mine-1", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    assert service.ask("GET", "/health", headers=given).headers["x-request-id"] == "mine-1"
    wait_for(lambda: '"request_id":"mine-1"' in service.log.read_text(), what="log", within_s=5)
    assert f'"trace_id":"{"a" * 32}"' in service.log.read_text()
    bad = service.ask("GET", "/health", headers={"X-Request-ID": 'x" evil'})
    assert "evil" not in bad.headers["x-request-id"]


def test_too_many_requests_are_refused_with_standard_headers(
    mongodb_url: str, redis_url: str
) -> None:
    settings = {"rate_limit": 40, "rate_limit_window_s": 3600, "workers": 2}
    with running_service(mongodb_url, redis_url=redis_url, **settings) as service:  # type: ignore[arg-type]
        service.wait_until_ready()
        answers = []
        for _ in itertools.repeat(None, 200):
            answers.append(service.ask("GET", "/events", headers={"Connection": "close"}))
            if answers[-1].status_code == 429:
                break
            time.sleep(0.02)
        refused = answers[-1]
        assert refused.status_code == 429
        assert refused.json()["code"] == "rate_limited"
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["ratelimit"].startswith('"default";r=0;t=')
        assert answers[0].headers["ratelimit-policy"] == '"default";q=40;w=3600'
        # Half a second of requests may go through before the workers have told each other.
        assert 40 <= len(answers) - 1 <= 40 + 30


LOCKED = {"auth": "on", "admin_key": "the-key-of-the-first-hour", "failed_login_limit": 5}


def statuses_of(service: RunningService, *keys: str, **more: str) -> list[int]:
    """Return what each key is answered, each sent once."""
    headers = [{"Authorization": f"Bearer {key}", **more} for key in keys]
    return [service.ask("GET", "/events", headers=one).status_code for one in headers]


def test_an_address_that_fails_often_is_not_answered_for_a_while(mongodb_url: str) -> None:
    with running_service(mongodb_url, **LOCKED) as service:  # type: ignore[arg-type]
        service.wait_until_ready()
        guesses = [f"guess-{number}" for number in range(8)]
        assert statuses_of(service, *guesses) == [401] * 5 + [429] * 3


def test_wrong_keys_from_an_address_lock_no_good_key_out(mongodb_url: str) -> None:
    with running_service(mongodb_url, key_memory_s=0, **LOCKED) as service:  # type: ignore[arg-type]
        service.wait_until_ready()
        known, fresh = (key_for(service, owner)["Authorization"][7:] for owner in ("ann", "bob"))
        assert statuses_of(service, known) == [200]
        unknown = [f"cal_{number:016x}_{'x' * 43}" for number in range(8)]
        assert statuses_of(service, *unknown) == [401] * 5 + [429] * 3
        assert statuses_of(service, known, fresh) == [200, 200]
        # Somebody who knows the id of a key ends no more than his own looks at its secret.
        stolen = [known[:-8] + f"{number:08d}" for number in range(8)]
        assert set(statuses_of(service, *stolen)) == {429}
        assert statuses_of(service, known, fresh) == [200, 200]


def test_guesses_behind_a_trusted_proxy_are_those_of_whom_it_names(mongodb_url: str) -> None:
    settings = LOCKED | {"trusted_proxies": "127.0.0.0/8, ::1"}
    with running_service(mongodb_url, **settings) as service:  # type: ignore[arg-type]
        service.wait_until_ready()
        told = {"X-Forwarded-For": "198.51.100.7, 203.0.113.5"}
        guesses = [f"guess-{number}" for number in range(7)]
        assert statuses_of(service, *guesses, **told) == [401] * 5 + [429] * 2
        others = {"X-Forwarded-For": "203.0.113.5, 198.51.100.8"}  # left of the last: hearsay
        assert statuses_of(service, "another", **others) == [401]
