"""The stage that is to blame for a wrong answer."""

from typing import Any

import pytest

from synthetic.golden.run_value import Answer, Result
from synthetic.golden.stages import by_stage, stage_at_fault

DAY, NOON, ONE = "2026-03-12", "2026-03-12T12:00:00+01:00", "2026-03-12T13:00:00+01:00"
WEEKLY = "FREQ=WEEKLY"


def result(expected: dict[str, Any], answered: dict[str, Any]) -> Result:
    fields = {name: answered.get(name) == value for name, value in expected.items()}
    return Result("x", "x", (), all(fields.values()), fields, (), expected, Answer(answered))


@pytest.mark.parametrize(
    ("expected", "answered", "found", "stage"),
    [
        ({"start": NOON}, {"start": None}, set(), "time expressions"),
        ({"start": NOON}, {"start": DAY}, {"date"}, "time expressions"),
        ({"start": None}, {"start": DAY}, {"date"}, "time expressions"),
        ({"start": NOON}, {"start": DAY}, {"date", "time"}, "composition"),
        ({"start": NOON}, {"start": ONE}, {"date", "time"}, "resolution"),
        ({"end": ONE}, {"end": None}, {"date"}, "time expressions"),
        ({"end": ONE}, {"end": None}, {"timespan"}, "composition"),
        ({"end": ONE}, {"end": NOON}, {"timespan"}, "resolution"),
        ({"end": None}, {"end": NOON}, {"date"}, "composition"),
        ({"recurrence": WEEKLY}, {"recurrence": None}, {"date"}, "time expressions"),
        ({"recurrence": WEEKLY}, {"recurrence": None}, {"repeat"}, "composition"),
        ({"recurrence": WEEKLY}, {"recurrence": "FREQ=DAILY"}, {"repeat"}, "resolution"),
        ({"recurrence": None}, {"recurrence": WEEKLY}, {"repeat"}, "time expressions"),
        ({"all_day": True}, {"all_day": False}, {"date"}, "composition"),
        ({"title": "tea"}, {"title": "tee"}, {"date"}, "roles"),
    ],
)  # fmt: skip
def test_the_mistake_and_what_was_found_tell_the_stage(
    expected: dict[str, Any], answered: dict[str, Any], found: set[str], stage: str
) -> None:
    assert stage_at_fault(result(expected, answered), frozenset(found)) == stage


def test_the_earliest_stage_is_at_fault() -> None:
    wrong = result({"title": "tea", "start": NOON, "end": ONE}, {"title": "", "start": ONE})
    assert stage_at_fault(wrong, frozenset({"time", "timespan"})) == "composition"


def test_a_service_that_does_not_explain_itself_leaves_only_the_roles_to_be_told() -> None:
    assert stage_at_fault(result({"start": NOON}, {"start": ONE}), None) == "not told"
    assert stage_at_fault(result({"title": "tea"}, {"title": "tee"}), None) == "roles"


def test_right_answers_blame_no_stage() -> None:
    assert by_stage([result({"title": "tea"}, {"title": "tea"})]) == {}
