"""Dashboards of projects that are not ours: no line of code knows of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.boards.compose import Built, build_boards
from dashboards.compiled import compile_board
from dashboards.facts import Facts
from dashboards.panel import Board, Panel
from kit.pure.errors import BadInputError
from slo.edge.project_file import load_project
from slo.project.project import LONGEST_UID, BoardNames
from sre.dashboard_facts import load_facts
from tests.support.two_projects import orders, stock

SATURATED = """
[[metrics.saturation]]
name = "connections"
used = 'pool_in_use{pool="db"}'
limit = 20

[[metrics.dependency]]
name = "ledger"
up = 'pg_up{job="ledger-db"}'

[[metrics.dependency]]
name = "mail"
up = "mail_up"
"""


def facts_of(path: Path) -> Facts:
    return load_facts(load_project(path))


def added(path: Path, text: str) -> Path:
    path.write_text(path.read_text() + text)
    return path


def boards_of(path: Path) -> dict[str, Board]:
    return {board.uid: board for board in build_boards(facts_of(path)).boards}


def panels_of(path: Path) -> dict[tuple[str, str], Panel]:
    return {
        (uid, panel.title): panel
        for uid, board in boards_of(path).items()
        for row in board.rows
        for panel in row.panels
    }


def with_boards(path: Path, text: str) -> Path:
    (path.parent / "boards.yaml").write_text(f"schema: sre.boards/v1\n{text}")
    path.write_text(path.read_text().replace("[paths]", '[paths]\nboards = "boards.yaml"'))
    return path


@pytest.mark.parametrize("project", [orders, stock])
def test_nothing_of_another_service_stands_on_the_boards(
    project: Callable[[Path], Path], tmp_path: Path
) -> None:
    facts = facts_of(project(tmp_path))
    name = facts.project.name
    for board in build_boards(facts).boards:
        text = compile_board(board, facts, runbooks="https://pages.example")
        assert board.uid.startswith(f"{name}-")
        assert json.loads(text)["tags"][0] == name
        for word in ("calendar", "mongodb", "redis", "parsing", "sentence"):
            assert word not in text.lower(), (board.uid, word)


def test_every_figure_of_a_service_is_of_its_own_job(tmp_path: Path) -> None:
    for (uid, title), panel in panels_of(orders(tmp_path)).items():
        for query in panel.queries:
            raw = 'job=~"$job"' in query.expr
            assert raw is ('job="orders",job=~"$job"' in query.expr or 'job="orders",handler!~' in
                           query.expr), (uid, title)  # fmt: skip


def test_what_no_user_asks_for_is_not_counted(tmp_path: Path) -> None:
    panel = panels_of(orders(tmp_path))["orders-executive", "Requests in this time"]
    assert panel.queries[0].expr == (
        'sum (increase(http_requests_total{job="orders",handler!~"/metrics|/live",'
        'job=~"$job",instance=~"$instance",handler=~"$route"}[$__range]))'
    )


def test_a_role_that_is_not_bound_leaves_its_panels_out_and_is_named(tmp_path: Path) -> None:
    built = build_boards(facts_of(stock(tmp_path)))
    named = [line.partition(":")[0] for line in built.left_out]
    assert named == [
        "dependency (no [metrics.dependency] in sre.toml)",
        "started (no started in [metrics] of sre.toml)",
        "prober (no [metrics.prober] in sre.toml)",
        "in_progress (no in_progress in [metrics] of sre.toml)",
        "requests.route (no route in [metrics.requests] of sre.toml)",
        "saturation (no [metrics.saturation] in sre.toml)",
        "cache (no [metrics.cache] in sre.toml)",
        "accuracy (no [metrics.accuracy] in sre.toml)",
        "version (no [metrics.version] in sre.toml)",
        "latency.route (no route in [metrics.latency] of sre.toml)",
    ]
    assert _titles(built).isdisjoint({"Dependencies answer", "Routes", "Cache hit rate"})


def _titles(built: Built) -> set[str]:
    return {panel.title for board in built.boards for row in board.rows for panel in row.panels}


def test_a_role_that_is_bound_brings_its_panel_with_a_query_for_each(tmp_path: Path) -> None:
    panels = panels_of(added(stock(tmp_path), SATURATED))
    answer = panels["stock-operations", "Dependencies answer"]
    assert [(query.legend, query.expr) for query in answer.queries] == [
        ("ledger", 'min(pg_up{job="ledger-db",job=~"$job",instance=~"$instance"})'),
        ("mail", 'min(mail_up{job="stock",job=~"$job",instance=~"$instance"})'),
    ]
    (used,) = panels["stock-operations", "In use, as a share of the limit"].queries
    assert used.expr == (
        'max by (instance) (pool_in_use{pool="db",job="stock",job=~"$job",instance=~"$instance"}'
        " / 20)"
    )


def test_an_objective_without_the_label_measure_has_its_board_and_its_line(tmp_path: Path) -> None:
    """The latency of the line is the edge of the query."""
    facts = facts_of(stock(tmp_path))
    assert {each.measure for each in facts.objectives} == {"other"}
    panels = panels_of(tmp_path / "sre.toml")
    assert [step.value for step in panels["stock-operations", "Response time"].steps] == [
        None,
        0.25,
    ]
    assert ("stock-slo-answered", "Failures by status") in panels
    assert ("stock-slo-fast", "Failures by status") not in panels


def test_every_alert_of_a_project_is_on_one_of_its_panels(tmp_path: Path) -> None:
    facts = facts_of(orders(tmp_path))
    shown = {
        alert
        for board in build_boards(facts).boards
        for row in board.rows
        for panel in row.panels
        for alert in panel.alerts
    }
    assert shown == {alert.name for alert in facts.alerts}
    assert {"AnsweredBudgetBurnFast", "AnsweredPartBudgetBurn", "FastUnmeasured"} <= shown


def test_a_panel_of_the_project_stands_beside_the_standard_ones(tmp_path: Path) -> None:
    path = with_boards(
        orders(tmp_path),
        """
