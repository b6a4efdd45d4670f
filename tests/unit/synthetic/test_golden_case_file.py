"""Golden cases as lines of JSON, and what is said about broken ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from kit.pure.errors import BadInputError
from synthetic.edge.golden.files import SHIPPED, load_cases, shipped_spec
from synthetic.golden.case import fingerprint, line_of
from tests.support.golden_cases import case_from_json, read_cases

GOOD: dict[str, Any] = {
    "id": "a-1",
    "text": "lunch tomorrow at noon",
    "now": "2026-03-11T09:00:00",
    "timezone": "Europe/Berlin",
    "expected": {"title": "lunch", "start": "2026-03-12T12:00:00+01:00"},
    "fields": ["title", "start"],
    "slices": dict.fromkeys(shipped_spec().slices, "x"),
    "provenance": {"by": "me", "on": "2026-11-21", "why": "a test"},
}


def test_a_case_comes_back_as_it_was_written() -> None:
    case = case_from_json(GOOD)
    assert case_from_json(json.loads(line_of(case))) == case
    assert case.labels()[0] == "all"
    assert "expression:x" in case.labels()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": "A B"}, "id: 'A B' is not lower-case"),
        ({"text": ""}, "text: '' must be 1 to"),
        ({"now": "2026-03-11T09:00:00Z"}, "is not a wall clock"),
        ({"now": "today"}, "is not a wall clock"),
        ({"timezone": "Mars/Base"}, "timezone: 'Mars/Base' is not known"),
        ({"timezone": 3}, "timezone: 3 is not known"),
        ({"fields": []}, "fields: [] is empty"),
        ({"fields": ["start", "color"]}, "fields[1]: 'color' is not known"),
        ({"fields": ["start", "end"]}, "expected has no value"),
        ({"expected": {"start": "2026-03-12T12:00:00"}, "fields": ["start"]}, "neither a date nor"),
        ({"expected": {"attendees": "Sam"}, "fields": ["attendees"]}, "not a list of names"),
        ({"slices": {}}, "slices.expression is missing"),
        ({"slices": {**GOOD["slices"], "mood": "x"}}, "slices.mood is not a known field"),
        ({"provenance": {"by": "me", "on": "2026-11-21"}}, "provenance.why is missing"),
        ({"provenance": {"by": "me", "on": "today", "why": "x"}}, "Invalid isoformat"),
        ({"extra": 1}, "extra is not a known field"),
    ],
)
def test_a_wrong_field_is_named_with_file_and_line(change: dict[str, Any], says: str) -> None:
    text = json.dumps(GOOD) + "\n\n" + json.dumps({**GOOD, "id": "b", **change})
    with pytest.raises(BadInputError) as caught:
        read_cases([("my.jsonl", text)])
    assert str(caught.value).startswith("my.jsonl:3: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("line", ["{", "[]", "3", "null", '{"id": "a"}'])
def test_a_line_that_is_no_case_is_named_with_file_and_line(line: str) -> None:
    with pytest.raises(BadInputError, match=r"^my\.jsonl:1: "):
        read_cases([("my.jsonl", line)])


def test_a_repeated_id_names_both_places() -> None:
    line = json.dumps(GOOD)
    with pytest.raises(BadInputError, match=r"two\.jsonl:1: id 'a-1' .* at one\.jsonl:1"):
        read_cases([("one.jsonl", line), ("two.jsonl", line)])


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no golden case"):
        read_cases([("my.jsonl", "\n")])
    with pytest.raises(BadInputError, match=r"no \.jsonl file"):
        load_cases(tmp_path)
    with pytest.raises(BadInputError, match="cannot read"):
        load_cases(tmp_path / "absent.jsonl")


def test_the_fingerprint_knows_what_is_asked_not_who_wrote_it_or_in_which_order() -> None:
    one = case_from_json(GOOD)
    other = case_from_json({**GOOD, "id": "b"})
    elsewhere = {**GOOD, "provenance": {"by": "you", "on": "2026-11-22", "why": "else"}}
    assert fingerprint([one, other]) == fingerprint([other, case_from_json(elsewhere)])
    changed = case_from_json({**GOOD, "text": "lunch tomorrow at one"})
    assert fingerprint([one, other]) != fingerprint([changed, other])


def test_a_mark_of_the_editor_is_no_part_of_the_first_case(tmp_path: Path) -> None:
    line = next(SHIPPED.glob("*.jsonl")).read_text().splitlines()[0]
    (tmp_path / "cases.jsonl").write_text("\ufeff" + line + "\n")
    assert len(load_cases(tmp_path)) == 1


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    line = next(SHIPPED.glob("*.jsonl")).read_text().splitlines()[0]
    (tmp_path / "old.jsonl").write_bytes(f"{line}\n\n".encode() + "déjeuner".encode("latin-1"))
    with pytest.raises(BadInputError, match=r"old\.jsonl: line 3 is not UTF-8"):
        load_cases(tmp_path)
