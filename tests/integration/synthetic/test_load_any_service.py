"""Profiles of a service that is no calendar: bodies, checks, variables, people who log in."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kit.pure.errors import BadInputError
from synthetic.edge.load.feeding import equipped
from synthetic.edge.load.running import run as load_run
from synthetic.load.profile_file import read_profile
from synthetic.load.run_value import LoadRun
from synthetic.load.shape import Profile
from synthetic.load.variables import FeederEndedError
from synthetic.load.workload import Workload
from synthetic.steps.step import Reply
from tests.support.shop import TOKEN, Shop, shop

HEAD = "name: shop\ndescription: a shop\nmax_lag_p99_ms: 60000\nrule: observed\n"


@pytest.fixture
def open_shop() -> Iterator[Shop]:
    with shop() as server:
        yield server


def profile(text: str, folder: Path = Path(), **environment: str) -> Profile:
    found = read_profile(HEAD + text, source=str(folder / "shop.yaml"))
    return equipped(found, str(folder / "shop.yaml"), environment)


def shares(run: LoadRun) -> dict[str, float]:
    """Return the share of good requests of each row."""
    return {
        name: float(np.mean(run.samples["expected"][run.samples["route"] == number]))
        for number, name in enumerate(run.routes)
    }


ONE_BY_ONE = """
stages: [{for_s: 1, per_s: 80}]
redirects: true
before:
  - {method: POST, path: /login, form: {user: ann, password: "{password}"}, save: {token: $.token}}
values:
  size: {random: whole, from: 3, to: 5}
  word: {random: text, length: 6}
  password: {env: SHOP_PASSWORD}
requests:
  - {path: "/items/{size}", name: an item, headers: {Authorization: "Bearer {token}"},
     check: [{path: $.id, matches: "^[345]$"}, {path: "header:content-length", exists: true}]}
  - {method: POST, path: /list, body: ["{size}", {word: "{word}"}]}
  - {method: POST, path: /text, text: "a {word} of text"}
  - {path: /lies, check: [{path: $.error, exists: false}]}
  - {path: /words, check: [{path: text, matches: "order [0-9]+"}]}
  - {path: /words, route: /words/other, check: [{path: text, matches: "never"}]}
  - {path: /old, headers: {Authorization: "Bearer {token}"}}
  - {path: /elsewhere, expect: 302}
"""


@pytest.mark.thorough
def test_bodies_checks_redirects_and_a_log_in_before_the_run(open_shop: Shop) -> None:
    run = load_run(profile(ONE_BY_ONE, SHOP_PASSWORD="hunter2"), open_shop.url)
    assert run.void_reason is None
    found = shares(run)
    assert found == {
        "GET an item": 1.0, "POST /list": 1.0, "POST /text": 1.0, "GET /lies": 0.0,
        "GET /words": 1.0, "GET /words/other": 0.0, "GET /old": 1.0, "GET /elsewhere": 1.0,
    }  # fmt: skip
    assert len(open_shop.bodies("/login")) == 1
    assert open_shop.bodies("/items/9"), "where /old leads to was asked"
    size, other = json.loads(open_shop.bodies("/list")[0])
    assert size in {3, 4, 5}
    assert len(other["word"]) == 6
    assert {h["content-type"] for _, path, h, _ in open_shop.asked if path == "/text"} == {
        "text/plain; charset=utf-8"
    }


PEOPLE = """
stages: [{for_s: 1, per_s: 10}]
connections: fresh
feeders: [{file: people.csv, at_end: again}]
scenarios:
  - name: buyer
    weight: 3
    think_s: 0.02
    steps:
      - {method: POST, path: /login, form: {user: "{user}", password: "{password}"}, save: {token: "regex:t-[0-9]+"}}
      - {path: /items/7, headers: {Authorization: "Bearer {token}"}, save: {item: $.id}}
      - {path: "/items/{item}", route: "/items/{item}", headers: {Authorization: "Bearer {token}"}}
  - {name: looker, steps: [{path: /}]}
