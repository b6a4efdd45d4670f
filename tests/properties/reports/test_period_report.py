"""Reports on answers made by hand: what Prometheus gives when data are not as they should be."""

import base64
import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import numpy as np
import pytest
from lxml import html

from kit.pure.answers import Answer, Series
from kit.pure.query import Query
from reports.edge import period
from reports.edge.html_page import to_html
from reports.edge.period_charts import draw
from reports.markdown import to_markdown
from reports.period import wording
from reports.period.as_json import SCHEMA_FILE, schema, schema_text, to_json, to_record
from reports.period.compose import document
from reports.period.evidence import Evidence, Record, read_record
from reports.period.plan import MOST_QUERIES, names, plan
from reports.period.report import PeriodReport, period_report
from reports.period.window import Kind, containing
from slo.account import Account, Counted
from slo.objective import Objective, Ratio
from slo.period import rolling
from slo.tally import Tally
from slo.verdict import Verdict
from tests.support.other_projects import CALENDAR
from tests.support.promises import promises

WINDOW = containing(Kind.WEEK, date(2026, 6, 3), ZoneInfo("Europe/Berlin"))
PROMISES = promises()
Values = Callable[[np.ndarray], np.ndarray]
API = {"job": "calendar-api"}


def times(query: Query) -> np.ndarray:
    return np.arange(query.start_s, query.end_s + 1, query.step_s, dtype=np.float64)


def level(value: float) -> Values:
    return lambda at: np.full(len(at), value)


Asked = list[tuple[dict[str, str], Values]]
Given = dict[str, Asked]
HEALTHY: Given = {
    "requests": [({"part": "all", "route": "/parse"}, level(3600))],
    "whole.this": [({"part": "requests"}, level(604_800))],
    "whole.before": [({"part": "requests"}, level(604_800))],
    "latency": [
        ({"route": "/parse", "le": le}, level(count))
        for le, count in (("1.0", 3500), ("+Inf", 3600))
    ],
    "scrapes": [(API, level(4))],
    "up": [({}, level(1))],
    "used": [({"instance": "a", "part": "memory"}, level(3e8))],
    "processes": [
        ({"part": "starts", "instance": "a"}, level(1.7e9)),
        ({"part": "builds", "version": "1"}, level(1)),
    ],
    "accuracy": [({"slice": "all"}, level(0.95))],
}
for _name, _share in (("availability", 0.0), ("errors", 0.0), ("latency", 0.01)):
    HEALTHY[f"slo.{_name}.end"] = [
        ({"part": f"{side}_{span}"}, level(1.0 if side == "total" else _share))
        for side in ("bad", "total")
        for span in ("this", "earlier", "four_weeks")
    ]
HEALTHY["slo.accuracy.end"] = [({"part": f"bad_{s}"}, level(0.05)) for s in ("this", "four_weeks")]


def asked(query: Query, given: Asked) -> Iterator[Series]:
    """Yield the series of an answer, for each of the looks that a query takes at once."""
    looks = re.findall(r'"ago", "(\d+)"', query.expression)
    for labels, values in given:
        for ago in looks or ["0"]:
            at = times(query)
            yield Series({**labels, **({"ago": ago} if looks else {})}, at, values(at - int(ago)))


def account(name: str, bad: float, total: float, **known: Any) -> Account:
    """Return the account of an objective as it stands at the end of the week."""
    (objective,) = [one for one in PROMISES if one.name == name]
    tally = Tally(bad, total, known.pop("missing", 0.0))
    counted = Counted(tally, "events", None, Tally(0, 0), None, **{"watched": 1.0, **known})
    return Account(objective, rolling(objective.window, WINDOW.end), counted)


def healthy() -> dict[str, Account]:
    shares = {"availability": 0.0, "errors": 0.0, "latency": 0.01, "accuracy": 0.05}
    return {name: account(name, share * 1e6, 1e6) for name, share in shares.items()}


def report(
    *records: Record,
    changed: Given | None = None,
    without: tuple[str, ...] = (),
    failed: tuple[str, ...] = (),
    accounts: dict[str, Account] | None = None,
) -> PeriodReport:
    given = {k: v for k, v in (HEALTHY | (changed or {})).items() if k not in without}
    asked_as = names(WINDOW, PROMISES, CALENDAR)
    known = {asked_as.get(name, name): series for name, series in given.items()}
    answers = {
        query.name: Answer(tuple(asked(query, known.get(query.name, []))))
        for query in plan(WINDOW, PROMISES, CALENDAR)
    }
    for name in failed:
        answers[asked_as.get(name, name)] = Answer(problem=f"{name} timed out")
    return period_report(
        Evidence(
            WINDOW,
            PROMISES,
            answers,
            CALENDAR,
            healthy() | (accounts or {}),
            records,
            source="by hand",
        )
    )


