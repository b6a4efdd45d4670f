"""What the target says of itself around a run."""

from typing import Any

import pytest

from kit.edge.record_schemas import problems
from reports.run.load_words import health_words
from synthetic.edge.load.running import run as load_run
from synthetic.load.health import Health, as_json, health_in
from synthetic.load.record import to_record as load_to_record
from synthetic.load.verdicts import judge_run
from tests.integration.synthetic.test_load_run import fixed
from tests.support.small_calendar import SmallCalendar
from tests.unit.synthetic.test_verdict_rows import CALENDAR

DEGRADED = {
    "status": "degraded",
    "dependencies": {"mongodb": "connected", "redis": "disconnected", "llm": "not_configured"},
}


def test_a_dependency_that_is_missing_is_named_and_one_that_is_not_wanted_is_not() -> None:
    assert health_in(DEGRADED) == Health("degraded", ("redis",))


@pytest.mark.parametrize("content", [None, [], {}, {"status": 1, "dependencies": {}}, {"a": {}}])
def test_another_kind_of_page_says_nothing_of_health(content: Any) -> None:
    assert health_in(content) is None


def test_only_what_is_missing_is_worth_a_word() -> None:
    fine, worse = Health("healthy", ()), Health("degraded", ("redis", "llm"))
    assert health_words(as_json(fine, fine)) == ""
    assert health_words(as_json(None, None)) == health_words(None) == ""
    assert health_words(as_json(fine, worse)) == "degraded after the run, without redis and llm"


@pytest.mark.thorough
def test_a_run_keeps_what_the_target_said_before_and_after(calendar: SmallCalendar) -> None:
    calendar.health = DEGRADED
    run = load_run(fixed(10, 0.5), calendar.url, project=CALENDAR)
    assert run.health_before == run.health_after == Health("degraded", ("redis",))
    record = load_to_record(run, judge_run(run, (), CALENDAR), commit="abc", machine={})
    assert record["health"]["after"] == {"status": "degraded", "missing": ["redis"]}
    assert [one for one in problems(record) if "health" in one] == []
