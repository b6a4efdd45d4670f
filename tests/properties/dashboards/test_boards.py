import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alerts.edge.generated import rules_of
from alerts.render import dashboard_of
from dashboards.boards.compose import all_boards, build_boards
from dashboards.compiled import compile_board as compiled
from dashboards.edge.files import GENERATED, PROVISIONING, build, outdated, read_all
from dashboards.facts import Facts
from dashboards.panel import Board, Kind, Panel, Query, Row, Unit
from dashboards.read import read_dashboard
from dashboards.rules import check_dashboard
from dashboards.rules.alert_panel import check_alerts
from dashboards.runbooks import alerts_of
from slo.edge.files import SHIPPED, load_objectives
from slo.objective import Objective, Ratio
from slo.series import selectors
from sre.dashboard_facts import context_of, load_facts
from tests.recipes.test_objective import OBJECTIVE


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


def compile_board(board: Board, facts: Facts | None = None) -> str:
    facts = facts or load_facts()
    return compiled(board, facts, runbooks=facts.project.runbooks or "")


def test_the_generated_files_are_current(facts: Facts) -> None:
    """`sre dashboards build` rewrites them."""
    built = build(facts, build_boards(facts), out=GENERATED, provision=PROVISIONING)
    assert outdated(built, GENERATED, facts.project.boards) == ()


def test_the_three_dashboards_of_the_procedures_and_one_for_each_objective_are_there() -> None:
    assert {one.uid for one in read_all([GENERATED])} == {
        "calendar-executive",
        "calendar-operations",
        "calendar-development",
        *(f"calendar-slo-{one.name}" for one in load_objectives()),
    }


def test_our_dashboards_break_no_rule_and_show_every_alert(facts: Facts) -> None:
    context = context_of(facts)
    found = read_all([GENERATED])

    assert [problem for one in found for problem in check_dashboard(one, context)] == []
    assert list(check_alerts(found, context.alerts)) == []


def test_panels_of_latency_show_the_traces_of_single_requests_and_no_other_panel_does() -> None:
    asked: dict[bool, set[str]] = {True: set(), False: set()}
    for path in sorted(GENERATED.glob("*.json")):
        for title, target in targets_of(json.loads(path.read_text(encoding="utf-8"))):
            if not target.get("instant"):  # a table of this moment has no place for points
                asked[target.get("exemplar", False)].add(f"{title}: {target['expr']}")
    latency = "http_request_duration_seconds_bucket"
    assert len([each for each in asked[True] if latency in each]) >= 4
    assert [each for each in asked[True] if "_seconds_bucket" not in each] == []
    quantiles = [each for each in asked[False] if "histogram_quantile" in each and latency in each]
    assert quantiles == []


