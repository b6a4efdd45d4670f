"""What the users of a run do."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from synthetic.edge.load.replies import reply_of
from synthetic.load.request import FixedRequest
from synthetic.load.requests import Call
from synthetic.load.shape import Profile, Stage
from synthetic.load.workload import Workload
from tests.support.calendar_mix import mixed

STAGES = (Stage(1, 1, 1),)
MIX = (("parse", 50.0), ("create", 20.0), ("list", 10.0), ("read", 10.0), ("delete", 10.0))


def workload(mix: tuple[tuple[str, float], ...] = MIX, owners: int = 1, **more: Any) -> Workload:
    """Return what the calendar's users do, by a mix of the project's own requests."""
    if mix:
        profile = replace(mixed(dict(mix)), **more)
    else:
        profile = Profile("test", "a test", STAGES, **more)
    return Workload(profile, tag="[tag]", owners=owners)


def answer(users: Workload, call: Call, body: bytes) -> bool:
    """Give the users an answer to what they have asked."""
    status = 201 if call.method == "POST" else 200
    return users.judged(call, reply_of(call, status, body, {}))


@pytest.mark.thorough
def test_calls_come_by_their_weights() -> None:
    users = workload()
    for number, call in enumerate(users.seeding_calls()):
        answer(users, call, json.dumps({"id": f"seed{number}"}).encode())
    calls: Counter[str] = Counter()
    for number in range(20_000):
        call = users.next_call()
        calls[users.routes[call.route]] += 1
        if call.looks:
            answer(users, call, json.dumps({"id": f"made{number}"}).encode())
    assert 0.47 < calls["POST /parse"] / 20_000 < 0.53
    assert 0.08 < calls["GET /events/{id}"] / 20_000 < 0.12


def test_everything_that_is_created_carries_the_tag() -> None:
    users = workload(mix=(("create", 1.0), ("quick", 1.0)))
    for _ in range(200):
        body = json.loads(users.next_call().body or b"")
        assert "[tag]" in body.get("title", "") + body.get("text", "")


def test_an_event_is_deleted_once_and_only_after_it_was_made() -> None:
    users = workload(mix=(("delete", 1.0),))
    first = users.next_call()
    assert (first.method, first.path) == ("POST", "/events")
    answer(users, first, b'{"id": "one"}')
    assert users.next_call().path == "/events/one"
    assert users.next_call().method == "POST"


def test_an_answer_that_is_no_event_is_not_remembered() -> None:
    users = workload(mix=(("read", 1.0),))
    for body in (b"", b"oops", b"[1]", b"{}"):
        answer(users, users.next_call(), body)
    assert users.next_call().method == "POST"


def test_the_same_seed_sends_the_same() -> None:
    one, two = workload(seed=5), workload(seed=5)
    assert [one.next_call() for _ in range(300)] == [two.next_call() for _ in range(300)]
    assert [workload(seed=6).next_call() for _ in range(20)] != [
        workload(seed=5).next_call() for _ in range(20)
    ]


@pytest.mark.thorough
def test_a_few_owners_do_most_of_the_work() -> None:
    users = workload(owners=50, owner_skew=1.1)
    owners = Counter(users.next_call().owner for _ in range(10_000))
    assert owners[0] > 5 * owners[20] > 0


def test_fixed_requests_are_sent_as_written() -> None:
    request = FixedRequest("POST", "/x", 1.0, {"a": 1})
    call = workload(mix=(), requests=(request,)).next_call()
    assert (call.method, call.path, call.body) == ("POST", "/x", b'{"a": 1}')
    assert list(workload(mix=(), requests=(request,)).seeding_calls()) == []


def test_a_call_accepts_success_and_what_a_race_within_the_run_may_give() -> None:
    users = workload(mix=(("read", 1.0),))
    creation = users.next_call()
    assert creation.accepts(201)
    assert not creation.accepts(404)
    answer(users, creation, b'{"id": "one"}')
    reading = users.next_call()
    assert reading.accepts(404)
    assert not reading.accepts(500)
    assert not reading.accepts(429)
