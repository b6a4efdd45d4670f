"""Reports on four weeks of which every figure is known, asked of a real Prometheus 2 and 3."""

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kit.edge.prometheus import connect
from kit.pure.answers import Answer
from reports.gathered.evaluate import answer
from reports.gathered.samples import NAME, Labels, Page, table_of
from reports.period.plan import plan
from reports.period.window import Kind, containing
from slo.edge.files import load_objectives
from sre.running import run
from tests.support import history as past
from tests.support.backfill import backfill, keeping_everything
from tests.support.container import Server
from tests.support.history import History, history
from tests.support.monitoring import prometheus_spec
from tests.support.other_projects import CALENDAR
from tests.support.sharing import shared_server
from tests.support.starting import start_server

# Back-filling 2.4 million samples takes a busy machine long.
pytestmark = pytest.mark.thorough

EXACT: Final = {"prometheus": 1e-6, "prometheus-3": 1e-4}
"""Shares and totals: whole windows lose nothing, whatever lies between.

A range of Prometheus 3 leaves out the sample that lies right at its begin, so one minute of a
week's 10,080 is extrapolated.
"""
PLACED: Final = 0.02
"""Counts by hour or day: extrapolated to the hour's edges, and without the scrape gap."""
STEP: Final = timedelta(minutes=5)
SCRAPE: Final = timedelta(minutes=1)
NEVER: Final = {
    "groups": [{"name": "g", "rules": [{"alert": "DiskFull", "expr": "vector(0) > 1"}]}]
}


@pytest.fixture(scope="session")
def truth() -> History:
    return history()


@pytest.fixture(scope="session", params=["prometheus", "prometheus-3"])
def prometheus(
    request: pytest.FixtureRequest, image_of_role: Callable[[str], str], truth: History
) -> Server:
    """Return a server that has lived through the four weeks, of each major version."""

    def started() -> Server:
        spec = prometheus_spec({"rules.yml": json.dumps(NEVER)}, interval="1m")
        spec = dataclasses.replace(spec, command=keeping_everything(spec.command))
        server = start_server(spec, image_of_role(request.param))
        backfill(server, past.chunks(truth, hours=2))
        return server

    return shared_server(f"{request.param}-with-a-past", started)


Report = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def exact(request: pytest.FixtureRequest) -> float:
    return EXACT[request.node.callspec.params["prometheus"]]