"""  # noqa: E501 -- as people write it


def test_people_log_in_think_and_go_on_and_whose_step_fails_stops(
    open_shop: Shop, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("\ufeffuser,password\nann,hunter2\nbob,wrong\n")
    run = load_run(profile(PEOPLE, tmp_path), open_shop.url)
    assert run.void_reason is None
    assert run.planned is None, "answers decide how much is sent"
    found = shares(run)
    assert 0.3 < found["POST /login"] < 0.7, "every second person has the wrong password"
    assert (found["GET /items/7"], found["GET /items/{item}"]) == (1.0, 1.0)
    ended = [path for _, path, _, _ in open_shop.asked]
    assert ended.count("/items/7") >= ended.count("/login") * 0.3
    assert {h.get("authorization") for _, path, h, _ in open_shop.asked if "items" in path} == {
        f"Bearer {TOKEN}"
    }
    assert len(open_shop.connections) >= len(run.samples), "each has a connection of its own"


@pytest.mark.thorough
def test_a_feeder_that_ends_ends_the_run_and_is_named(open_shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "few.jsonl").write_text('{"sku": "a"}\n{"sku": "b"}\n')
    text = (
        "stages: [{for_s: 5, per_s: 20}]\nfeeders: [{file: few.jsonl, at_end: stop}]\n"
        'requests: [{path: "/stock/{sku}"}]\n'
    )
    run = load_run(profile(text, tmp_path), open_shop.url)
    assert run.void_reason is not None
    assert "feeder few.jsonl ended after its 2 rows" in run.void_reason
    assert {path for _, path, _, _ in open_shop.asked} >= {"/stock/a", "/stock/b"}


@pytest.mark.thorough
def test_a_log_in_that_fails_before_the_run_voids_it_and_says_what_came(open_shop: Shop) -> None:
    run = load_run(profile(ONE_BY_ONE, SHOP_PASSWORD="wrong"), open_shop.url)
    assert run.void_reason is not None
    assert "POST /login before the run: HTTP 403" in run.void_reason


def test_each_worker_has_its_own_rows_and_none_comes_twice(tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text("id\n" + "\n".join(map(str, range(10))) + "\n")
    text = (
        "stages: [{for_s: 1, per_s: 20}]\nfeeders: [{file: ids.csv, at_end: stop}]\n"
        'requests: [{path: "/x/{id}"}]\n'
    )
    made = profile(text, tmp_path)
    seen = []
    for worker in range(3):
        users = Workload(made, tag="[t]", worker=worker, workers=3)
        mine = len(range(worker, 10, 3))
        seen += [users.next_call().path for _ in range(mine)]
        with pytest.raises(FeederEndedError):
            users.next_call()
    assert sorted(seen) == sorted(f"/x/{number}" for number in range(10))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("values: {p: {env: NO_SUCH_NAME}}\nrequests: [{path: '/{p}'}]", "NO_SUCH_NAME"),
        ("feeders: [{file: gone.csv}]\nrequests: [{path: /}]", "gone.csv: cannot be read"),
        ("feeders: [{file: odd.csv}]\nrequests: [{path: /}]", "line 3 has another number"),
        ("feeders: [{file: odd.jsonl}]\nrequests: [{path: /}]", "line 2 is no object"),
        ("feeders: [{file: odd.txt}]\nrequests: [{path: /}]", "neither .csv nor .jsonl"),
        ("requests: [{path: '/{who}'}]", "needs {who}, which nothing gives a value"),
        ("requests: [{path: /, text: a, form: {b: 1}}]", "is one body too many"),
        ("scenarios: [{name: a, steps: [{path: '/{id}'}]}]", "scenarios[0].steps[0] needs {id}"),
        ("requests: [{path: /, headers: {Authorization: hunter2}}]", "is a secret"),
        ("requests: [{path: /, body: {a: LARGE}}]", "has a body of"),
        ("requests: [{path: /, form: {a: LARGE}}]", "has a body of"),
        ("values: {n: {random: whole, from: 5, to: 1}}\nrequests: [{path: /}]", "is below from"),
    ],
)
def test_what_is_wrong_is_named_before_anything_is_sent(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n3\n")
    (tmp_path / "odd.jsonl").write_text('{"a": 1}\n{"b": 2}\n')
    text = text.replace("LARGE", "x" * 11 * 2**20) if "LARGE" in text else text
    with pytest.raises(BadInputError) as told:
        profile(f"stages: [{{for_s: 1, per_s: 1}}]\n{text}", tmp_path)
    assert said in str(told.value)
    assert "hunter2" not in str(told.value) + str(told.value.hint)


def test_requests_of_one_route_share_its_row() -> None:
    rows = "".join(f'  - {{path: /items/{n}, route: "/items/{{id}}"}}\n' for n in range(50))
    users = Workload(profile(f"stages: [{{for_s: 1, per_s: 1}}]\nrequests:\n{rows}"), tag="[t]")
    assert users.routes == ["GET /items/{id}"]
    assert len({users.next_call().path for _ in range(500)}) == 50


def test_a_profile_that_names_a_variable_n_or_tag_means_its_own() -> None:
    text = (
        "stages: [{for_s: 1, per_s: 1}]\nvalues: {n: [7]}\n"
        "requests: [{path: '/x/{n}', headers: {X-Tag: '{tag}'}}]\n"
    )
    call = Workload(profile(text), tag="[t]").next_call()
    assert (call.path, call.headers) == ("/x/7", {"X-Tag": "[t]"})


def test_what_is_saved_may_come_from_a_header_or_a_regular_expression() -> None:
    text = (
        "stages: [{for_s: 1, per_s: 1}]\nrequests:\n"
        "  - {method: POST, path: /a, save: {at: 'header:Location', number: 'regex:no ([0-9]+)'}}\n"
        "  - {path: '{at}?n={number}', weight: 9}\n"
    )
    with pytest.raises(BadInputError, match="does not start with /"):
        profile(text)
    users = Workload(profile(text.replace("'{at}", "'/at{at}")), tag="[t]")
    first = users.next_call()
    users.judged(first, Reply(201, None, {"location": "/x"}, "this is no 42"))
    paths = {users.next_call().path for _ in range(40)}
    assert "/at%2Fx?n=42" in paths