def test_every_window_is_asked_about_in_at_most_forty_queries() -> None:
    for kind in (Kind.DAY, Kind.WEEK, Kind.MONTH):
        assert (
            len(plan(containing(kind, date(2026, 3, 29), WINDOW.zone), PROMISES, CALENDAR))
            <= MOST_QUERIES
        )
    with pytest.raises(ValueError, match="more than 37"):
        plan(WINDOW, many_objectives(), CALENDAR)


def many_objectives() -> list[Objective]:
    (errors,) = [one for one in PROMISES if one.name == "errors"]
    assert isinstance(errors.indicator, Ratio)
    return [
        dataclasses.replace(
            errors,
            name=f"errors-{n}",
            indicator=dataclasses.replace(
                errors.indicator, total=f"{errors.indicator.total} * {n + 1}"
            ),
        )
        for n in range(20)
    ]


def test_a_healthy_week_passes_and_says_how_much_budget_is_left() -> None:
    found = report()
    assert found.verdict is Verdict.PASS
    assert found.headline.startswith("Every objective is met")
    assert found.outages == ()
    assert found.quality.covered == 1


def test_a_stretch_in_which_nothing_answers_is_an_outage() -> None:
    begin = WINDOW.start_s + 86_400

    def up(at: np.ndarray) -> np.ndarray:
        return np.where((at > begin) & (at <= begin + 3600), 0.0, 1.0)

    found = report(changed={"up": [({}, up)]})
    (outage,) = found.outages
    assert outage.kind == "down"
    assert outage.minutes == 60
    assert found.actions[0].key.startswith("down:")
    assert found.summary.uptime == pytest.approx(1 - 1 / 168, abs=1e-3)


def test_a_week_without_traffic_is_no_pass_and_says_so() -> None:
    silent: Given = {
        f"slo.{name}.end": [
            ({"part": f"{side}_{span}"}, level(0.0))
            for side in ("bad", "total")
            for span in ("this", "earlier", "four_weeks")
        ]
        for name in ("availability", "errors", "latency")
    }
    found = report(changed=silent, without=("requests", "whole.this", "latency"))
    assert found.verdict is Verdict.NO_DATA
    assert {r.reason for r in found.promises if r.name != "accuracy"} == {
        "no traffic in the window"
    }
    assert found.traffic.problem == "no traffic was counted"


def test_values_that_are_no_numbers_are_left_out_and_counted() -> None:
    def broken(at: np.ndarray) -> np.ndarray:
        return np.where(at % 7200 < 3600, np.nan, 0.95)

    found = report(changed={"accuracy": [({"slice": "all"}, broken)]})
    assert found.understanding.this == pytest.approx(0.95)
    assert any("not numbers" in note for note in found.quality.notes)
    assert "NaN" not in to_json(found)


def test_a_route_that_has_another_name_since_a_deploy_is_noted() -> None:
    def since(at: np.ndarray) -> np.ndarray:
        return np.where(at > WINDOW.start_s, 3600.0, 0.0)

    renamed: Asked = [
        *(({"route": "/v2/parse", "le": e}, since) for e in ("1.0", "+Inf")),
        *(({"route": "/parse", "le": e}, lambda at: 3600 - since(at)) for e in ("1.0", "+Inf")),
    ]
    notes = report(changed={"latency": renamed}).quality.notes
    assert "route /v2/parse is new in this window" in notes
    assert "route /parse had traffic before and has none now" in notes


def test_a_clock_that_is_ahead_is_noted() -> None:
    mine = {"part": "starts", "instance": "a"}
    ahead: Asked = [(mine, lambda at: np.full(len(at), float(at[0]) + 90))]
    assert any("90 s ahead" in note for note in report(changed={"processes": ahead}).quality.notes)


def started(*begun: tuple[str, float]) -> Given:
    """Return what a Prometheus says of instances that began so many seconds into the week."""

    def since(first: float) -> Values:
        return lambda at: np.where(at >= WINDOW.start_s + first, WINDOW.start_s + first, np.nan)

    return {
        "processes": [
            ({"part": "starts", "instance": name}, since(float(first))) for name, first in begun
        ]
    }


