"""What a drill proves, and what it does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kit.edge.record_schemas import problems
from ops.drills.drill import Action, Check, Drill, Expected
from ops.drills.files import shipped_drills
from ops.drills.outcome import Arrival, Impact, Mark, Outcome, impact_of
from ops.drills.record import to_record
from ops.drills.rules import rule_texts
from ops.drills.users import Attempt
from slo.verdict import Verdict
from tests.support.yaml_text import from_yaml

WANTED = Expected("DependencyDown", "P2", "ticket-urgent")
DRILL = Drill(
    "redis-lost", "Redis ends", (WANTED,), 30, inject=lambda _stack: (),
    recover_within_s=60, resolve_within_s=60,
)  # fmt: skip


def good() -> Outcome:
    outcome = Outcome(DRILL, "20261101T100000-redis-lost", datetime(2026, 11, 1, tzinfo=UTC), ())
    outcome.steady_after_s = 9.0
    outcome.arrivals = [Arrival(WANTED, 4.2, "ticket-urgent", "warning", "P2", 115.0, 5.0)]
    outcome.recovered_after_s = 1.0
    outcome.impact = Impact(100, 0, (), None, 0.2)
    outcome.acknowledged, outcome.lost = 90, ()
    outcome.actions = [Action("docker stop redis", 0, 0.4)]
    outcome.marks = [Mark(-0.1, "all is well"), Mark(4.2, "notified")]
    return outcome


def test_a_drill_that_went_as_it_must_passes() -> None:
    assert (good().verdict, good().failures) == (Verdict.PASS, [])


def _arrival(**changes: object) -> Callable[[Outcome], None]:
    def change(outcome: Outcome) -> None:
        outcome.arrivals = [replace(outcome.arrivals[0], **changes)]  # type: ignore[arg-type]

    return change


def _set(**changes: object) -> Callable[[Outcome], None]:
    def change(outcome: Outcome) -> None:
        for name, value in changes.items():
            setattr(outcome, name, value)

    return change


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_arrival(notified_after_s=None), "DependencyDown did not arrive within 60 s"),
        (_arrival(priority="P3"), "arrived as P3 at ticket-urgent, not as P2 at ticket-urgent"),
        (_arrival(receiver="page-L1"), "not as P2 at ticket-urgent"),
        (_arrival(resolved_after_s=None), "was not resolved in 60 s"),
        (_set(recovered_after_s=None), "users were not served again in 60 s"),
        (_set(lost=("a",)), "1 of 90 acknowledged events are lost"),
        (_set(lost=None), "whether anything is lost could not be asked"),
        (_set(checks=[Check("it holds", holds=False, said="no")]), "does not hold: it holds: no"),
        (_set(actions=[Action("sre backup restore", 4, 1.0, "refused")]), "ended with 4: refused"),
    ],
)
def test_whatever_does_not_go_as_it_must_fails_the_drill(
    spoil: Callable[[Outcome], None], said: str
) -> None:
    outcome = good()
    spoil(outcome)
    assert outcome.verdict is Verdict.FAIL
    (failure,) = outcome.failures
    assert said in failure


def test_users_may_feel_no_more_than_the_drill_allows() -> None:
    outcome = good()
    outcome.drill = replace(DRILL, most_failed_share=0.02)
    outcome.impact = Impact(100, 2, (("read timeout", 2),), 0.1, 2.0)
    assert outcome.verdict is Verdict.PASS
    outcome.impact = replace(outcome.impact, failed=3)
    assert outcome.failures == ["3.0% of the requests failed, at most 2% may"]


@pytest.mark.parametrize(
    "spoil",
    [
        _set(steady_after_s=None),
        _set(trouble="the engine is away"),
        _set(interrupted=True),
        _set(acknowledged=0),
        _set(impact=None),
    ],
)
def test_what_could_not_be_rehearsed_proves_nothing(spoil: Callable[[Outcome], None]) -> None:
    outcome = good()
    outcome.arrivals = [replace(outcome.arrivals[0], notified_after_s=None)]
    spoil(outcome)
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert len(outcome.doubts) == 1


def test_users_who_stayed_away_on_purpose_do_not_make_it_doubtful() -> None:
    outcome = good()
    outcome.impact = Impact(0, 0, (), None, 0.0)
    assert outcome.verdict is Verdict.PASS


def test_an_alert_that_nobody_waits_for_need_not_be_resolved() -> None:
    outcome = good()
    outcome.arrivals = [replace(outcome.arrivals[0], resolved_after_s=None)]
    outcome.drill = replace(DRILL, resolves=False)
    assert outcome.verdict is Verdict.PASS
    assert to_record(outcome, commit="", machine={})["config"]["resolution"] == "not awaited"


def test_the_impact_counts_what_began_between_fault_and_recovery() -> None:
    seen = [
        Attempt(9.9, "read", "timeout", 2.0),
        Attempt(10.0, "read", "", 0.1),
        Attempt(10.5, "write", "503", 0.2),
        Attempt(10.7, "write", "missed", 0.0),
        Attempt(12.0, "read", "", 0.4),
        Attempt(12.1, "read", "wrong", 0.1),
    ]
    impact = impact_of(seen, 10.0, 12.0)
    assert (impact.requests, impact.failed, impact.failed_share) == (4, 2, 0.5)
    assert impact.problems == (("write 503", 1), ("write missed", 1))
    assert impact.first_failure_after_s == pytest.approx(0.5)
    assert impact.worst_s == 0.4


def test_a_record_of_any_outcome_holds_by_its_schema() -> None:
    unsteady = Outcome(DRILL, "20261101T100000-redis-lost", datetime.now(UTC), ("calendar.yaml",))
    for outcome in (good(), unsteady):
        record = to_record(outcome, commit="abc", machine={})
        assert problems(record) == []
        assert record["config"]["shortened"]["for"] == "3s"
    assert problems({**record, "wall_s": -1, "new": 1}) != []


def test_what_shipped_waiting_would_add_is_in_the_record() -> None:
    (alert,) = to_record(good(), commit="abc", machine={})["alerts"]
    assert (alert["told_after_s"], alert["told_after_as_shipped_s"]) == (4.2, 119)


def test_every_alert_that_a_drill_expects_is_shipped_with_that_priority() -> None:

    labels = {
        rule["alert"]: rule["labels"]
        for text in rule_texts(()).values()
        for group in from_yaml(text)["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    expected = [each for drill in shipped_drills().values() for each in drill.expects]
    assert len(expected) >= 40
    for each in expected:
        assert labels[each.alert]["priority"] == each.priority
