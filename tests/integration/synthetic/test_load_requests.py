"""A profile's own requests: variables, what is kept of answers, and how a run cleans up."""

import json
import random
from typing import Any

import pytest

from kit.edge.target import Access
from kit.pure.fields import FieldError
from synthetic.edge.load.running import run as load_run
from synthetic.load.job import Job
from synthetic.load.profile_file import read_profile
from synthetic.load.shape import Profile
from synthetic.load.workload import Workload
from synthetic.steps.step import Reply
from tests.support.small_calendar import SmallCalendar

PROFILE = """
name: orders
description: orders, their reading and their end
stages: [{for_s: 2, per_s: 40}]
values:
  what: ["{adjective} book", "pen"]
  adjective: [red, blue]
requests:
  - method: POST
    path: /events
    weight: 2
    headers: {Idempotency-Key: "{tag}-{n}"}
    body: {title: "{tag} {what}", size: 3}
    expect: 201
    save: {id: $.id}
  - {path: "/events/{id}", weight: 5, expect: [200, 404]}
  - {method: DELETE, path: "/events/{id}", route: "/events/{identity}"}
clean:
  - {method: DELETE, path: "/events/{id}"}
max_lag_p99_ms: 60000
rule: observed
"""


def profile(text: str = PROFILE) -> Profile:
    return read_profile(text, source="orders.yaml")


def test_who_needs_what_nobody_has_saved_gives_way_to_the_one_that_saves_it() -> None:
    users = Workload(profile(), tag="[t]", worker=1)
    assert users.routes == ["POST /events", "GET /events/{id}", "DELETE /events/{identity}"]
    first = [users.next_call() for _ in range(20)]
    assert {call.method for call in first} == {"POST"}
    bodies = [json.loads(call.body or b"") for call in first]
    assert {body["title"] for body in bodies} == {"[t] red book", "[t] blue book", "[t] pen"}
    assert len({call.headers["Idempotency-Key"] for call in first}) == 20
    users.judged(first[0], Reply(201, {"id": "a b"}))
    later = [users.next_call() for _ in range(60)]
    reads = [call for call in later if call.method == "GET"]
    assert {call.path for call in reads} == {"/events/a%20b"}
    assert reads[0].accepts(404)
    assert not reads[0].accepts(204)
    deleted = [call for call in later if call.method == "DELETE"]
    assert len(deleted) == 1, "what was deleted is named by no later request"


def test_what_is_left_is_what_was_made_and_not_deleted() -> None:
    users = Workload(profile(), tag="[t]")
    random.seed(1)
    made = set()
    for number in range(200):
        call = users.next_call()
        if call.method == "POST":
            made.add(number)
            users.judged(call, Reply(201, {"id": number}))
        elif call.method == "DELETE":
            made.remove(int(call.path.rpartition("/")[2]))
    assert {variables["id"] for _, variables in users.left()} == made


@pytest.mark.thorough
def test_a_run_of_own_requests_leaves_nothing_behind(calendar: SmallCalendar) -> None:
    found = load_run(profile(), calendar.url, access=Access())
    assert found.account.finished == 80
    assert calendar.created_titles
    assert not calendar.events
    assert found.cleaning_problem is None
    assert found.removed_events > 0
    failed = found.samples[found.samples["expected"] == 0]
    assert set(failed["status"].tolist()) <= {404}, "a DELETE of what is gone"


def test_a_job_comes_back_from_its_line_as_it_was() -> None:
    job = Job(profile(), "http://x", "[t]")
    assert Job.from_line(job.to_line()) == job


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("save: {id: $.id}", "save: {}", "requests[1] needs {id}, which nothing gives a value"),
        ('    body: {title: "{tag} {what}", size: 3}', '    body: {before: "{id}"}',
         "needs {id}, and what saves it needs something of its kind"),
        ("expect: 201", "refused: never", "is for journeys"),
        ("[red, blue]", "[]", "is not a list with something in it"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_profile_is_named_before_anything_is_sent(
    old: str, new: str, said: str
) -> None:
    assert old in PROFILE
    with pytest.raises(FieldError) as told:
        profile(PROFILE.replace(old, new))
    assert said in str(told.value)


def test_a_plain_request_is_the_same_bytes_every_time() -> None:
    text: Any = PROFILE.replace('"/events/{id}", weight: 5', '"/events", weight: 5')
    users = Workload(profile(text), tag="[t]")
    calls = [call for call in (users.next_call() for _ in range(200)) if call.path == "/events"]
    plain = {id(call) for call in calls if call.method == "GET"}
    assert len(plain) == 1