def test_processes_that_start_together_are_one_thing_that_happened() -> None:
    pods = [(f"pod-{n}", 7300.0 + n) for n in range(9)]
    found = report(changed=started(("a", 3600), ("b", 3610), *pods)).timeline
    assert [one.text for one in found] == ["a and b start", "9 starts of 9 instances"]


def test_a_service_that_starts_all_the_time_does_not_hide_what_else_happened() -> None:
    """One that begins anew each hour, and is down at the end of the week."""
    restless = started(*((f"pod-{n}", 3600.0 * n) for n in range(160)))
    gone: Given = {"up": [({}, lambda at: np.where(at > WINDOW.end_s - 3600, 0.0, 1.0))]}
    found = report(changed={**restless, **gone}).timeline
    assert [one.kind for one in found] == [*["restart"] * 7, "down"]
    assert found[0].text == "24 starts of 24 instances"


def test_a_reason_of_several_objectives_is_said_once_and_times_are_in_their_own_measure() -> None:
    found = report(without=tuple(HEALTHY))
    told = to_markdown(document(found))
    assert found.headline.count("not found in Prometheus") == 1
    assert "was not scraped for 7.0 d" in told
    assert " min" not in " ".join(one.text for one in found.timeline)


def test_metrics_without_a_sample_are_named() -> None:
    missing = report(without=("used", "accuracy")).quality.missing
    assert {"process_resident_memory_bytes", "parsing_accuracy_ratio"} <= set(missing)


def test_a_refused_query_is_noted_and_leaves_the_rest_standing() -> None:
    answers = {q.name: Answer(problem="query timed out") for q in plan(WINDOW, PROMISES, CALENDAR)}
    found = period_report(Evidence(WINDOW, PROMISES, answers, CALENDAR, source="slow"))
    assert found.verdict is Verdict.NO_DATA
    assert {row.reason for row in found.promises} == {"query timed out"}
    assert len(found.quality.problems) == len(answers)


@pytest.mark.parametrize("objective", ["availability", "errors", "latency"])
def test_an_objective_whose_earlier_weeks_are_not_known_has_a_budget_of_its_own_all_the_same(
    objective: str,
) -> None:
    found = report(failed=(f"slo.{objective}.start",))
    (row,) = [one for one in found.promises if one.name == objective]
    assert row.four_weeks is None
    assert row.budget_left == pytest.approx(1.0 if objective != "latency" else 0.8)
    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize("objective", ["availability", "errors", "latency", "accuracy"])
def test_an_objective_whose_budget_was_refused_has_none_and_no_verdict(objective: str) -> None:
    refused = dataclasses.replace(account(objective, 0, 0), problem="query timed out")
    found = report(accounts={objective: refused})
    (row,) = [one for one in found.promises if one.name == objective]
    assert (row.budget_left, row.runs_out, row.kept) == (None, None, None)
    assert row.this is not None
    assert row.status == "INSUFFICIENT DATA"
    assert "timed out" in row.reason
    assert found.verdict is Verdict.NO_DATA
    assert row.display_name in found.headline


def test_a_budget_that_the_earlier_weeks_overspent_is_broken_however_good_the_week() -> None:
    found = report(accounts={"errors": account("errors", 3e5, 1e6)})
    assert found.verdict is Verdict.FAIL
    assert "30 days" in found.headline


def test_contradictory_data_are_a_verdict_of_their_own_and_no_pass() -> None:
    odd = account("errors", 0, 1e6, contradiction="7 good of 5 in all")
    found = report(accounts={"errors": odd})
    (row,) = [one for one in found.promises if one.name == "errors"]
    assert row.status == "CONTRADICTORY"
    assert (row.budget_left, found.verdict) == (None, Verdict.CONTRADICTORY)
    assert "7 good of 5 in all" in found.headline
    jsonschema.validate(to_record(found), schema())


def test_events_that_nobody_counted_and_that_may_break_the_objective_allow_no_verdict() -> None:
    found = report(accounts={"errors": account("errors", 9e3, 1e6, missing=1e5)})
    (row,) = [one for one in found.promises if one.name == "errors"]
    assert row.status == "INSUFFICIENT DATA"
    assert "9.09 %" in row.reason
    assert found.verdict is Verdict.NO_DATA


