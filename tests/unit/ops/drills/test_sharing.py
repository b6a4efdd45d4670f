"""Drills on one stack: what may still fire, what a busy machine is given, and who comes next."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from ops.drills import rehearse as rehearsing
from ops.drills.drill import Drill, Expected, with_patience
from ops.drills.outcome import Arrival, Impact, Outcome
from ops.drills.pager import Page, Pager
from ops.drills.rehearse import rehearse_all
from ops.drills.rules import hurried
from slo.verdict import Verdict

RULES = "groups: [{name: g, rules: [{alert: A, expr: up == 0, for: 5m}]}]"


def _page(alert: str, status: str) -> Page:
    return Page(1.0, "page-L1", alert, status, "critical", "P1")


def _notification(alert: str, status: str) -> bytes:
    labels = {"alertname": alert, "severity": "critical", "priority": "P1"}
    found = {"receiver": "page-L1", "alerts": [{"labels": labels, "status": status}]}
    return json.dumps(found).encode()


def test_what_still_fires_from_a_drill_before_does_not_disturb_the_calm() -> None:
    pager = Pager(pages=[_page("Watchdog", "firing"), _page("A", "firing"), _page("B", "firing")])
    pager.take(_notification("B", "resolved"))
    assert pager.firing() == {"Watchdog", "A"}
    assert not pager.calm()
    assert pager.calm(frozenset({"A"}))
    assert not Pager(pages=[_page("A", "firing")]).calm(frozenset({"A"}))  # no heartbeat


def test_an_alert_of_what_nobody_measures_does_not_disturb_the_calm() -> None:
    pages = [_page("Watchdog", "firing"), _page("AccuracyUnknown", "firing")]
    assert not Pager(pages=pages).calm()
    assert Pager(pages=pages, unmeasured=frozenset({"AccuracyUnknown"})).calm()


def test_patience_stretches_every_limit_of_time_and_the_scrapes() -> None:
    drill = Drill("d", "breaks", (), 10, inject=lambda _stack: (), detect_within_s=20)
    patient = with_patience(drill, 3)
    assert (patient.detect_within_s, patient.every_s) == (60, 3)
    assert patient.users_patience_s == 3 * drill.users_patience_s
    assert with_patience(drill, 20).every_s == 5
    assert "interval: 3s" in hurried(RULES, every_s=patient.every_s)


@dataclass
class _Stack:
    label: str
    pager: Pager
    url: str = ""
    key: str = ""
    away: None = None


@dataclass
class _World:
    """Takes the place of real servers: says which stacks were started and who ran on each."""

    bad: set[str]
    stacks: list[list[str]]

    @contextmanager
    def stack(self, label: str, _plan: object, _tell: object) -> Iterator[_Stack]:
        self.stacks.append([])
        yield _Stack(label, Pager())

    def run(self, drill: Drill, stack: _Stack, outcome: Outcome) -> None:
        self.stacks[-1].append(drill.name)
        outcome.steady_after_s = 1.0
        outcome.acknowledged, outcome.lost = 3, ()
        outcome.impact = Impact(9, 0, (), None, 0.1)
        if drill.name not in self.bad:
            outcome.recovered_after_s = 1.0
            outcome.arrivals = [Arrival(e, 1.0, "page-L1", "critical", "P1", 0, 2.0)
                                for e in drill.expects]  # fmt: skip
        stack.pager.pages += [_page(each.alert, "firing") for each in drill.expects]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> _World:
    made = _World(set(), [])

    class Rehearsal:
        def __init__(self, drill: Drill, stack: _Stack, _users: object, outcome: Outcome,
                     *_more: object) -> None:  # fmt: skip
            self._words = drill, stack, outcome

        def run(self) -> None:
            made.run(*self._words)

    @contextmanager
    def users(*_words: object, **_more: object) -> Iterator[None]:
        yield None

    monkeypatch.setattr(rehearsing, "private_stack", made.stack)
    monkeypatch.setattr(rehearsing, "working_users", users)
    monkeypatch.setattr(rehearsing, "_Rehearsal", Rehearsal)
    return made


def _drill(name: str, alert: str, **more: object) -> Drill:
    made = Drill(name, name, (Expected(alert, "P1", "page-L1"),), 1, inject=lambda _stack: ())
    return replace(made, **more)  # type: ignore[arg-type]


def _ran(drills: list[Drill]) -> list[Outcome]:
    return list(rehearse_all(drills, {"r.yaml": RULES}, lambda _line: None))


def test_drills_that_want_the_same_stack_share_it_and_others_do_not(world: _World) -> None:
    drills = [_drill("a", "A"), _drill("b", "B", settings={"CALENDAR_X": "1"}), _drill("c", "C")]
    assert [each.drill.name for each in _ran(drills)] == ["a", "c", "b"]
    assert world.stacks == [["a", "c"], ["b"]]


def test_after_a_drill_that_leaves_trouble_the_next_has_a_fresh_stack(world: _World) -> None:
    world.bad.add("a")
    outcomes = _ran([_drill("a", "A"), _drill("b", "B")])
    assert world.stacks == [["a"], ["b"]]
    assert outcomes[1].still_firing == ()


def test_what_a_drill_leaves_firing_is_named_by_the_next_unless_it_expects_it(
    world: _World,
) -> None:
    drills = [_drill("a", "A", resolves=False), _drill("b", "B"), _drill("c", "A")]
    outcomes = _ran(drills)
    assert world.stacks == [["a", "b", "c"]]
    assert [each.still_firing for each in outcomes] == [(), ("A",), ("B",)]


def test_an_outcome_without_recovery_leaves_nothing_well() -> None:
    outcome = Outcome(_drill("a", "A"), "id", datetime.now(UTC), ())
    assert not outcome.leaves_all_well
    assert outcome.verdict is Verdict.INCONCLUSIVE
