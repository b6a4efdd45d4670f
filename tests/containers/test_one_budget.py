"""`sre slo budget` and the three reports, held against the count of events made one by one.

Five histories in one real Prometheus. What a figure may differ by is what Prometheus does not see
between two scrapes, see `Counts`; nothing is held against another figure of ours.
"""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from sre.running import run
from tests.support.backfill import keeping_everything
from tests.support.container import Server
from tests.support.json_schemas import keeps_schema
from tests.support.made_events import Counts, Made, Span, as_text, made
from tests.support.monitoring import prometheus_spec
from tests.support.other_projects import ROLLING, orders, slo
from tests.support.sharing import shared_server
from tests.support.starting import start_server

pytestmark = pytest.mark.containers

TARGETS: Final = {"no-errors": ("failed", 0.99), "fast": ("slow", 0.95)}
ZURICH: Final = ZoneInfo("Europe/Zurich")
_PAST: Final = "/prometheus/made.om"
_BLOCKS: Final = ("promtool", "tsdb", "create-blocks-from", "openmetrics", "-q")
_LOOKS: Final = 500
"""At so many moments of a window it is looked whether anything was measured."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def spanning(start: str, end: str) -> Span:
    return Span(at(start), at(end))


def calendar(zone: str) -> str:
    begin = '{startTime: "2026-01-01 00:00:00", timeZone: ' + zone + "}"
    return "{duration: 1M, calendar: " + begin + "}"


@dataclass(frozen=True)
class Told:
    """A history, the window of its objectives, and which day, week and month are reported on."""

    events: Made
    window: str
    day: str
    zone: str = "UTC"

    def window_at(self, moment: datetime) -> Span:
        """Return the whole window of the objectives that ends, or is passing, at a moment."""
        if "rolling" in self.window.lower():
            days = int(self.window.partition("duration: ")[2].partition("d")[0])
            return Span(moment - timedelta(days=days), moment)
        local = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(self.zone))
        first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        after = (first + timedelta(days=32)).replace(day=1)
        return Span(first.astimezone(UTC), after.astimezone(UTC))


BRIEF = Told(
    made("brief", spanning("2026-02-10T10:00Z", "2026-02-10T10:18Z"), every_s=15, a_minute=400,
         failing=0.33),
    ROLLING, "2026-02-10",
)  # fmt: skip
GAPS = Told(
    made("gaps", spanning("2026-02-08T00:00Z", "2026-02-11T00:00Z"), every_s=60, a_minute=20,
         failing=0.004, gaps=(spanning("2026-02-09T03:00Z", "2026-02-09T05:00Z"),
                              spanning("2026-02-10T12:00Z", "2026-02-10T12:30Z"))),
    ROLLING.replace("30d", "7d"), "2026-02-10",
)  # fmt: skip
MONTH = Told(
    made("month", spanning("2026-01-30T00:00Z", "2026-03-01T00:00Z"), every_s=600, a_minute=5,
         failing=0.008),
    ROLLING, "2026-02-28",
)  # fmt: skip
CLOCK = Told(
    made("clock", spanning("2026-02-28T23:00Z", "2026-03-31T22:00Z"), every_s=600, a_minute=5,
         failing=0.012),
    calendar("Europe/Zurich"), "2026-03-29", "Europe/Zurich",
)  # fmt: skip
CALENDAR = Told(
    made("window", spanning("2026-02-01T00:00Z", "2026-02-19T12:00Z"), every_s=300, a_minute=6,
         failing=0.009),
    calendar("Etc/UTC"), "2026-02-18",
)  # fmt: skip
HISTORIES: Final = (BRIEF, GAPS, MONTH, CLOCK, CALENDAR)
DEAR: Final = {"month", "clock"}
CASES: Final = [
    pytest.param(
        one,
        id=one.events.job,
        marks=[pytest.mark.thorough] if one.events.job in DEAR else [],
    )
    for one in HISTORIES
]


@pytest.fixture(
    scope="session",
    params=["prometheus", pytest.param("prometheus-3", marks=pytest.mark.thorough)],
)
def prometheus(request: pytest.FixtureRequest, image_of_role: Callable[[str], str]) -> Server:
    """Return a server that has scraped all five services, of each major version."""

    def started() -> Server:
        spec = prometheus_spec({}, interval="1m")
        spec = dataclasses.replace(spec, command=keeping_everything(spec.command))
        server = start_server(spec, image_of_role(request.param))
        server.write({_PAST: as_text(tuple(one.events for one in HISTORIES))})
        # One block for all of it: promtool reads the file once a block.
        code, told = server.run(*_BLOCKS, "--max-block-duration=1536h", _PAST, "/prometheus")
        assert code == 0, told[-2000:]
        server.stop()
        server.start()
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


def objectives(told: Told) -> tuple[str, str]:
    job = told.events.job
    all_of_them = f'http_requests_total{{job="{job}"}}'
    times = "http_request_duration_seconds"
    return (
        slo("no-errors", job, total=all_of_them, target=0.99, window=told.window,
            bad=all_of_them.replace("}", ',code=~"5.."}')),
        slo("fast", job, total=f'{times}_count{{job="{job}"}}', target=0.95, window=told.window,
            good=f'{times}_bucket{{job="{job}",le="0.3"}}'),
    )  # fmt: skip


def between(least: float, value: float | None, most: float) -> bool:
    return value is not None and least <= value <= most


def of_window(told: Told, moment: datetime, bad: str) -> tuple[Counts, Span, float]:
    """Return what the objectives' window counted up to a moment, it, and how much has passed."""
    whole = told.window_at(moment)
    so_far = Span(whole.start, min(moment, whole.end))
    return told.events.counted(so_far, bad), so_far, so_far.seconds / whole.seconds


def check_watched(told: Told, so_far: Span, watched: float) -> None:
    truth, step_s = told.events.watched(so_far), max(300, so_far.seconds / _LOOKS + 60)
    looks = 2 + len(told.events.gaps)
    assert watched == pytest.approx(truth, abs=looks * step_s / so_far.seconds, rel=0.5)


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


@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly"])
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
