"""What the console asks, how often, and what it makes of the answers."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest

from console.consequences import after, consequences, rungs, span
from console.edge import asking, charts
from console.edge.drawing import without_styles
from console.edge.kept import Kept
from console.firing import MOST, alerts_of, link
from console.noise import firings, noise
from console.queries import Together, ask
from console.spending import left_over_time, spenders
from console.verdict import judge
from kit.edge.prometheus import QueryRefusedError, connect
from kit.pure.answers import Series
from kit.pure.errors import UnreachableError
from slo.edge.accounts import account
from slo.edge.files import load_objectives
from tests.support.console_app import about_of, serving
from tests.support.prometheus_double import double, steady
from tests.support.waiting import wait_for

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OBJECTIVES = load_objectives()
AVAILABILITY = next(each for each in OBJECTIVES if each.name == "availability")


def twenty() -> tuple[Any, ...]:
    return tuple(replace(OBJECTIVES[n % 4], name=f"o{n}") for n in range(20))


def test_twenty_objectives_cost_a_page_thirty_questions_and_the_figures_are_those_of_the_verb(
    tmp_path: Path,
) -> None:
    with double() as servers:
        about = replace(
            about_of(tmp_path, prometheus=servers.url, now=lambda: NOW), objectives=twenty()
        )
        found = asking.accounts(about)
        asked = len(servers.asked)
        asking.alerts(about)
        asking.dependencies(about)
        asking.changes(about)
        assert len(servers.asked) <= 30
        assert asked <= 10
        with connect(servers.url) as server:
            alone = [account(server, each, NOW) for each in about.objectives[:4]]
    assert [each.budget for each in found[:4]] == [each.budget for each in alone]
    assert [each.counted for each in found[:4]] == [each.counted for each in alone]


def test_versions_and_restarts_of_other_services_in_the_same_prometheus_are_none_of_ours(
    tmp_path: Path,
) -> None:
    with double() as servers:
        shipped = about_of(tmp_path, prometheus=servers.url, now=lambda: NOW)
        about = replace(shipped, project=replace(shipped.project, job="till"))
        asking.changes(about)
        charts.spent_by(about, AVAILABILITY)
        roles = about.project.roles
        named = [name for name in (roles.version and roles.version.info, roles.started) if name]
        asked = [query for query in servers.asked if any(name in query for name in named)]
    assert len(asked) >= len(named) + 1
    assert all('job="till"' in query for query in asked)


class Refusing:
    """Refuses what holds a word, alone or among others, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
        self.asked += 1
        if "wrong" in expression:
            raise QueryRefusedError("no such function")
        rows = expression.count("console_row") or 1
        marks = [{"console_row": str(n)} for n in range(rows)] if rows > 1 else [{}]
        return tuple(Series(m, np.array([at_s]), np.array([1.0])) for m in marks)

    def range(self, *_: Any) -> tuple[Series, ...]:
        raise AssertionError


def test_one_query_that_is_refused_takes_no_other_with_it() -> None:
    together = Together(Refusing(), 3)

    def one(expression: str) -> object:
        try:
            return together.instant(expression, 1.0)[0].last
        except QueryRefusedError as err:
            return str(err)
        finally:
            together.leave()

    with ThreadPoolExecutor(3) as pool:
        assert [*pool.map(one, ["a", "wrong()", "b"])] == [1.0, "no such function", 1.0]


def test_whoever_asks_less_is_not_waited_for() -> None:
    together = Together(Refusing(), 2)

    def one(times: int) -> int:
        try:
            return sum(len(together.instant("x", 1.0)) for _ in range(times))
        finally:
            together.leave()

    with ThreadPoolExecutor(2) as pool:
        assert [*pool.map(one, [1, 5])] == [1, 5]


def test_a_hundred_and_one_questions_are_two() -> None:
    server = Refusing()
    assert len(ask(server, (1.0,), [f"x{n}" for n in range(101)])) == 101
    assert server.asked == 2


def test_a_source_that_hangs_is_asked_once_whoever_waits() -> None:
    kept, free, asked = Kept(wait_s=0.05), threading.Event(), []

    def hang() -> str:
        asked.append(1)
        free.wait(60)
        return "there"

    panels = [kept.panel("slow", 0, hang) for _ in range(3)]
    assert all(each.value is None for each in panels)
    assert {each.problem for each in panels} == {"no answer within 0.05 s"}
    assert len(asked) == 1
    free.set()
    assert kept.panel("slow", 60, lambda: "other", wait_s=60).value == "there"
    kept.close()


def test_an_old_answer_stands_in_for_a_while_and_says_so() -> None:
    clock = [NOW]
    kept = Kept(now=lambda: clock[0])
    assert kept.panel("x", 10, lambda: 1).value == 1
    clock[0] += timedelta(seconds=5)
    assert kept.panel("x", 10, lambda: 2).value == 1  # young

    def away() -> int:
        raise UnreachableError("it does not answer", hint="start it")

    clock[0] += timedelta(seconds=20)
    stale = kept.panel("x", 10, away)
    assert (stale.value, stale.is_stale, stale.at) == (1, True, NOW)
    assert stale.problem == "it does not answer. start it."
    clock[0] += timedelta(hours=1)
    assert kept.panel("x", 10, away).value is None


