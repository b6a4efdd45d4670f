"""Checking the set, proposing cases, and telling the result to CI."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from kit.edge.record_schemas import problems
from kit.pure.errors import BadInputError
from synthetic.golden.candidates import accepted_by, read_material
from synthetic.golden.checking import Severity, check
from synthetic.golden.gate import gate
from synthetic.golden.gate_record import gate_record
from synthetic.golden.junit import junit
from synthetic.golden.markdown import markdown
from synthetic.golden.privacy import without_people
from synthetic.golden.record import to_record
from synthetic.golden.run_value import GoldenRun
from tests.integration.synthetic.test_golden_run import PROMISE
from tests.properties.synthetic.test_golden_gate import CASES, answers, blessed
from tests.support.golden_cases import case_from_json, propose, shipped_cases
from tests.unit.synthetic.test_golden_case_file import GOOD

TODAY = date(2026, 11, 21)
JUNIT_SCHEMA = Path(__file__).parents[2] / "golden" / "junit-10.xsd"
"""The schema of Jenkins' xUnit plug-in (MIT licence, Gregory Boissinot)."""


def record(before: set[int], now: set[int]) -> dict[str, Any]:
    run, base = answers(now), blessed(before)
    return record_of(run, gate_record(gate(run, [PROMISE], base), run, base))


def record_of(run: GoldenRun, answer: dict[str, Any]) -> dict[str, Any]:
    return to_record(
        run, (), identifier="x", started_at=datetime(2026, 11, 21, tzinfo=UTC), commit="c",
        machine={}, config={"target": "here"}, gate=answer,
    )  # fmt: skip


def test_the_shipped_set_has_no_error_and_a_thousand_cases() -> None:
    cases = shipped_cases()
    assert len(cases) >= 1000
    assert [f for f in check(cases) if f.severity is Severity.ERROR] == []


def test_a_duplicate_and_a_contradiction_are_told_apart() -> None:
    one = case_from_json(GOOD)
    again = case_from_json({**GOOD, "id": "again", "text": "Lunch  tomorrow at noon"})
    (found,) = (f for f in check([one, again]) if f.severity is Severity.ERROR)
    assert (found.rule, found.cases) == ("duplicate", ("a-1", "again"))
    otherwise = {"title": "lunch", "start": "2026-03-13T12:00:00+01:00"}
    against = case_from_json({**GOOD, "id": "against", "expected": otherwise})
    (found,) = (f for f in check([one, against]) if f.severity is Severity.ERROR)
    assert found.rule == "contradiction"


def test_the_same_words_at_another_moment_are_another_case() -> None:
    later = case_from_json({**GOOD, "id": "later", "now": "2026-04-11T09:00:00"})
    assert not [f for f in check([case_from_json(GOOD), later]) if f.severity is Severity.ERROR]


def test_an_expected_date_far_from_its_now_was_taken_from_today() -> None:
    case = case_from_json({**GOOD, "now": "2016-03-11T09:00:00"})
    (found,) = (f for f in check([case]) if f.severity is Severity.ERROR)
    assert found.rule == "depends on today"


@pytest.mark.parametrize(
    "said",
    [
        "lunch in the 1970s", "lunch on May 4 '44", "lunch on 4 May 61", "lunch on March 9 61",
        "lunch in spring '26", "lunches in the 20s", "the last century",
        "lunch in the eighties", "lunch in nineteen eighty four", "lunch in a century",
    ],
)  # fmt: skip
def test_a_date_far_from_its_now_is_right_where_the_words_say_its_year(said: str) -> None:
    case = case_from_json({**GOOD, "text": said, "now": "2016-03-11T09:00:00"})
    assert not [f for f in check([case]) if f.severity is Severity.ERROR]
    named = case_from_json({**GOOD, "now": "2016-03-11T09:00:00", "text": "lunch March 12 2026"})
    assert not [f for f in check([named]) if f.severity is Severity.ERROR]


@pytest.mark.parametrize(("before", "now"), [(set(), {1, 2, 3}), ({1, 2}, {2}), (set(), set())])
def test_the_junit_file_follows_its_schema_and_is_red_when_the_gate_is(
    before: set[int], now: set[int]
) -> None:
    found = record(before, now)
    text = junit(found)
    schema = etree.XMLSchema(etree.parse(JUNIT_SCHEMA))
    schema.assertValid(etree.fromstring(text.encode()))
    suites = ET.fromstring(text).findall("testsuite")  # noqa: S314 -- our own output
    red = sum(int(s.get("failures", 0)) + int(s.get("errors", 0)) for s in suites)
    assert (red > 0) == (found["gate"]["verdict"] == "FAIL")
    for suite in suites:
        assert int(suite.get("tests", 0)) == len(suite.findall("testcase"))
        assert int(suite.get("failures", 0)) == len(suite.findall("testcase/failure"))


