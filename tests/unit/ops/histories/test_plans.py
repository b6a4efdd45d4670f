"""Plans and faults are the seed's; shrinking and drawing keep to what they are given."""

import json
import random
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from kit.edge.record_schemas import problems
from ops.histories.drawing import drawn
from ops.histories.edge.asking import file_of, minute_of, moment_of
from ops.histories.edge.running import KINDS
from ops.histories.faults import FAULTS, TOGETHER, turns_of
from ops.histories.operation import History, Kind, Operation, Outcome, Trouble, Violation
from ops.histories.page import page_of
from ops.histories.plan import MONTH_MINUTES, plan_of
from ops.histories.run import HistoryRun, Judged, to_record
from ops.histories.shrink import smallest
from slo.verdict import Verdict


def test_a_seed_makes_the_same_plan_again_and_another_makes_another() -> None:
    assert plan_of(3, random.Random(3)) == plan_of(3, random.Random(3))
    assert plan_of(3, random.Random(3)) != plan_of(4, random.Random(4))


@pytest.mark.parametrize("seed", range(5))
def test_no_two_requests_of_a_plan_write_the_same_word_but_with_the_same_key(seed: int) -> None:
    plan = plan_of(seed, random.Random(seed))
    keys: dict[str, str] = {}
    for step in plan.steps:
        assert keys.setdefault(step.word, step.key) == step.key
        assert step.word.startswith(step.owner)
        assert 0 <= step.begins < step.ends <= MONTH_MINUTES
    twins = [s for s in plan.steps if s.kind is Kind.CREATE and s.key
             and sum(o.key == s.key for o in plan.steps if o.kind is Kind.CREATE) > 1]  # fmt: skip
    assert twins
    assert len(plan.clients) == 6


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_fault_comes_and_goes_within_a_few_seconds(name: str) -> None:
    turns = turns_of(name, random.Random(1))
    assert turns == turns_of(name, random.Random(1))
    assert all(0 < turn.at_s < 5 and 0.2 < turn.for_s < 3 for turn in turns)
    if name != TOGETHER:
        assert all(turn.fault == FAULTS[name] for turn in turns)


@pytest.mark.parametrize("needed", [{0}, {5, 17}, {3, 4, 5}, {99}, set(range(0, 100, 9))])
def test_the_smallest_part_is_what_is_needed_and_in_order(needed: set[int]) -> None:
    found = smallest(range(100), lambda part: needed <= set(part))
    assert found == tuple(sorted(needed))


def test_the_smallest_part_stops_asking_when_it_has_asked_enough() -> None:
    asked: list[int] = []

    def fails(part: object) -> bool:
        asked.append(1)
        return 7 in part  # type: ignore[operator]

    assert 7 in smallest(range(64), fails, most=3)
    assert len(asked) == 3


def test_a_minute_of_the_plan_is_what_the_service_answers() -> None:
    assert [minute_of(moment_of(minute)) for minute in (0, 59, 40_000)] == [0, 59, 40_000]
    assert minute_of("2031-03-01T01:00:00+01:00") == 0
    assert file_of(("ann 1 of 0",)).count(b"BEGIN:VEVENT") == 1


def _broken() -> Judged:
    write = Operation(0, "ann1", "ann", 0, Kind.CREATE, 0.1, 0.2, Outcome.DONE, 201, event="e1",
                      word="<b>ann</b>", version=1)  # fmt: skip
    lost = Operation(1, "ann2", "ann", 1, Kind.READ, 0.5, 0.6, Outcome.REFUSED, 404, event="e1")
    history = History(4, "redis-slow", (write, lost), (Trouble("redis-slow", 0.0, 0.4),))
    found = Violation("own-writes-are-read", "a read does not show it", "e1", (0, 1))
    return Judged(history, (found,), history)


def test_a_drawing_is_well_formed_and_frames_the_proof() -> None:
    judged = _broken()
    picture = ET.fromstring(drawn(judged.history, judged.violations[0]))  # noqa: S314 -- ours
    bars = [each for each in picture.iter("rect") if each.get("class") == "proof"]
    assert len(bars) == 2
    assert "<b>ann</b>" in "".join(title.text or "" for title in picture.iter("title"))


def test_a_run_with_a_violation_fails_and_its_record_keeps_its_schema() -> None:
    run = HistoryRun("20310301T000000-histories", datetime(2031, 3, 1, tzinfo=UTC), [_broken()])
    record = to_record(run, commit="0", machine={})
    assert problems(json.loads(json.dumps(record))) == []
    assert (run.verdict, record["verdict"]) == (Verdict.FAIL, "FAIL")
    assert "&lt;b&gt;ann" in page_of(run)


def test_a_history_that_could_not_be_played_is_no_pass() -> None:
    good = Judged(_broken().history)
    run = HistoryRun("20310301T000000-histories", datetime(2031, 3, 1, tzinfo=UTC), [good])
    verdicts = [run.verdict]
    run.void.append(("redis-slow", 5, "not well again"))
    assert [*verdicts, run.verdict] == [Verdict.PASS, Verdict.INCONCLUSIVE]
    assert HistoryRun(run.identity, run.started_at).verdict is Verdict.NO_DATA