def test_who_waits_for_a_source_that_hangs_is_answered_when_the_console_is_told_to_end(
    tmp_path: Path,
) -> None:
    with double() as slow:
        slow.hangs.set()
        about = about_of(tmp_path, prometheus=slow.url)
        with ThreadPoolExecutor(1) as pool:
            with serving(about, wait_s=60) as url:
                answer = pool.submit(httpx.get, url, timeout=60)
                wait_for(lambda: slow.asked, what="the source is asked", within_s=30)
            assert answer.result().status_code == 200
            assert "no answer within" in answer.result().text
        slow.released.set()


def test_a_fault_of_one_part_is_told_without_its_trace() -> None:
    kept = Kept()
    nothing: dict[str, int] = {}
    panel = kept.panel("x", 1, lambda: nothing["secret"])
    assert panel.problem == "this part cannot be shown: KeyError"


def test_ten_thousand_alerts_are_counted_and_the_worst_are_shown() -> None:
    rows = [
        {"labels": {"alertname": f"A{n % 7}", "severity": "critical" if n == 9_999 else "info"},
         "startsAt": "2026-11-29T11:00:00.123456789Z", "status": {"state": "active"}}
        for n in range(10_000)
    ]  # fmt: skip
    found = alerts_of([*rows, None, {"labels": 3}, {"labels": {"alertname": "Watchdog"}}], "x")
    assert (found.total, len(found.shown), found.firing) == (10_000, MOST, 10_000)
    assert found.shown[0].severity == "critical"


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://runbooks.example/x", True), ("javascript:alert(1)", False), ("", False),
        ("https://user:pw@host/x", False), ("data:text/html,x", False), ("//host/x", False),
        ("http://[::1", False), (None, False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_are_linked(address: str | None, linked: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert (link(address) is not None) is linked


def test_what_is_not_known_is_never_good() -> None:
    assert judge(None, None, []).state == "unknown"
    none = alerts_of([], "x")
    assert judge(none, (), []).headline == "Not known: objectives"
    assert judge(none, None, ["Redis"]).state == "bad"


def test_what_is_to_be_done_leads_to_where_it_is_done() -> None:
    rows = [{"labels": {"alertname": name}} for name in ("Odd \ud800/x", "Slow", "Slow")]
    steps = judge(alerts_of(rows, "x"), (), []).steps
    assert [each.page for each in steps] == ["/runbooks/Odd%20%3F/x", "/runbooks/Slow", ""]
    assert steps[-1].command == "sre status announce"
    assert judge(None, None, ["Redis"]).steps[0].command == "sre check health"


def test_the_time_to_an_alert_follows_from_its_windows() -> None:
    (hour, quarter, *_) = rungs(AVAILABILITY)
    assert hour.pages
    assert after(hour, hour.share) is None
    whole = after(hour, 1.0)
    assert whole == hour.long * hour.share + hour.hold
    assert quarter.burn < hour.burn
    found = [each for each in consequences(AVAILABILITY) if each.pages]
    times = [each.after for each in found if each.after is not None]
    assert times == sorted(times)  # a smaller fault is noticed later
    assert [span(timedelta(minutes=m)) for m in (0.2, 60, 61, 1500)] == [
        "1 min", "1 h", "1 h 1 min", "1 d 1 h",
    ]  # fmt: skip


def test_noise_counts_firings_by_their_gaps() -> None:
    end = 10_000.0
    flapping = [float(t) for start in (0, 1200, 2400) for t in range(start, start + 240, 120)]
    lasting = [float(t) for t in range(8_000, 10_001, 120)]
    found = firings(
        [({"alertname": "Flaps", "priority": "P3"}, flapping), ({"alertname": "Lasts"}, lasting)],
        120, end,
    )  # fmt: skip
    rows = {each.alert: each for each in noise(found, end)}
    assert (rows["Flaps"].fired, rows["Flaps"].actionable, rows["Flaps"].flaps) == (3, 0, True)
    assert (rows["Lasts"].fired, rows["Lasts"].actionable, rows["Lasts"].going) == (1, 1, True)


def test_what_is_left_at_the_end_is_what_the_whole_window_left() -> None:
    times = np.array([100.0, 200.0, 300.0])
    total = Series({}, times, np.array([10.0, 10.0, 10.0]))
    bad = Series({}, times[1:], np.array([0.01, 0.005]))
    _, left = left_over_time(bad, total, AVAILABILITY, 100.0)
    spent = (0.01 + 0.005) / 30 / AVAILABILITY.budget
    assert left == pytest.approx([1.0, 1 - 1 / 3, 1 - spent])
    assert len(left_over_time(None, None, AVAILABILITY, 1.0)[0]) == 0


def test_instances_of_one_version_spend_together() -> None:
    def series(instance: str, value: float) -> Series:
        return Series({"instance": instance}, np.array([1.0]), np.array([value]))

    bad, total = [series("a", 2), series("b", 1)], [series(n, 10) for n in "abc"]
    found = spenders(bad, total, "instance", 10, {"a": "1.0", "b": "1.0", "c": "1.1"})
    assert [(each.name, each.bad, each.share) for each in found] == [("1.0", 30, 1), ("1.1", 0, 0)]


def test_a_chart_keeps_its_look_without_style_attributes() -> None:
    path = '<path style="fill: none; stroke: var(--first)"/>'
    svg = f'<svg><style type="text/css">*{{x}}</style>{path}</svg>'
    assert without_styles(svg) == '<svg><path fill="none" stroke="var(--first)"/></svg>'


def test_the_double_is_no_service_without_failures() -> None:
    assert steady('sum(rate(x{status=~"5.."}[5m]))')[0][1]
