"""What rules record of a budget, and what boards show of it, against the count of made events.

The rules are those that are built. A real Prometheus answers each over the past of a service, and
is given the answers as what it had recorded.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from alerts.edge.generated import objectives_of, rules_of
from alerts.rule import Record
from dashboards.boards.compose import build_boards
from slo.project.project import Project
from sre.dashboard_facts import load_facts
from tests.support.backfill import add_block, spec_of_the_past
from tests.support.container import Server
from tests.support.histories import (
    BRIEF,
    CALENDAR,
    CLOCK,
    GAPS,
    MONTH,
    TARGETS,
    Told,
    between,
    objectives,
    of_window,
)
from tests.support.made_events import as_text
from tests.support.monitoring import ask
from tests.support.other_projects import orders

pytestmark = pytest.mark.containers

_PART_S: Final = 7 * 86_400
_OF_PERIOD: Final = ("slo:budget_", "slo:period:")
_CASES: Final = [
    BRIEF,
    *(
        pytest.param(one, marks=pytest.mark.thorough, id=one.events.job)
        for one in (GAPS, MONTH, CLOCK, CALENDAR)
    ),
]


@dataclass(frozen=True)
class Recorded:
    """A server that has lived through a history, and what it recorded of it at each step."""

    server: Server
    told: Told
    project: Project
    moment: datetime

    def value(self, query: str) -> float | None:
        """Return what a query that gives at most one series gives at the moment."""
        asked = urlencode({"query": query, "time": self.moment.timestamp()})
        found = ask(self.server, f"/api/v1/query?{asked}")["data"]["result"]
        assert len(found) <= 1, found
        return float(found[0]["value"][1]) if found else None

    def record(self, rules: Iterable[Record], start_s: float, step_s: int) -> None:
        """Let the server answer each rule from a moment on, and keep that as recorded."""
        lines = [line for rule in rules for line in self._answers(rule, start_s, step_s)]
        add_block(self.server, "\n".join([*lines, "# EOF", ""]))

    def _answers(self, rule: Record, start_s: float, step_s: int) -> Iterable[str]:
        yield f"# TYPE {rule.name} unknown"
        end_s = self.moment.timestamp()
        while start_s <= end_s:
            last = min(end_s, start_s + _PART_S)
            asked = {"query": rule.expr, "start": start_s, "end": last, "step": step_s}
            for series in ask(self.server, f"/api/v1/query_range?{urlencode(asked)}")["data"][
                "result"
            ]:
                labels = {k: v for k, v in series["metric"].items() if k != "__name__"}
                own = _labels({**labels, **dict(rule.labels)})
                yield from (f"{rule.name}{own} {value} {at}" for at, value in series["values"])
            start_s = last + step_s


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{name}={json.dumps(value)}" for name, value in labels.items()) + "}"


def at_step(told: Told) -> tuple[Told, int]:
    """Return the history as it is scraped for rules that look back two minutes."""
    every_s = min(60, told.events.every_s)
    return replace(told, events=replace(told.events, every_s=every_s)), every_s


@pytest.fixture(params=_CASES, ids=lambda told: told.events.job)
def recorded(
    request: pytest.FixtureRequest, start_private: Callable[..., Server], tmp_path: Path
) -> Recorded:
    told, step_s = at_step(request.param)
    span = told.events.span
    # The end of a calendar's window is the begin of the next, of which nothing has passed.
    moment = span.end - timedelta(hours=10) if request.param is CLOCK else span.end
    project = orders(tmp_path / "project", *objectives(told), job=told.events.job)
    server = start_private(spec_of_the_past())
    add_block(server, as_text((told.events,)))
    found = Recorded(server, told, project, moment)
    rules = [
        rule
        for group in rules_of(project, objectives_of(project)).groups
        for rule in group.rules
        if isinstance(rule, Record) and dict(rule.labels).get("slo")
    ]
    of_events = [rule for rule in rules if rule.name.startswith("slo:events_")]
    of_period = [rule for rule in rules if rule.name.startswith(_OF_PERIOD)]
    numbers = [rule for rule in of_period if rule.name.startswith("slo:period:")]
    found.record([*of_events, *numbers], span.start.timestamp(), step_s)
    found.record([one for one in of_period if one not in numbers], moment.timestamp(), 1)
    return found


def panels(project: Project) -> Mapping[tuple[str, str], Any]:
    """Return each panel by objective and title."""
    facts = load_facts(project)
    return {
        (name, panel.title): panel
        for name in TARGETS
        for board in build_boards(facts).boards
        if board.uid == project.boards.uid_of_objective(name)
        for row in board.rows
        for panel in row.panels
    }


def test_rule_and_board_are_those_of_the_events(recorded: Recorded) -> None:
    told, moment, shown = recorded.told, recorded.moment, panels(recorded.project)
    for name, (bad, target) in TARGETS.items():
        own = f'{{slo="{name}",service="{told.events.job}"}}'
        seen = replace(told, events=told.events.seen())
        truth, so_far, passed = of_window(seen, moment, bad)
        least, share, most = truth.share()
        # A calendar's window is looked at in hours, and a zone keeps its winter's hour in a rule.
        rounding = 1e-6 if "rolling" in told.window.lower() else 0.002
        factor = passed / (1 - target)
        spent = recorded.value(f"slo:budget_spent:30d{own}")
        assert between(least * factor * (1 - rounding), spent, most * factor * (1 + rounding))
        assert spent == pytest.approx(share * factor, rel=0.1)
        watched = recorded.value(f"slo:budget_watched:30d{own}") or 0.0
        # An hour of samples a minute apart has 61 where Prometheus 2 counts both ends.
        off = 2 * 3600 / so_far.seconds + watched / 60
        assert watched == pytest.approx(told.events.watched(so_far), abs=off)
        (title,) = (title for of, title in shown if of == name and title.endswith(": budget left"))
        for each in (title, "Budget left over time"):
            left, *_ = shown[name, each].queries
            assert recorded.value(left.expr) == pytest.approx(1 - (spent or 0))
