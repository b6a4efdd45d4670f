"""Each finding has a begin, an end and a state, and what explains a breach is taken off it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kit.pure.answers import Answer, Series
from reports.history.compose import document
from reports.history.history import history
from reports.markdown import to_markdown
from reports.period.action import Findings
from reports.period.budget_actions import of_budgets
from reports.period.evidence import Evidence, Record, read_record
from reports.period.objectives import ObjectiveRow, Status
from reports.period.outages import Outage
from reports.period.plan import plan
from reports.period.policy import Decision, policy_rows
from reports.period.regressions import Regression, regressions
from reports.period.settled import settled
from reports.period.states import State
from reports.period.window import Kind, containing
from slo.project.reports import PolicyStep, Reports
from tests.support.other_projects import CALENDAR
from tests.support.promises import promises

WINDOW = containing(Kind.WEEK, date(2026, 6, 3), ZoneInfo("Europe/Berlin"))
PROMISES = promises()
HOUR = 3600


def answers(
    slow: dict[str, Any], versions: list[tuple[str, float, float]]
) -> Iterator[tuple[str, Answer]]:
    """Yield what is asked of latency and versions; `slow` are shares of slow requests by route."""
    queries = {one.name: one for one in plan(WINDOW, PROMISES, CALENDAR)}
    asked = queries["slow.latency"]
    at = np.arange(asked.start_s, asked.end_s + 1, asked.step_s, dtype=float)
    total = 1.0 + 0.6 * np.sin(at / 86_400 * 2 * np.pi)
    series = []
    for route, share in slow.items():
        shares = share(at)
        series.append(Series({"part": "total", "route": route}, at, total))
        series.append(Series({"part": "good", "route": route}, at, total * (1 - shares)))
    yield "slow.latency", Answer(tuple(series))
    builds = queries["processes"]
    fine = np.arange(builds.start_s, builds.end_s + 1, builds.step_s, dtype=float)
    live = []
    for name, begin, end in versions:
        seen = fine[(fine > begin) & (fine <= end)]
        live.append(Series({"part": "builds", "version": name}, seen, np.ones(len(seen))))
    yield "processes", Answer(tuple(live))


def found(slow: dict[str, Any], *versions: tuple[str, float, float]) -> tuple[Regression, ...]:
    given = dict(answers(slow, list(versions)))
    return regressions(Evidence(WINDOW, PROMISES, given, CALENDAR))


def at_hour(hour: int) -> float:
    return float(WINDOW.start_s + hour * HOUR)


def between(begin: float, end: float, *, high: float = 0.1, low: float = 0.01) -> Any:
    rng = np.random.default_rng(1)
    return lambda at: (
        np.where((at > begin) & (at <= end), high, low) * rng.uniform(0.9, 1.1, len(at))
    )


END = float(WINDOW.end_s)
DEPLOYED, MENDED = at_hour(58), at_hour(130)
TWO = (("2.3.9", 0.0, DEPLOYED), ("2.4.0", DEPLOYED, MENDED), ("2.4.1", MENDED, END))


def test_what_a_later_version_mended_is_told_with_its_end_and_is_nothing_to_do() -> None:
    (one,) = found({"/events": between(DEPLOYED, MENDED)}, *TWO)
    assert (one.state, one.mended_by, one.deploy.version) == (State.MENDED, "2.4.1", "2.4.0")
    assert one.end is not None
    assert abs(one.end.timestamp() - MENDED) <= 2 * HOUR
    assert one.excess == pytest.approx(0.09 * (MENDED - DEPLOYED), rel=0.15)
    told = findings(regressions=(one,))
    assert not list(of_budgets(told, WINDOW.end))
    assert "mended by 2.4.1" in settled(told)[0]


def test_what_is_still_slow_is_open_and_the_next_version_is_not_blamed_for_it() -> None:
    (one,) = found({"/events": between(DEPLOYED, END)}, *TWO)
    assert (one.state, one.end, one.deploy.version) == (State.OPEN, None, "2.4.0")
    (action,) = of_budgets(findings(regressions=(one,)), WINDOW.end)
    assert (action.state, action.begin, action.end) == (State.OPEN, one.begin, None)


def test_what_ended_without_a_deploy_is_gone() -> None:
    quiet = at_hour(100)
    (one,) = found({"/events": between(DEPLOYED, quiet)}, *TWO[:1], ("2.4.0", DEPLOYED, END))
    assert (one.state, one.mended_by) == (State.GONE, "")


def test_a_version_that_changes_nothing_is_not_blamed_for_the_time_of_day() -> None:
    def by_noon(at: np.ndarray) -> np.ndarray:
        noise = np.random.default_rng(2).uniform(0.9, 1.1, len(at))
        return (0.009 - 0.003 * np.cos((at - WINDOW.start_s) / 86_400 * 2 * np.pi)) * noise

    versions = (("1", 0.0, at_hour(6 * 24 + 9)), ("2", at_hour(6 * 24 + 9), END))
    assert found({"/events": by_noon}, *versions) == ()


def row(name: str = "availability", **known: Any) -> ObjectiveRow:
    usual: dict[str, Any] = {
        "name": name, "display_name": name.title(), "measure": name, "target": 0.999, "this": 0.99,
        "before": None, "four_weeks": None, "change": None, "events": 1e6, "bad_events": 1e4,
        "budget_left": -9.0, "pace": 10.0, "runs_out": None, "traffic_share": None,
        "status": Status.BREACHED, "reason": "",
    }  # fmt: skip
    return ObjectiveRow(**(usual | known))


def outage(bad: float) -> Outage:
    begin = WINDOW.start + timedelta(hours=9)
    end = begin + timedelta(minutes=10)
    return Outage("failing", begin, end, bad, 0.5, 0.1, "/a", 10, State.GONE, is_cut=False)


def findings(**known: Any) -> Findings:
    empty: dict[str, Any] = dict.fromkeys(Findings.__dataclass_fields__, ())
    return Findings(**(empty | {"accuracy": "accuracy"} | known))


def budget_keys(bad: float) -> list[str]:
    made = of_budgets(findings(promises=(row(),), outages=(outage(bad),)), WINDOW.end)
    return [one.key for one in made if one.key.startswith("budget:")]


def test_a_small_outage_hides_no_breach_and_one_that_explains_it_does() -> None:
    assert budget_keys(bad=20) == ["budget:availability"]
    assert budget_keys(bad=9_900) == []
    (breach,) = [
        one
        for one in of_budgets(
            findings(promises=(row(budget_left=-0.8),), outages=(outage(2_500),)), WINDOW.end
        )
        if one.key.startswith("budget:")
    ]
    assert breach.weight == pytest.approx(0.8 * 0.75)
    assert "outages or slow deploys are 25 % of it" in breach.because


@pytest.mark.parametrize(
    ("left", "step", "decision"),
    [
        (0.9, None, Decision.PROCEED),
        (0.5, 0.5, Decision.PROCEED),
        (0.1, 0.75, Decision.PROCEED),
        (0.0, 1.0, Decision.FREEZE),
        (-3.0, 1.0, Decision.FREEZE),
        (None, None, Decision.UNKNOWN),
    ],
)
def test_the_policy_of_the_project_says_what_a_spent_budget_means(
    left: float | None, step: float | None, decision: Decision
) -> None:
    steps = (
        PolicyStep(0.5, "look"),
        PolicyStep(0.75, "slow down"),
        PolicyStep(1, "stop", freeze=True),
    )
    project = replace(CALENDAR, reports=Reports(policy=steps))
    (told,) = policy_rows(project, (row(budget_left=left),))
    assert (told.step, told.decision) == (step, decision)
    assert policy_rows(replace(CALENDAR, reports=Reports()), (row(),)) == ()


def test_the_history_opens_and_closes_things_to_do_and_keeps_every_week() -> None:
    def report(week: int, *keys: str) -> Record:
        named = [{"key": key, "do": key.title()} for key in keys]
        data = {
            "id": f"week-{week}", "kind": "week", "actions": named, "further": [],
            "started_at": datetime(2026, 1, week, tzinfo=UTC).isoformat(),
            "promises": [{"name": "a", "display_name": "A", "this": 0.99, "budget_left": 0.4,
                          "status": "OK"}],
            "paging": {"alerts": [{"firings": 4, "actionable": 1}], "pages_in_quiet_hours": 2},
        }  # fmt: skip
        made = read_record("report", data)
        assert made is not None
        return made

    slices = {"all": {"ratio": 0.9}, "dates": {"ratio": 0.8}}
    run = {"id": "g", "at": "2026-01-02T00:00:00Z", "commit": "abc", "slices": slices}
    golden = read_record("golden", run)
    assert golden is not None
    told = history([report(1, "leak"), report(2, "leak", "noise"), report(3, "noise"), golden])
    actions = {one.key: (one.opened, one.closed, one.reports) for one in told.actions}
    assert actions == {"leak": ("week-1", "week-3", 2), "noise": ("week-2", "", 2)}
    assert [one.kept for one in told.objectives] == [0.99] * 3
    text = to_markdown(document(told))
    for words in ("99.00 %, 40 % left", "abc", "80.0 %", "25 %", "OPEN"):
        assert words in text
