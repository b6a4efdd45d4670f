"""`sre slo budget` and the three reports, held against the count of events made one by one.

Five histories in one real Prometheus. What a figure may differ by is what Prometheus does not see
between two scrapes, see `Counts`; nothing is held against another figure of ours.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sre.running import run
from tests.support.backfill import add_block, spec_of_the_past
from tests.support.container import Server
from tests.support.histories import (
    BRIEF,
    CALENDAR,
    CASES,
    CLOCK,
    GAPS,
    HISTORIES,
    TARGETS,
    Told,
    at,
    between,
    check_watched,
    objectives,
    of_window,
)
from tests.support.json_schemas import keeps_schema
from tests.support.made_events import Span, as_text
from tests.support.other_projects import orders, slo
from tests.support.sampling import quick
from tests.support.sharing import shared_server
from tests.support.starting import start_server

pytestmark = pytest.mark.containers


@pytest.fixture(
    scope="session",
    params=["prometheus", pytest.param("prometheus-3", marks=pytest.mark.thorough)],
)
def prometheus(request: pytest.FixtureRequest, image_of_role: Callable[[str], str]) -> Server:
    """Return a server that has scraped all five services, of each major version."""

    def started() -> Server:
        server = start_server(spec_of_the_past(), image_of_role(request.param))
        add_block(server, as_text(tuple(one.events for one in HISTORIES)))
        return server

    return shared_server(f"{request.param}-with-made-events", started)


Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def ask(
    prometheus: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ask:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    url = f"http://{prometheus.host}:{prometheus.port}"

    def asked(told: Told, *arguments: str) -> tuple[int, dict[str, Any]]:
        folder = tmp_path / told.events.job
        if not folder.exists():
            orders(folder, *objectives(told), job=told.events.job)
        code = run([*arguments, "--project", str(folder), "--prometheus", url, "--json"])
        printed = capsys.readouterr()
        assert printed.out, printed.err
        return code, json.loads(printed.out)

    return asked


@pytest.mark.parametrize("told", CASES)
def test_the_budget_is_that_of_the_events(ask: Ask, told: Told) -> None:
    moment = told.events.span.end
    _, found = ask(told, "slo", "budget", "--at", moment.isoformat())
    keeps_schema(json.dumps(found), "slo-budget")
    for row in found["budgets"]:
        bad, target = TARGETS[row["objective"]]
        # The end of a calendar's window is the begin of the next, of which nothing has passed.
        if told is CLOCK:
            assert row["verdict"] == "NO DATA"
            continue
        truth, so_far, passed = of_window(told, moment, bad)
        least, share, most = truth.share()
        factor = passed / (1 - target)
        assert row["total"] == pytest.approx(truth.total, abs=truth.total_off)
        assert row["bad"] == pytest.approx(truth.bad, abs=truth.bad_off)
        assert between(least * factor, row["spent"], most * factor)
        assert row["left"] == pytest.approx(1 - row["spent"])
        assert row["burn"] * passed == pytest.approx(row["spent"])
        if share * factor > 1.1:
            assert row["verdict"] == "FAIL"
        if told is not GAPS and share * factor < 0.9:
            assert row["verdict"] == "PASS"
        check_watched(told, so_far, row["watched"])


@pytest.mark.parametrize("kind", quick(["monthly", "weekly", "daily"], first=1))
@pytest.mark.parametrize("told", CASES)
def test_a_report_is_that_of_the_events(ask: Ask, told: Told, kind: str) -> None:
    _, found = ask(told, "report", kind, "--of", told.day, "--zone", told.zone)
    window = Span(*(at(found["window"][side]) for side in ("start", "end")))
    assert {row["name"] for row in found["promises"]} == set(TARGETS)
    for row in found["promises"]:
        bad, target = TARGETS[row["name"]]
        here = told.events.counted(window, bad)
        least, _, most = here.share()
        assert row["events"] == pytest.approx(here.total, abs=here.total_off)
        assert row["bad_events"] == pytest.approx(here.bad, abs=here.bad_off)
        assert between(1 - most, row["this"], 1 - least)
        truth, so_far, passed = of_window(told, window.end, bad)
        if truth.total == 0:
            assert (row["budget_left"], row["status"]) == (None, "INSUFFICIENT DATA")
            continue
        least, _, most = truth.share()
        factor = passed / (1 - target)
        assert between(1 - most * factor, row["budget_left"], 1 - least * factor)
        check_watched(told, so_far, row["watched"])
    assert found["traffic"]["requests"] == pytest.approx(here.total, abs=here.total_off)
    assert found["quality"]["problems"] == []


@pytest.mark.parametrize("told", [BRIEF, CALENDAR], ids=["brief", "window"])
def test_the_report_says_of_a_moment_what_slo_budget_says(ask: Ask, told: Told) -> None:
    _, report = ask(told, "report", "daily", "--of", told.day, "--zone", told.zone)
    _, budgets = ask(told, "slo", "budget", "--at", report["window"]["end"])
    for row, other in zip(report["promises"], budgets["budgets"], strict=True):
        assert row["name"] == other["objective"]
        assert row["budget_left"] == pytest.approx(other["left"], rel=1e-9)
        assert row["watched"] == other["watched"]


def test_eighteen_minutes_of_thirty_days_are_said_to_be_that_little(
    ask: Ask, prometheus: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(BRIEF, "slo", "budget", "--at", BRIEF.events.span.end.isoformat())
    url = f"http://{prometheus.host}:{prometheus.port}"
    where = ["--project", str(tmp_path / "brief"), "--prometheus", url]
    run(["slo", "budget", *where, "--at", BRIEF.events.span.end.isoformat()])
    assert "% of the window so far was measured" in capsys.readouterr().out
    code = run(["report", "daily", "--of", BRIEF.day, *where])
    told = capsys.readouterr().out
    assert code == 1
    assert "of its window (30 days) was measured" in told
    assert "note: left out: " in told


def test_one_refused_query_is_named_and_the_others_are_counted(
    ask: Ask, tmp_path: Path, prometheus: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    moment = GAPS.events.span.end.isoformat()
    ask(GAPS, "slo", "budget", "--at", moment)
    both = '{__name__=~"http_.+"}'
    clash = slo("clash", "gaps", total="x", bad="y", target=0.9).replace(
        "sum(rate(y[{{.window}}]))", f"sum(rate({both}[{{{{.window}}}}]) * on() {both})"
    )
    (tmp_path / "gaps" / "slo" / "clash.yaml").write_text(clash.replace("(x[", "(up["))
    code, found = ask(GAPS, "slo", "budget", "--at", moment)
    rows = {row["objective"]: row for row in found["budgets"]}
    assert code == 5
    assert rows["clash"]["verdict"] == "NO DATA"
    assert rows["clash"]["problem"]
    assert rows["fast"]["total"] > 0
    url = f"http://{prometheus.host}:{prometheus.port}"
    where = ["--project", str(tmp_path / "gaps"), "--prometheus", url, "--at", moment]
    assert run(["slo", "budget", *where]) == 5
    assert "error: clash cannot be counted" in capsys.readouterr().err


def test_more_good_than_total_is_contradictory_and_no_pass(ask: Ask, tmp_path: Path) -> None:
    ask(BRIEF, "slo", "budget", "--at", BRIEF.events.span.end.isoformat())
    one_route = 'http_requests_total{job="brief",handler="/orders"}'
    every_route = 'http_requests_total{job="brief"}'
    for name, good in (("odd", every_route), ("same", one_route)):
        text = slo(name, "brief", total=one_route, good=good, target=0.99)
        (tmp_path / "brief" / "slo" / f"{name}.yaml").write_text(text)
    moment = BRIEF.events.span.end.isoformat()
    for name, why in (("odd", "good of"), ("same", "good and total are the same query")):
        code, found = ask(BRIEF, "slo", "budget", name, "--at", moment)
        (row,) = found["budgets"]
        assert (code, row["verdict"], row["spent"]) == (5, "CONTRADICTORY", None)
        assert why in row["problem"]
    _, report = ask(BRIEF, "report", "daily", "--of", BRIEF.day)
    status = {row["name"]: row["status"] for row in report["promises"]}
    assert status["odd"] == status["same"] == "CONTRADICTORY"
