"""Requests as data: variables, what is kept of an answer, and what must hold of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.fields import Field, FieldError
from synthetic.steps.checking import taken
from synthetic.steps.errors import StepFailedError, UnknownVariableError
from synthetic.steps.reading import read_journey, read_step
from synthetic.steps.step import Reply, Step
from synthetic.steps.templates import filled, names_in, path_filled, text_filled

START = "2026-03-29T01:30:00+01:00"
ANSWER = {
    "order": {"id": 7, "total": 9.99, "lines": [{"sku": "a"}, {"sku": "b"}]},
    "slots": [{"start": "2026-03-29T02:00:00Z", "end": "2026-03-29T03:00:00Z"}],
}


def step(**fields: Any) -> Step:
    return read_step(Field("sre.toml", "steps[0]", {"path": "/orders", **fields}))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{start}", START),
        ("{start:utc}", "2026-03-29T00:30:00Z"),
        ("{start+1d:date}", "2026-03-30"),
        ("{start-90m}", "2026-03-28T23:00:00Z"),
        ("{start:local}!", "2026-03-29T00:30:00!"),
        ("{missing?}x", "x"),
        ('{"json": 1}', '{"json": 1}'),
    ],
)
def test_a_variable_may_be_shifted_in_time_and_written_in_several_forms(
    text: str, wanted: str
) -> None:
    assert text_filled(text, {"start": START}) == wanted


def test_a_variable_without_a_value_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownVariableError, match=r"\{id\} has no value"):
        text_filled("/orders/{id}", {})
    with pytest.raises(UnknownVariableError, match="'soon' is no time"):
        text_filled("{at+1h}", {"at": "soon"})


def test_json_keeps_the_sort_of_a_value_and_leaves_out_what_is_optional() -> None:
    body = {"id": "{id}", "note": "{note?}", "all": ["{id}", "{note?}"], "say": "no {id}", "n": 1}
    assert filled(body, {"id": 7}) == {"id": 7, "all": [7], "say": "no 7", "n": 1}
    assert names_in(body) == {"id"}


def test_what_stands_in_a_path_is_percent_encoded_after_it_is_shifted() -> None:
    found = path_filled("/x/{id}?from={start-1h}", {"id": "a/b c", "start": START})
    assert found == "/x/a%2Fb%20c?from=2026-03-28T23%3A30%3A00Z"


@given(st.text())
def test_no_value_changes_the_path_that_it_stands_in(value: str) -> None:
    found = path_filled("/a/{id}/b?c={id}", {"id": value})
    assert found.count("/") == 3
    assert found.count("?") == 1
    assert found.isascii()


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        ({"path": "$.order.id", "equals": 7}, True),
        ({"path": "$.order.id", "equals": "{wanted}"}, True),
        ({"path": "$.order.id", "equals": "7"}, False),
        ({"path": "$.order.id", "matches": "^[0-9]+$"}, True),
        ({"path": "$.order.none", "matches": "."}, False),
        ({"path": "$.order.lines[*].sku", "contains": "b"}, True),
        ({"path": "$.order.lines[*].sku", "contains": "c"}, False),
        ({"path": "$.order.total", "within": [10, 0.02]}, True),
        ({"path": "$.order.total", "within": [10, 0.001]}, False),
        ({"path": "$.order.lines", "within": [10, 1]}, False),
        ({"path": "$.order.lines", "exists": True}, True),
        ({"path": "$.order.refund", "exists": False}, True),
        ({"path": "$.order.refund", "exists": True}, False),
        ({"path": "$.slots[0].start", "moment": "2026-03-29T04:00:00+02:00"}, True),
        ({"path": "$.slots[0].start", "moment": "soon"}, False),
        ({"path": "$.order.none", "moment": "soon"}, False),
        ({"path": "$.slots[*]", "apart": ["2026-03-29T03:00:00Z", "2026-03-29T04:00:00Z"]}, True),
        ({"path": "$.slots[*]", "apart": ["2026-03-29T02:59:00Z", "2026-03-29T04:00:00Z"]}, False),
        ({"path": "$.order.lines[*]", "apart": ["2026-03-29", "2026-03-30"]}, False),
    ],
)  # fmt: skip
def test_what_must_hold_of_an_answer(check: dict[str, Any], *, holds: bool) -> None:
    one = step(check=[check], save={"id": "$.order.id", "tag": "header:ETag"})
    reply = Reply(200, ANSWER, {"etag": '"1"'})
    if holds:
        assert taken(one, reply, {"wanted": 7}) == {"id": 7, "tag": '"1"'}
    else:
        with pytest.raises(StepFailedError):
            taken(one, reply, {"wanted": 7})


def test_another_status_fails_the_step_in_its_own_words() -> None:
    with pytest.raises(StepFailedError, match="GET /orders: HTTP 404 instead of 2xx"):
        taken(step(), Reply(404), {})
    with pytest.raises(StepFailedError, match="HTTP 200 and not gone"):
        taken(step(expect=[404, 410], refused="HTTP {status} and not gone"), Reply(200), {})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"path": "orders"}, "path: 'orders' does not start with /"),
        ({"method": "G E T"}, "method: 'G E T' is no method"),
        ({"expect": [20]}, "expect[0]: 20 is out of range"),
        ({"save": {"id": "$.["}}, "save.id: '$.[' is no JSONPath"),
        ({"save": {"Id": "$.id"}}, "has a name that is no variable"),
        ({"check": [{"path": "$.a"}]}, "demands not one thing"),
        ({"check": [{"path": "$.a", "matches": "("}]}, "is no regular expression"),
        ({"check": [{"path": "$.a", "within": [1]}]}, "is no pair"),
        ({"headers": {"Authorization": "Bearer hunter2"}}, "is a secret"),
        ({"headers": {"A B": "x"}}, "is no header"),
        ({"bodi": {}}, "bodi"),
    ],
)
def test_what_is_wrong_in_a_step_is_named(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(FieldError) as told:
        step(**fields)
    assert said in str(told.value)
    assert "hunter2" not in str(told.value)


def test_a_journey_has_a_name_for_a_label_and_one_step_at_least() -> None:
    with pytest.raises(FieldError, match="is no name for a label"):
        read_journey(Field("j", "", {"name": "A day", "steps": [{"path": "/"}]}))
    with pytest.raises(FieldError, match="is empty"):
        read_journey(Field("j", "", {"name": "day", "steps": []}))