def test_where_little_of_the_window_was_measured_the_page_says_how_much() -> None:
    thin = report(accounts={"errors": account("errors", 3e5, 1e6, watched=0.0005)})
    assert "Error rate: 0.05 % of its window (30 days) was measured." in to_markdown(document(thin))
    assert "of which 0.05 % was measured" in thin.headline
    assert "was measured" not in to_markdown(document(report()))


@pytest.mark.parametrize(
    "name", ["up", "whole.this", "requests", "fault", "slo.errors.end", "slo.latency.end"]
)
def test_whichever_single_query_fails_no_figure_of_it_is_made_up(name: str) -> None:
    found = report(failed=(name,))
    assert any(name in problem for problem in found.quality.problems)
    assert "were not" in to_markdown(document(found))
    if name.startswith(("slo.", "up")):
        assert found.verdict is Verdict.NO_DATA
    if name == "whole.this":
        assert (found.traffic.failed, found.summary.error_rate) == (None, None)
    if name == "requests":
        assert found.traffic.days == ()


def test_how_much_was_scraped_is_not_nought_where_nobody_could_tell() -> None:
    found = report(failed=("up",))
    assert found.quality.covered is None
    assert "scraped is not known" in found.headline


def test_a_slice_without_a_sample_does_not_lower_the_mean_of_the_others() -> None:
    begins_late = {"slice": "dates"}

    def late(at: np.ndarray) -> np.ndarray:
        return np.where(at < WINDOW.end_s - 86_400, np.nan, 0.9)

    known: Asked = [({"slice": "places"}, level(0.9)), (begins_late, late)]
    found = report(changed={"accuracy": known})
    assert found.understanding.this == pytest.approx(0.9)
    assert found.understanding.lowest == pytest.approx(0.9)
    assert found.understanding.drops == ()


def test_a_record_that_cannot_be_read_is_noted_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path))
    for kind, text in (("load", "{"), ("incident", "[]"), ("backup", "{}")):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "it.json").write_text(text)
    _, unread = period.records_until(WINDOW.end)
    assert len(unread) == 3
    found = period_report(Evidence(WINDOW, PROMISES, {}, CALENDAR, unread=unread))
    assert set(unread) <= set(found.quality.problems)


def test_without_prometheus_the_runs_speak() -> None:
    when = WINDOW.start + timedelta(hours=3)
    run = Record("load", "r1", when, "PASS", {"config": {"profile": {"name": "smoke"}}})
    found = period_report(Evidence(WINDOW, PROMISES, {}, CALENDAR, records=[run]))
    assert found.verdict is Verdict.NO_DATA
    assert found.headline == (
        "Production was not measured (no Prometheus is configured); of the runs: 1 PASS."
    )
    assert [one.title for one in found.runs] == ["smoke"]


def test_backups_and_drills_have_an_age_and_only_good_ones_count() -> None:
    def kept(kind: str, days: float, verdict: str) -> Record:
        return Record(kind, f"{kind}-{days}", WINDOW.end - timedelta(days=days), verdict, {})

    found = report(kept("backup", 2, "PASS"), kept("backup", 1, "FAIL"), kept("drill", 40, "PASS"))
    backup, drill = found.ages
    assert (backup.days, backup.overdue) == (2, False)
    assert (drill.days, drill.overdue) == (40, True)
    assert "overdue:drill" in {a.key for a in (*found.actions, *found.further)}


def test_what_is_no_record_of_a_run_is_left_out() -> None:
    assert read_record("backup", {"id": "x", "started_at": "yesterday"}) is None
    assert read_record("backup", {"id": "x", "started_at": "2026-01-01T00:00"}) is None
    assert read_record("backup", {"started_at": "2026-01-01T00:00Z"}) is None
    found = read_record("backup", {"id": "x", "started_at": "2026-01-01T00:00Z"})
    assert found is not None
    assert found.at == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_published_schema_is_current_and_reports_keep_it() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()
    jsonschema.validate(to_record(report()), schema())
    jsonschema.validate(
        to_record(period_report(Evidence(WINDOW, PROMISES, {}, CALENDAR))), schema()
    )


def page(found: PeriodReport) -> str:
    return to_html(document(found), partial(draw, report=found))