@pytest.fixture
def report(
    prometheus: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Report:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path))
    url = f"http://{prometheus.host}:{prometheus.port}"

    def made(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = run(["report", *arguments, "--prometheus", url, "--json"])
        told = capsys.readouterr()
        assert told.out, told.err
        return code, json.loads(told.out)

    return made


@pytest.fixture
def weekly(report: Report) -> dict[str, Any]:
    code, found = report("weekly", "--week-start=sunday", "--of=2026-02-25")
    assert code == 1
    return found


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def promise(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in found["promises"] if row["name"] == name)


def test_the_promises_of_the_week_equal_the_truth(
    weekly: dict[str, Any], truth: History, exact: float
) -> None:
    week, month = (past.WEEK, past.END), (past.START, past.END)
    before = (past.WEEK - timedelta(days=7), past.WEEK)
    for name, bad in (("availability", truth.failures), ("latency", truth.slows)):
        row = promise(weekly, name)
        assert row["events"] == pytest.approx(truth.requests(*week), rel=exact)
        assert row["bad_events"] == pytest.approx(bad(*week), rel=exact)
        for key, span in (("this", week), ("before", before), ("four_weeks", month)):
            assert row[key] == pytest.approx(1 - bad(*span) / truth.requests(*span), abs=1e-5)
        spent = bad(*month) / truth.requests(*month) / (1 - row["target"])
        assert row["budget_left"] == pytest.approx(1 - spent, abs=0.01)
    accuracy = (6 * past.USUAL + past.DROPPED) / 7
    assert promise(weekly, "accuracy")["this"] == pytest.approx(accuracy, abs=1e-3)
    states = {row["name"]: row["status"] for row in weekly["promises"]}
    assert states == {
        "availability": "BREACHED",
        "errors": "OK",
        "latency": "OK",
        "accuracy": "OK",
    }


def test_the_three_things_to_do_are_the_outage_the_leak_and_the_deploy(
    weekly: dict[str, Any],
) -> None:
    kinds = [action["key"].split(":")[0] for action in weekly["actions"]]
    assert kinds == ["outage", "leak", "slow"]
    outage, leak, slow = weekly["actions"]
    assert "Wednesday 10:00" in outage["do"]
    assert "api-2" in leak["because"]
    assert past.NEW in slow["do"]
    assert "/parse" in slow["do"]


def test_the_budget_is_placed_where_it_was_spent_and_adds_up(
    weekly: dict[str, Any], truth: History
) -> None:
    for spent in weekly["spending"]:
        for parts in ("cells", "by_route", "by_status", "by_day", "by_deploy"):
            assert sum(part["share"] for part in spent[parts]) == pytest.approx(1, abs=1e-9)
    failures, slow = weekly["spending"]
    worst = failures["cells"][0]
    assert (worst["route"], worst["status"], worst["day"], worst["deploy"]) == (
        "/parse",
        "503",
        "2026-02-25",
        past.OLD,
    )
    assert worst["bad"] == pytest.approx(
        truth.failed["/parse"][
            past.during((past.OUTAGE[0].replace(hour=0), past.DROP[1] + timedelta(days=1)))
        ].sum(),
        rel=PLACED,
    )
    by_deploy = {part["name"]: part["bad"] for part in slow["by_deploy"]}
    assert by_deploy[past.NEW] == pytest.approx(truth.slows(past.DEPLOY, past.END), rel=PLACED)


def test_the_outage_is_found_when_it_was_and_with_what_it_cost(
    weekly: dict[str, Any], truth: History
) -> None:
    (outage,) = weekly["outages"]
    assert abs(moment(outage["start"]) - past.OUTAGE[0]) <= SCRAPE
    assert abs(moment(outage["end"]) - past.OUTAGE[1]) <= SCRAPE
    assert outage["bad"] == pytest.approx(truth.failures(*past.OUTAGE), rel=PLACED)
    assert outage["peak"] == pytest.approx(0.8, abs=0.01)


def test_the_deploy_is_found_and_the_route_that_it_made_slow(
    weekly: dict[str, Any], truth: History
) -> None:
    (deploy,) = weekly["deploys"]
    assert (deploy["version"], deploy["replaced"]) == (past.NEW, past.OLD)
    assert abs(moment(deploy["at"]) - past.DEPLOY) <= STEP
    (slower,) = weekly["regressions"]
    assert slower["route"] == "/parse"
    assert slower["share_before"] == pytest.approx(0.01, abs=5e-4)
    assert slower["share_after"] == pytest.approx(0.12, abs=1e-3)
    extra = truth.slows(past.DEPLOY, past.END, "/parse") * 0.11 / 0.12
    assert slower["excess"] == pytest.approx(extra, rel=PLACED)


def test_only_the_leaking_instance_leaks_and_its_slope_is_true(weekly: dict[str, Any]) -> None:
    leaking = {one["name"]: one for one in weekly["resources"]["instances"]}
    assert leaking["api-1"]["leaks"] is False
    assert leaking["api-2"]["leaks"] is True
    slope = leaking["api-2"]["slope_bytes_per_day"]
    assert slope["low"] <= past.LEAK_PER_DAY <= slope["high"]
    assert slope["value"] == pytest.approx(past.LEAK_PER_DAY, rel=0.02)
    since = (past.END - past.DEPLOY) / timedelta(days=1)
    left = (past.LIMIT - 300 * past.MIB - past.LEAK_PER_DAY * since) / past.LEAK_PER_DAY
    full = past.END + timedelta(days=left)
    assert abs(moment(leaking["api-2"]["full_at"]) - full) <= timedelta(days=1)


def test_the_scrape_gap_the_restarts_and_the_coverage_are_told(weekly: dict[str, Any]) -> None:
    quality = weekly["quality"]
    assert {gap["job"] for gap in quality["gaps"]} == {"calendar-api", "prober"}
    for gap in quality["gaps"]:
        assert abs(moment(gap["start"]) - past.GAP[0]) <= STEP
        assert abs(moment(gap["end"]) - past.GAP[1]) <= STEP
    assert quality["covered"] == pytest.approx(1 - 2 / 168, abs=1e-3)
    assert quality["resets"] == 2
    assert quality["problems"] == []
    assert quality["queries"] <= 40


def test_accuracy_cache_dependencies_and_alerts_equal_the_truth(weekly: dict[str, Any]) -> None:
    (drop,) = weekly["understanding"]["drops"]
    assert abs(moment(drop["start"]) - past.DROP[0]) <= timedelta(hours=1)
    assert abs(moment(drop["end"]) - past.DROP[1]) <= timedelta(hours=1)
    assert drop["level"] == pytest.approx(past.DROPPED, abs=2e-3)
    (cache,) = weekly["backing"]["cache"]
    assert cache["hit_ratio"] == pytest.approx(0.8, abs=1e-3)
    away = {one["name"]: one["minutes_down"] for one in weekly["backing"]["dependencies"]}
    assert away["mongodb"] == 0
    assert away["redis"] == pytest.approx(30, abs=2)
    alerts = {one["alert"]: one for one in weekly["paging"]["alerts"]}
    assert weekly["paging"]["pages"] == 1
    assert weekly["paging"]["never_fired"] == ["DiskFull"]
    assert alerts["ErrorRateHigh"]["minutes"] == pytest.approx(40, abs=4)
    assert alerts["ErrorRateHigh"]["actionable"] == 1
    assert alerts["CacheHitRateLow"]["firings"] == 4
    assert alerts["CacheHitRateLow"]["actionable"] == 0
    assert alerts["CacheHitRateLow"]["quiet_hours"] == 4
    assert alerts["CacheHitRateLow"]["flaps"] is True


def test_traffic_and_percentiles_equal_the_truth(
    weekly: dict[str, Any], truth: History, exact: float
) -> None:
    traffic = weekly["traffic"]
    assert traffic["requests"] == pytest.approx(truth.requests(past.WEEK, past.END), rel=exact)
    for day in traffic["days"]:
        start = datetime.fromisoformat(day["day"]).replace(tzinfo=UTC)
        whole = truth.requests(start, start + timedelta(days=1))
        unseen = truth.requests(*past.GAP) if start.date() == past.GAP[0].date() else 0
        assert day["requests"] == pytest.approx(whole - unseen, rel=0.005)
    assert traffic["active_users_peak"] == truth.users.max()
    by_level = {one["level"]: one for one in weekly["waiting"]["percentiles"]}
    # Half of the fast requests are under 0.1 s and eight tenths under 0.25 s.
    slow = truth.slows(past.WEEK, past.END) / truth.requests(past.WEEK, past.END)
    below = (0.5 - 0.5 * (1 - slow)) / (0.3 * (1 - slow))
    assert by_level[0.5]["this_s"] == pytest.approx(0.1 + 0.15 * below, rel=0.01)
    assert by_level[0.99]["change"]["low"] > 0


@pytest.mark.long
def test_the_month_equals_the_truth(report: Report, truth: History) -> None:
    code, month = report("monthly", "--of=2026-02-10")
    assert code == 1
    row = promise(month, "availability")
    span = (past.START, past.END)
    assert (
        row["this"]
        == row["four_weeks"]
        == pytest.approx(1 - truth.failures(*span) / truth.requests(*span), abs=1e-5)
    )
    assert month["traffic"]["requests"] == pytest.approx(truth.requests(*span), rel=1e-4)
    assert promise(month, "latency")["bad_events"] == pytest.approx(truth.slows(*span), rel=1e-4)
    assert len(month["traffic"]["days"]) == 28
    assert month["quality"]["resets"] == 3
    assert month["before"]["label"] == "2026-01"
    assert [one["key"].split(":")[0] for one in month["actions"]] == ["outage", "leak", "slow"]


def test_the_trends_of_the_month_are_those_of_the_history(report: Report, truth: History) -> None:
    _, month = report("monthly", "--of=2026-02-10")
    trends = {one["name"]: one for one in month["trends"]}
    assert trends["requests a day"]["direction"] == "level"
    a_day = truth.requests(past.START, past.START + timedelta(days=1))
    assert trends["requests a day"]["first"] == pytest.approx(a_day, rel=0.005)
    assert len(trends["p95"]["days"]) == 28
    assert trends["p95"]["days"][-1][1] > 2 * trends["p95"]["first"]


def test_the_evening_of_the_outage_has_six_figures_and_the_incident(
    report: Report, truth: History
) -> None:
    code, day = report("daily", "--of=2026-02-25")
    assert code == 1
    span = (past.OUTAGE[0].replace(hour=0), past.OUTAGE[0].replace(hour=0) + timedelta(days=1))
    requests, slow = truth.requests(*span), truth.slows(*span)
    summary = day["summary"]
    assert summary["requests"] == pytest.approx(requests, rel=1e-3)
    mean = (past.FAST_S * (requests - slow) + past.SLOW_S * slow) / requests
    assert summary["mean_response_s"] == pytest.approx(mean, rel=1e-3)
    assert summary["error_rate"] == pytest.approx(truth.failures(*span) / requests, rel=1e-3)
    assert summary["accuracy"] == pytest.approx(past.USUAL, abs=1e-3)
    assert summary["cache_hit_ratio"] == pytest.approx(0.8, abs=2e-3)
    assert summary["uptime"] == 1
    assert [one["kind"] for one in day["timeline"]].count("outage") == 1
    _, month = report("monthly", "--of=2026-02-10")
    (mine,), (same,) = day["outages"], month["outages"]
    assert [mine[key] for key in ("start", "end", "minutes")] == [
        same[key] for key in ("start", "end", "minutes")
    ]


def test_a_quiet_week_passes(report: Report) -> None:
    code, found = report("weekly", "--of=2026-02-11")
    assert code == 0
    assert found["verdict"] == "PASS"
    assert found["outages"] == found["regressions"] == []


def test_a_week_without_any_data_is_no_pass(report: Report) -> None:
    code, found = report("weekly", "--of=2026-05-06")
    assert code == 5
    assert {row["status"] for row in found["promises"]} == {"INSUFFICIENT DATA"}
    assert all(row["reason"] for row in found["promises"])
    assert found["quality"]["covered"] == 0


def test_half_a_week_of_data_gives_no_verdict_but_the_figures(report: Report) -> None:
    code, found = report("weekly", "--from=2026-01-28T12:00", "--to=2026-02-03T12:00")
    assert code == 5
    assert found["quality"]["covered"] == pytest.approx(2.5 / 6, abs=0.01)
    assert promise(found, "availability")["this"] > 0.99
    assert "scraped" in promise(found, "availability")["reason"]


def test_the_same_data_give_the_same_bytes(report: Report, tmp_path: Path) -> None:
    folders = (tmp_path / "one", tmp_path / "two")
    for folder in folders:
        report("weekly", "--of=2026-02-25", f"--out={folder}")
    for name in ("week-2026-W09.html", "week-2026-W09.md", "week-2026-W09.json"):
        first, second = (folder / name for folder in folders)
        assert first.read_bytes() == second.read_bytes()
    assert (folders[0] / "week-2026-W09.html").stat().st_size < 500_000


def test_an_action_that_stays_grows_older(report: Report) -> None:
    report("weekly", "--week-start=sunday", "--of=2026-02-18")
    _, second = report("weekly", "--week-start=sunday", "--of=2026-02-25")
    (leak,) = [action for action in second["actions"] if action["key"] == "leak"]
    assert leak["age_days"] == 7


def test_two_chosen_weeks_are_compared(report: Report, truth: History) -> None:
    _, found = report("weekly", "--of=2026-02-18", "--compare=2026-02-04")
    assert found["before"]["label"] == "2026-W06"
    monday = datetime(2026, 2, 2, tzinfo=UTC)
    span = (monday, monday + timedelta(days=7))
    assert promise(found, "latency")["before"] == pytest.approx(
        1 - truth.slows(*span) / truth.requests(*span), abs=1e-5
    )


def test_samples_at_hand_are_answered_as_by_a_prometheus(
    prometheus: Server, truth: History, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["prometheus"] != "prometheus-3":
        pytest.skip("ranges of Prometheus 2 hold one sample more")
    window = containing(Kind.DAY, (past.START + timedelta(days=1)).date(), ZoneInfo("UTC"))
    samples = table_of(_pages(islice(past.chunks(truth, hours=24), 3)))
    queries = plan(window, load_objectives(), CALENDAR)
    with connect(f"http://{prometheus.host}:{prometheus.port}") as server:
        for query in queries:
            ours, theirs = answer(samples, query), server.answer(query)
            assert ours.problem is theirs.problem is None
            assert _points(ours) == pytest.approx(_points(theirs), rel=1e-9), query.name
    assert len(queries) > 20


def _points(found: Answer) -> dict[tuple[object, ...], float]:
    return {
        (*sorted(one.labels.items()), float(at)): float(value)
        for one in found.series
        for at, value in zip(one.times, one.values, strict=True)
    }


def _pages(texts: Iterable[str]) -> Iterator[Page]:
    told: dict[float, list[tuple[Labels, float]]] = defaultdict(list)
    labels: dict[str, Labels] = {}
    for line in "".join(texts).splitlines():
        if line.startswith("#"):
            continue
        series, value, at = line.rsplit(" ", 2)
        if series not in labels:
            ((sample,),) = [f.samples for f in text_string_to_metric_families(f"{series} 1\n")]
            labels[series] = {NAME: sample.name, **sample.labels}
        told[float(at)].append((labels[series], float(value)))
    return (Page(at, samples) for at, samples in told.items())
