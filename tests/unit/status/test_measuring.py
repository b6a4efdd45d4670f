"""What is made of a Prometheus's answers: days, maintenance left out, and what is not known."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from kit.edge.prometheus import QueryRefusedError
from kit.pure.answers import Series
from kit.pure.errors import UnreachableError
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED, load_project
from slo.maintenance import Maintenance
from status.components import Component, named_of
from status.edge.measuring import measure
from status.measured import State

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MIDNIGHT = NOW.replace(hour=0)
ERRORS = next(each for each in load_objectives() if each.name == "errors")
JOURNEYS = Component("using", "Using it", "", ("calendar_day",))
BOTH = Component("both", "Both", "", ("calendar_day",), (ERRORS,))


class Past:
    """A Prometheus of which every minute is known: when the journey failed, and what was seen."""

    def __init__(
        self, *down: tuple[datetime, datetime], seen_from: datetime, bad: float = 0.0
    ) -> None:
        self.down, self.seen_from, self.bad = down, seen_from, bad

    def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
        value = self._value(expression, at_s)
        return () if value is None else (Series({}, np.array([at_s]), np.array([value])),)

    def range(
        self, expression: str, start_s: float, end_s: float, step_s: float
    ) -> tuple[Series, ...]:
        times = np.arange(start_s, end_s + 1, step_s)
        found = [(at, v) for at in times if (v := self._value(expression, float(at))) is not None]
        if not found:
            return ()
        return (Series({}, np.array([a for a, _ in found]), np.array([v for _, v in found])),)

    def _value(self, expression: str, at_s: float) -> float | None:
        at = datetime.fromtimestamp(at_s, UTC)
        if "probe_success" not in expression:
            is_bad = "status=" in expression or "/ (" in expression
            return None if at <= self.seen_from else self.bad if is_bad else 1.0
        if (counted := re.search(r"\[(\d+)s\]\)\)$", expression)) is not None:
            span = timedelta(seconds=int(counted[1]))
            known = min(at - self.seen_from, span)
            return known.total_seconds() // 60 if known > timedelta(0) else None
        if (found := re.search(r"\[(\d+)s:1m\]", expression)) is None:
            up = self._fails(at) == ("== bool 0" in expression)
            return float(up) if at > self.seen_from else None
        length = timedelta(seconds=int(found[1]))
        minutes = [at - timedelta(minutes=n) for n in range(int(length.total_seconds() // 60))]
        measured = [one for one in minutes if one > self.seen_from]
        if not measured:
            return None
        return float(
            len(measured) if "count_over" in expression else sum(map(self._fails, measured))
        )

    def _fails(self, at: datetime) -> bool:
        return any(start < at <= end for start, end in self.down)


def test_minutes_without_service_stand_on_their_day_and_before_that_nothing_is_known() -> None:
    yesterday = MIDNIGHT - timedelta(hours=10)
    past = Past(
        (yesterday, yesterday + timedelta(minutes=23)), seen_from=MIDNIGHT - timedelta(days=3)
    )
    found = measure(past, [JOURNEYS], NOW, [])["using"]
    assert [each.state for each in found.days[-4:]] == [
        State.WORKS, State.WORKS, State.OUTAGE, State.WORKS,
    ]  # fmt: skip
    assert found.days[-2].down_min == 23
    assert found.days[-5].state is State.UNKNOWN
    assert found.days_seen == 4
    assert found.uptime == pytest.approx(1 - 23 / (3 * 1440 + 720))
    (stretch,) = found.stretches
    assert stretch.start == yesterday + timedelta(minutes=1)
    assert stretch.end == yesterday + timedelta(minutes=24)


def test_what_falls_into_planned_maintenance_is_no_outage() -> None:
    begin = MIDNIGHT - timedelta(hours=5)
    past = Past((begin, begin + timedelta(minutes=40)), seen_from=MIDNIGHT - timedelta(days=3))
    window = Maintenance(begin - timedelta(minutes=5), begin + timedelta(minutes=35), "disks")
    found = measure(past, [JOURNEYS], NOW, [window])["using"]
    assert found.days[-2].down_min == 5
    assert found.days[-2].maintenance_min == 40
    assert found.days[-2].state is State.DEGRADED
    other = Maintenance(window.start, window.end, "disks", ("speed",))
    assert measure(past, [JOURNEYS], NOW, [other])["using"].days[-2].down_min == 40
    across = Maintenance(MIDNIGHT - timedelta(hours=6), MIDNIGHT + timedelta(hours=1), "move")
    days = measure(past, [JOURNEYS], NOW, [across, window])["using"].days
    assert [each.maintenance_min for each in days[-2:]] == [360, 60]
    assert days[-2].down_min == 0


def test_an_outage_of_now_is_one_and_goes_on() -> None:
    past = Past((NOW - timedelta(minutes=5), NOW), seen_from=NOW - timedelta(days=1))
    found = measure(past, [BOTH], NOW, [])["both"]
    assert found.now is State.OUTAGE
    assert found.stretches[-1].end is None


def test_requests_that_fail_make_a_day_and_a_moment_that_some_noticed() -> None:
    found = measure(Past(seen_from=NOW - timedelta(days=2), bad=0.2), [BOTH], NOW, [])["both"]
    assert found.now is State.DEGRADED
    assert found.days[-1].missed
    assert found.days[-1].state is State.DEGRADED
    assert found.days[-1].failed == 0.2


def test_without_any_data_nothing_works_and_nothing_is_broken() -> None:
    found = measure(Past(seen_from=NOW + timedelta(days=1)), [BOTH], NOW, [])["both"]
    assert found.now is State.UNKNOWN
    assert {each.state for each in found.days} == {State.UNKNOWN}
    assert (found.uptime, found.stretches) == (None, ())


def test_a_refusal_is_the_problem_of_its_part() -> None:
    class Refusing(Past):
        def instant(self, *_: Any) -> tuple[Series, ...]:
            raise QueryRefusedError("too many samples")

    found = measure(Refusing(seen_from=NOW), [JOURNEYS], NOW, [])["using"]
    assert (found.now, found.problem) == (State.UNKNOWN, "too many samples")


def test_a_server_that_hangs_is_waited_for_once_and_what_it_told_before_stays() -> None:
    class Silent(Past):
        asked = 0

        def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
            if "probe_success" in expression:
                return super().instant(expression, at_s)
            self.asked += 1
            raise UnreachableError("it does not answer")

    parts = [JOURNEYS, BOTH, Component("third", "Third", "", (), (ERRORS,))]
    server = Silent(seen_from=NOW - timedelta(hours=2))
    found = measure(server, parts, NOW, [])
    assert server.asked == 1
    assert [each.now for each in found.values()] == [State.WORKS, State.UNKNOWN, State.UNKNOWN]
    assert found["third"].problem == "it does not answer"


def test_a_project_names_its_parts_and_a_wrong_name_is_refused() -> None:
    project: Any = load_project(SHIPPED)
    named = named_of(project, load_objectives(), ["calendar_day"])
    assert [each.id for each in named.components] == [
        "using-the-calendar", "speed", "understanding-sentences",
    ]  # fmt: skip


def test_only_the_walks_of_the_project_s_own_prober_count() -> None:
    of = replace(load_project(SHIPPED), status=None)
    (component,) = named_of(of, (), ["first"]).components
    assert component.walks == 'probe_success{job="prober",journey=~"first"}'
    roles = replace(of.roles, prober=None)
    (anybody,) = named_of(replace(of, roles=roles), (), ["first"]).components
    assert anybody.walks == 'probe_success{journey=~"first"}'
