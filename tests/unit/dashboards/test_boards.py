import json
from dataclasses import replace

import pytest

from alerts.edge.generated import rules_of
from alerts.render import dashboard_of
from dashboards.boards import all_boards
from dashboards.boards.slo_panels import kept
from dashboards.compiled import compile_board
from dashboards.edge.files import GENERATED, PROVISIONING, build, outdated, read_all
from dashboards.facts import Facts
from dashboards.panel import Kind, Panel, Query, Row, Unit
from dashboards.read import read_dashboard
from dashboards.rules import check_dashboard
from dashboards.rules.alert_panel import check_alerts
from dashboards.runbooks import alerts_of
from kit.pure.errors import BadInputError
from slo.catalogue import series_of
from slo.edge.project_file import load_project
from slo.objective import Measure
from slo.series import selectors
from sre.dashboard_facts import context_of, load_facts


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


def test_the_generated_files_are_current(facts: Facts) -> None:
    """`sre dashboards build` rewrites them."""
    assert outdated(build(facts, out=GENERATED, provision=PROVISIONING), GENERATED) == ()


def test_the_three_dashboards_of_the_procedures_and_one_for_each_objective_are_there() -> None:
    assert {one.uid for one in read_all([GENERATED])} == {
        "calendar-executive",
        "calendar-operations",
        "calendar-development",
        "calendar-slo-availability",
        "calendar-slo-latency",
        "calendar-slo-errors",
        "calendar-slo-accuracy",
    }


def test_our_dashboards_break_no_rule_and_show_every_alert(facts: Facts) -> None:
    context = context_of(facts)
    found = read_all([GENERATED])

    assert [problem for one in found for problem in check_dashboard(one, context)] == []
    assert list(check_alerts(found, context.alerts)) == []


def test_time_without_data_counts_neither_for_an_objective_nor_against_it(facts: Facts) -> None:
    for objective in facts.objectives:
        (query,) = kept(objective, facts, width=6).queries
        assert facts.recorded.budget_spent not in query.expr
        assert f"/ (sum_over_time({facts.recorded.total}" in query.expr


def test_a_changed_objective_changes_every_threshold_that_shows_it(facts: Facts) -> None:
    stricter = tuple(
        replace(one, target=0.97, threshold_s=1.5) if one.measure is Measure.LATENCY else one
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
    known = {*series_of(), "ALERTS"}
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


def test_a_limit_that_no_alert_has_is_named_with_the_closest(facts: Facts) -> None:
    with pytest.raises(BadInputError, match="no alert has") as caught:
        facts.limit("cpu_ration")

    assert "cpu_ratio" in caught.value.hint


def test_an_objective_that_is_missing_is_named(facts: Facts) -> None:
    without = replace(
        facts, objectives=tuple(o for o in facts.objectives if o.measure is not Measure.ACCURACY)
    )

    with pytest.raises(BadInputError, match="no objective measures accuracy"):
        all_boards(without)


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

    for rule in rules_of(load_project(), facts.objectives).alerts():
        named = dashboard_of(rule, load_project().prefix)
        uids = [named.replace("{{ $labels.slo }}", one.name) for one in facts.objectives]
        assert {(rule.name, uid) for uid in uids} <= shown


def test_panels_and_alerts_lead_to_the_same_runbook_pages(facts: Facts) -> None:
    links = {
        link.url for one in read_all([GENERATED]) for panel in one.panels for link in panel.links
    }
    wanted = {
        f"https://runbooks.calendar.example/{rule.name}.md"
        for rule in rules_of(load_project(), facts.objectives).alerts()
    }

    assert links == wanted