def targets_of(part: object, title: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the queries of Prometheus in a board, each with the title of its panel."""
    if isinstance(part, dict):
        if "expr" in part and "refId" in part:
            yield title, part
        for inner in part.values():
            yield from targets_of(inner, str(part.get("title", title)))
    elif isinstance(part, list):
        for inner in part:
            yield from targets_of(inner, title)


def test_time_without_data_counts_neither_for_an_objective_nor_against_it(facts: Facts) -> None:
    for objective in facts.objectives:
        title = f"{objective.display_name} over 30d"
        (query,) = _titled(facts, title).queries
        assert facts.recorded.budget_spent not in query.expr
        assert f"/ (sum_over_time({facts.recorded.total}" in query.expr


@pytest.mark.thorough
def test_a_changed_objective_changes_every_threshold_that_shows_it(facts: Facts) -> None:
    stricter = tuple(
        replace(one, target=0.97, indicator=_at(one, "1.5")) if one.name == "latency" else one
        for one in facts.objectives
    )
    changed = replace(facts, objectives=stricter)

    texts = {board.uid: compile_board(board) for board in all_boards(changed)}
    before = {board.uid: compile_board(board) for board in all_boards(facts)}

    moved = {uid for uid, text in texts.items() if text != before[uid]}
    assert moved == {"calendar-executive", "calendar-operations", "calendar-slo-latency"}
    stale = context_of(changed)
    wrong = {
        problem.panel
        for uid, text in before.items()
        for problem in check_dashboard(read_dashboard(uid, text), stale)
        if problem.rule == "panel-threshold"
    }
    assert {"Response time", "Latency over 30d", "Slowest routes, by their mean"} <= wrong


def test_every_scraped_series_of_a_panel_is_in_the_catalogue_of_metrics(facts: Facts) -> None:
    known = {*(facts.project.series() or ()), "ALERTS"}
    read = {
        selector.metric
        for board in all_boards(facts)
        for row in board.rows
        for panel in row.panels
        for query in panel.queries
        for selector in selectors(_filled(query.expr))
        if ":" not in selector.metric
    }

    assert read - known == set()
    assert len(read) > 25


def test_every_panel_says_what_is_good_and_what_to_do(facts: Facts) -> None:
    for board in all_boards(facts):
        for row in board.rows:
            assert row.question.endswith("?")
            for panel in row.panels:
                assert panel.good.endswith(".")
                assert len(panel.otherwise) > 20


@pytest.mark.thorough
def test_a_dashboard_is_the_same_text_each_time(facts: Facts) -> None:
    once, again = (
        [compile_board(board) for board in all_boards(load_facts())],
        [compile_board(board) for board in all_boards(facts)],
    )

    assert once == again


def test_panels_keep_their_number_when_others_come(facts: Facts) -> None:
    board = all_boards(facts)[0]
    fewer = replace(board, rows=board.rows[1:])

    assert _numbers(compile_board(fewer)).items() <= _numbers(compile_board(board)).items()


def test_two_panels_of_one_title_are_refused(facts: Facts) -> None:
    board = all_boards(facts)[0]
    twice = replace(board, rows=(board.rows[0], board.rows[0]))

    with pytest.raises(ValueError, match="several panels are titled"):
        compile_board(twice)


def test_a_uid_that_grafana_would_cut_is_refused(facts: Facts) -> None:
    with pytest.raises(ValueError, match="41 characters"):
        compile_board(replace(all_boards(facts)[0], uid="x" * 41))


def test_what_is_about_an_objective_that_is_missing_is_left_out_and_said(facts: Facts) -> None:
    without = replace(facts, objectives=tuple(o for o in facts.objectives if o.name != "errors"))
    (said,) = build_boards(without).left_out

    assert said == (
        "errors (no objective counts it): executive 'Share of requests that fail', "
        "operations 'Share of requests that fail'"
    )


def test_columns_of_a_table_have_their_names_and_units() -> None:
    panel = Panel(
        "T",
        Kind.TABLE,
        Unit.COUNT,
        (Query("a", "calls", instant=True), Query("b", "p95", instant=True, unit=Unit.SECONDS)),
        "x.",
        "y.",
        labels=("route",),
    )
    board = replace(all_boards(load_facts())[0], rows=())
    text = compile_board(replace(board, rows=(Row("?", (panel,)),)))
    (read,) = read_dashboard("x", text).panels

    assert read.columns == {"Value #A": "calls", "Value #B": "p95"}
    assert read.units_by_column == {"p95": "s"}
    assert list(read.column_order) == ["Value #A", "Value #B", "route"]
    assert read.column_order["route"] == 0


def test_a_fifth_objective_is_one_file_and_every_alert_of_it_has_its_panel(tmp_path: Path) -> None:
    """Its service is ours and it has no label `measure`."""
    for path in SHIPPED.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    (tmp_path / "slots.yaml").write_text(OBJECTIVE)
    facts = load_facts(objectives=tmp_path)
    context = context_of(facts)
    found = [read_dashboard(one.uid, compile_board(one, facts)) for one in all_boards(facts)]

    assert [problem for one in found for problem in check_dashboard(one, context)] == []
    assert list(check_alerts(found, context.alerts)) == []
    (board,) = (one for one in found if one.uid == "calendar-slo-slots")
    assert {"What spends it, by method", "Failures by route and status"} <= {
        panel.title for panel in board.panels
    }


def _titled(facts: Facts, title: str) -> Panel:
    panels = (p for board in all_boards(facts) for row in board.rows for p in row.panels)
    return next(panel for panel in panels if panel.title == title)


def _at(objective: Objective, edge: str) -> Ratio:
    indicator = objective.indicator
    assert isinstance(indicator, Ratio)
    return replace(indicator, good=(indicator.good or "").replace(r"2(\\.0)?", edge))


def _filled(expr: str) -> str:
    for variable in ("__rate_interval", "__range"):
        expr = expr.replace(f"${variable}", "5m")
    return expr


def _numbers(text: str) -> dict[str, int]:
    return {panel["title"]: panel["id"] for panel in json.loads(text)["panels"]}


def test_every_alert_leads_to_a_dashboard_that_shows_it(facts: Facts) -> None:
    shown = {
        (alert, one.uid)
        for one in read_all([GENERATED])
        for panel in one.panels
        for alert in alerts_of(panel)
    }

    for rule in rules_of(facts.project, facts.objectives).alerts():
        named = dashboard_of(rule, facts.project.prefix)
        uids = [named.replace("{{ $labels.slo }}", one.name) for one in facts.objectives]
        assert {(rule.name, uid) for uid in uids} <= shown


def test_panels_and_alerts_lead_to_the_same_runbook_pages(facts: Facts) -> None:
    links = {
        link.url for one in read_all([GENERATED]) for panel in one.panels for link in panel.links
    }
    wanted = {
        f"{facts.project.runbooks}/{rule.name}.md"
        for rule in rules_of(facts.project, facts.objectives).alerts()
    }

    assert links == wanted
