"""What other people's Grafanas export is read, checked and drawn, whatever stands in it."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dashboards.context import Context
from dashboards.edge.preview import _names
from dashboards.edge.preview_page import preview
from dashboards.levels import levelled
from dashboards.live import span_of
from dashboards.problem import Level, Problem
from dashboards.read import read_dashboard
from dashboards.rules import check_dashboard
from dashboards.source import Answer, QueryError, Span
from kit.pure.errors import BadInputError
from tests.support.foreign_boards import BOARDS, WRONG, mixin, node_full, of_2016, spoiled
from tests.support.sampling import quick
from tests.unit.dashboards.answers import series


class AnyAnswers:
    """A Prometheus that has something of everything, and refuses what is not its language."""

    def instant(self, expr: str, at: float) -> Answer:
        del at
        if "$" in expr:
            raise QueryError(f"parse error: {expr}")
        odd = float("inf")
        return Answer((series({"le": "+Inf"}, 3, 5), series({"le": "x$_$"}, 0, odd)), 0.01)

    def over(self, expr: str, span: Span) -> Answer:
        return self.instant(expr, span.end)

    def label_values(self, label: str, selector: str, _span: Span) -> tuple[str, ...]:
        if "$" in selector:
            raise QueryError("no selector")
        return (label, "b")


def problems(board: dict[str, Any]) -> list[Problem]:
    found = check_dashboard(read_dashboard("x.json", json.dumps(board)), Context())
    return list(levelled(found, {}))


def errors(board: dict[str, Any]) -> list[Problem]:
    return [one for one in problems(board) if one.level is Level.ERROR]


def drawn(board: dict[str, Any]) -> str:
    read = read_dashboard("x.json", json.dumps(board))
    return preview(read, AnyAnswers(), span_of(300, 600, 15), scrape_s=15).html


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_of_others_has_only_the_errors_that_it_has(name: str) -> None:
    assert [one.rule for one in errors(BOARDS[name]())] == WRONG.get(name, [])


@pytest.mark.parametrize("name", quick(reversed(BOARDS), first=1))
def test_a_board_of_others_is_drawn_and_nothing_of_it_is_taken_for_markup(name: str) -> None:
    page = drawn(BOARDS[name]())

    assert "<script>" not in page
    assert "<b>s</b>" not in page


def test_panels_of_different_folded_rows_are_in_nobodys_way_and_those_of_one_row_are() -> None:
    board = node_full()
    assert not [one for one in problems(board) if one.rule == "panel-grid"]
    board["panels"][2]["panels"][1]["gridPos"]["x"] = 6

    (found,) = [one for one in problems(board) if one.rule == "panel-grid"]
    assert "overlaps" in found.message


@pytest.mark.thorough
def test_a_description_of_two_lines_is_shown_whole() -> None:
    assert "Busy state of all CPU cores together\n(of the host)" in drawn(node_full())


def test_an_expression_that_is_wrong_is_found_also_where_variables_stand_in_it() -> None:
    board = mixin()
    board["panels"][0]["targets"][0]["expr"] = "sum(rate(x_total[$interval]) by ($by)"

    (found,) = [one for one in errors(board) if one.rule == "target-promql"]
    assert found.panel == "$namespace 0"


def test_another_language_than_promql_is_no_error_of_a_source_whose_type_is_not_known() -> None:
    board = of_2016()
    board["rows"][1]["panels"][0]["type"] = "timeseries"

    assert not [one for one in errors(board) if one.rule == "target-promql"]
    assert "warning" in {one.level for one in problems(board) if one.rule == "target-promql"}


def test_a_project_makes_of_a_rule_what_it_wants() -> None:
    found = list(check_dashboard(read_dashboard("x.json", json.dumps(node_full())), Context()))

    levels = {one.level for one in levelled(found, {"panel-title-description": "error"})}
    assert levels == {Level.ERROR, Level.WARNING}
    assert not list(levelled(found, {one.rule: "off" for one in found}))


def test_every_page_has_a_name_of_its_own_inside_its_folder() -> None:
    uids = ["a/../../b", "..", "", "A", "a", "~x", "-r", "\u202e", "x" * 300, "con.", "a\nb"]
    boards = [
        read_dashboard(f"f/{n}.json", json.dumps({"panels": [], "uid": uid}))
        for n, uid in enumerate(uids)
    ]
    names = _names(boards)

    assert len({one.casefold() for one in names}) == len(uids)
    for name in names:
        path = (Path("/out") / f"{name}.html").resolve()
        assert path.parent == Path("/out")
        assert not name.startswith((".", "-", "~"))


@pytest.mark.parametrize("name", BOARDS)
def test_a_spoiled_board_is_read_or_refused_in_words(name: str) -> None:
    for board in spoiled(BOARDS[name](), seed=len(name), times=12):
        with suppress(BadInputError):
            problems(board)


@pytest.mark.thorough
@pytest.mark.parametrize("name", BOARDS)
def test_a_spoiled_board_that_is_read_is_drawn(name: str) -> None:
    for board in spoiled(BOARDS[name](), seed=7, times=40):
        try:
            read = read_dashboard("x.json", json.dumps(board))
        except BadInputError:
            continue
        preview(read, AnyAnswers(), span_of(300, 600, 15), scrape_s=15)