def test_the_summary_names_the_slice_and_puts_old_and_new_answers_side_by_side() -> None:
    text = markdown(record({300}, {1, 2, 3}))
    assert text.startswith("## ❌ Golden set: FAIL")
    assert "expression:weekday lost 3 and gained 0 of 200 cases" in text
    assert "### Lost: 3" in text
    assert "### Gained: 1" in text
    assert "| c-1 | lunch number 1 tomorrow at noon | title | lunch | lunch | nothing |" in text
    assert "blessed on 2026-11-21 by me: a test" in text


def test_what_people_wrote_stays_within_its_cell() -> None:
    found = record(set(), {1})
    found["gate"]["changes"][0]["text"] = "a | b `c` <script>\nd"
    assert "a \\| b \\`c\\` \\<script\\> d" in markdown(found)


def test_the_record_with_its_gate_follows_the_schema_and_repeats_itself() -> None:
    one, two = record({1}, {2}), record({1}, {2})
    assert problems(one) == []
    assert one["confusion"]["start"]["time"] == {"nothing": 1, "time": 999}
    for each in (one, two):
        each.pop("wall_s")
    assert one == two


def entry(**more: Any) -> dict[str, Any]:
    event = {"title": "lunch", "start": "2026-03-12T12:00:00+01:00", "attendees": ["Petra"]}
    return {
        "kind": "review", "text": "lunch with Petra tomorrow at noon",
        "now": "2026-03-11T09:00:00", "timezone": "Europe/Berlin", "outcome": event,
        "decision_id": "d-1", **more,
    }  # fmt: skip


def test_a_reviewed_decision_becomes_a_candidate_without_the_person_in_it() -> None:
    (candidate,), left_out = propose([entry()], CASES, on=TODAY)
    assert candidate.waits_for is None
    assert candidate.case.text == "lunch with Alex tomorrow at noon"
    assert candidate.case.expected["attendees"] == ["Alex"]
    assert candidate.case.provenance.decision_id == "d-1"
    assert left_out == 0
    accepted = accepted_by(candidate, "Ann", "seen in the weekly review")
    assert accepted.provenance.by == "users (review), accepted by Ann"


def test_nothing_is_confirmed_unless_a_person_decided_it() -> None:
    event = entry()["outcome"]
    rows = [
        entry(kind="decision", event=event, confidence=0.3, text="lunch tomorrow at noon one"),
        entry(kind="feedback", correction=event, text="lunch tomorrow at noon two"),
        entry(kind="feedback", correction=event, confirmed=True, text="lunch tomorrow, three"),
    ]
    found, _ = propose(rows, CASES, on=TODAY)
    assert [one.waits_for is None for one in found] == [False, False, True]


def test_what_is_known_confident_twice_or_no_use_is_left_out() -> None:
    rows = [
        entry(),
        entry(text="Lunch with  petra TOMORROW at noon"),
        entry(kind="decision", event=entry()["outcome"], confidence=0.9, text="else"),
        entry(outcome=None, text="other"),
        entry(now="yesterday", text="another"),
        entry(text=CASES[0].text),
    ]
    found, left_out = propose(rows, CASES, on=TODAY)
    assert len(found) == 1
    assert left_out == 5


def test_a_name_that_nobody_declared_waits_for_a_person() -> None:
    (found,), _ = propose([entry(text="call Grandma Schmidt tomorrow at noon")], (), on=TODAY)
    assert found.waits_for == "may name a person or a place: Grandma, Schmidt"


def test_addresses_links_and_numbers_are_taken_out_and_dates_stay() -> None:
    text, fields, _ = without_people(
        "mail joe.doe@corp.co or +49 170 1234567 about https://x.y/z on 2026-03-12",
        {"title": "mail joe.doe@corp.co", "start": "2026-03-12T12:00:00+01:00"},
    )
    assert text == "mail someone@example.com or 555 0100 about https://example.com on 2026-03-12"
    assert fields == {"title": "mail someone@example.com", "start": "2026-03-12T12:00:00+01:00"}


@pytest.mark.parametrize(("line", "says"), [("{", "not JSON"), ('{"kind": "x"}', "kind 'x'")])
def test_material_that_cannot_be_read_is_named_by_line(line: str, says: str) -> None:
    with pytest.raises(BadInputError, match=rf"^my\.jsonl:2: {says}"):
        read_material(f"\n{line}", source="my.jsonl")