panels:
  requests: {good: 'more than yesterday.'}
boards:
  development: null
  stock-taking:
    title: stock taking
    summary: What is counted.
    rows:
      - question: How much is counted?
        panels:
          - use: requests
          - title: Slow ones
            kind: stat
            unit: count
            queries: [{query: 'sum(rate(<latency>_count{<latency.users>}[$__rate_interval]))'}]
            good: few.
            otherwise: look at what is slow in the log.
""",
    )
    panels = panels_of(path)
    assert panels["orders-executive", "Requests in this time"].good == "more than yesterday."
    assert panels["orders-stock-taking", "Slow ones"].queries[0].expr.startswith("sum(rate(http_")
    assert not any(uid == "orders-development" for uid, _ in panels)


@pytest.mark.parametrize(
    ("text", "says", "fix"),
    [
        ("panels: {requests: {use: x}}", "is not a known field", "use"),
        ("panels: {requests: {title: <reqests>}}", "names <reqests>, which there is not",
         "did you mean 'requests'?"),
        ("panels: {requests: {kind: stats}}", "is not known here", "did you mean 'stat'?"),
        ("panels: {requests: {alerts: [Nothing]}}", "is no alert of this project", "use one of"),
        ("panels: {requests: {above: {bad: resource_ration}}}", "is no limit of an alert",
         "did you mean 'resource_ratio'?"),
        ("boards: {executive: {title: a, summary: b, rows: [{question: c, panels: [{use: x}]}]}}",
         "is no panel", "use one of"),
        ("boards: [1]", "is not a mapping", "key: value"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_names_file_field_and_fix(
    text: str, says: str, fix: str, tmp_path: Path
) -> None:
    path = with_boards(orders(tmp_path), text)
    with pytest.raises(BadInputError, match=r"boards\.yaml") as caught:
        build_boards(facts_of(path))
    assert says in str(caught.value)
    assert fix in caught.value.hint


def test_a_budget_of_which_little_was_measured_says_how_much(tmp_path: Path) -> None:
    panel = panels_of(orders(tmp_path))["orders-slo-fast", "Requests fast: budget left"]
    left, measured = panel.queries
    own = '{slo="fast",service="orders"}'
    assert left.expr == f"1 - slo:budget_spent:30d{own}"
    assert measured.legend == "of the window measured"
    assert measured.expr == f"slo:budget_watched:30d{own} < 0.95"


@pytest.mark.parametrize("one", ["a" * 40, "b" * 63])
def test_long_names_keep_boards_apart(one: str) -> None:
    names = BoardNames.after(one, one, "Title")
    uids = {names.uid_of_objective(f"{'long-' * 8}{number}") for number in range(50)}
    assert len(uids) == 50
    assert {len(uid) for uid in uids} == {LONGEST_UID}


def test_variables_list_only_what_is_the_service_s(tmp_path: Path) -> None:
    def queries(path: Path) -> dict[str, Any]:
        facts = facts_of(path)
        whole = compile_board(build_boards(facts).boards[0], facts, runbooks="https://x.example")
        listed = json.loads(whole)["templating"]["list"]
        return {v["name"]: v["query"]["query"] for v in listed if v["type"] == "query"}

    assert queries(orders(tmp_path / "a")) == {
        "job": 'label_values(up{job="orders"}, job)',
        "instance": 'label_values(up{job="orders",job=~"$job"}, instance)',
        "route": 'label_values(http_requests_total{job="orders",job=~"$job"}, handler)',
    }
    assert "route" not in queries(stock(tmp_path / "b"))


@pytest.mark.parametrize(("unit", "shown"), [("ms", "ms"), ("us", "µs")])
def test_a_histogram_in_another_unit_than_seconds_has_its_heatmap_in_it(
    unit: str, shown: str, tmp_path: Path
) -> None:
    path = stock(tmp_path)
    text = path.read_text().replace("[metrics.latency]", f'[metrics.latency]\nunit = "{unit}"')
    path.write_text(text)
    panel = panels_of(path)["stock-operations", "Response times, all of them"]
    assert panel.unit == shown