def test_the_page_needs_nothing_but_itself_and_names_every_chart() -> None:
    text = page(report())
    assert not re.search(r"<link|@import|url\((?!#)|\ssrc=|https?://(?!www\.w3\.org)", text)
    tree = html.fromstring(text)
    charts = tree.xpath("//*[local-name()='svg']")
    assert charts
    for chart in charts:
        labelled = chart.get("aria-labelledby")
        assert labelled
        for name in labelled.split():
            (part,) = tree.xpath(f"//*[@id='{name}']")
            assert part.text_content().strip()


def test_only_our_own_script_and_style_sheet_may_run_on_the_page() -> None:
    tree = html.fromstring(page(report()))
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    for name, rule in (("script", "script-src"), ("style", "style-src-elem")):
        (found,) = tree.xpath(f"//{name}")
        digest = base64.b64encode(hashlib.sha256(found.text.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")


def test_every_value_of_a_chart_is_in_the_chart_and_in_a_table_behind_it() -> None:
    found = report()
    tree = html.fromstring(page(found))
    (chart,) = tree.xpath("//*[local-name()='svg'][contains(@aria-labelledby, 'traffic-days')]")
    points = json.loads(chart.get("data-points"))["points"]
    rows = chart.xpath("ancestor::figure//details//tbody/tr")
    assert [p[3] for p in points] == [
        f"{day.day:%a %d %b}: {day.requests:,.0f}" for day in found.traffic.days
    ]
    assert len(rows) == len(points) == 7
    box = json.loads(chart.get("data-points"))["box"]
    assert all(box[0] <= p[0] <= box[2] and box[1] <= p[1] <= box[3] for p in points)


def test_every_id_on_the_page_is_there_once_and_every_section_has_its_heading() -> None:
    tree = html.fromstring(page(report()))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for section in tree.xpath("//section"):
        assert tree.xpath(f"//h2[@id='{section.get('aria-labelledby')}']")


def test_text_from_outside_cannot_become_markup() -> None:
    evil = "<img src=x onerror=alert(1)>|"
    series: Asked = [({"route": evil, "le": e}, level(6e5)) for e in ("1.0", "+Inf")]
    found = report(changed={"latency": series})
    assert "<img" not in page(found)
    assert "&lt;img" in page(found)
    assert "onerror=alert(1)>\\|" in to_markdown(document(found))


@pytest.mark.thorough
def test_the_same_evidence_gives_the_same_bytes_in_every_format() -> None:
    first, second = report(), report()
    assert page(first) == page(second)
    assert to_json(first) == to_json(second)
    assert to_markdown(document(first)) == to_markdown(document(second))


def test_the_budget_is_placed_to_the_last_event_of_the_objective() -> None:
    failed: Asked = [({"route": "/parse", "status": "503"}, level(10 / 3600))]
    total, bad = 1.0, 1710 / 604_800
    tallies: Asked = [
        ({"part": f"{side}_{span}"}, level(value))
        for side, value in (("total", total), ("bad", bad))
        for span in ("this", "earlier", "four_weeks")
    ]
    both = {f"slo.{name}.end": tallies for name in ("availability", "errors")}
    found = report(changed={"failing": failed, **both})
    row = next(row for row in found.promises if row.name == "availability")
    (spent,) = (one for one in found.spending if one.promise == "availability")
    assert row.bad_events == pytest.approx(1710)
    assert spent.bad == row.bad_events
    assert sum(cell.bad for cell in spent.cells) == pytest.approx(1710)


def test_an_overspent_budget_that_no_outage_explains_is_a_thing_to_do() -> None:
    trickle: Asked = [({"route": "/parse", "status": "503"}, level(1 / 3600))]
    tallies: Asked = [
        ({"part": f"{side}_{span}"}, level(value))
        for side, value in (("total", 1.0), ("bad", 0.002))
        for span in ("this", "four_weeks")
    ]
    both = {f"slo.{name}.end": tallies for name in ("availability", "errors")}
    spent = {name: account(name, 2e4, 1e6) for name in ("availability", "errors")}
    found = report(changed={"failing": trickle, **both}, accounts=spent)
    (action,) = (one for one in found.actions if one.key == "budget:availability")
    assert action.do == "Stop what spends the budget of availability"
    assert "/parse 503" in action.because


def test_nought_has_no_sign() -> None:
    assert [wording.relative(x) for x in (-1e-6, 1e-6, -0.01)] == ["0.0 %", "0.0 %", "-1.0 %"]
    assert wording.points(-1e-7) == "0.00 pp"
