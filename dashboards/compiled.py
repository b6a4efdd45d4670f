"""A dashboard as the JSON text that Grafana reads."""

import json
from typing import Final

import orjson
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model

from dashboards.annotations import annotations
from dashboards.boards.deploys import deploys_of
from dashboards.facts import Facts
from dashboards.grafana_panel import compile_panel, identity_of
from dashboards.grid import place_rows
from dashboards.panel import Board
from dashboards.variables import variables
from slo.project.project import LONGEST_UID

_AS_TEXT: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def compile_board(board: Board, facts: Facts, *, runbooks: str) -> str:
    """Return the JSON of a dashboard, the same text for the same board.

    ValueError when the uid is longer than Grafana takes or two panels share a title.
    """
    if not 1 <= len(board.uid) <= LONGEST_UID:
        raise ValueError(f"uid {board.uid!r}: {len(board.uid)} characters, 1 to {LONGEST_UID} fit")
    titles = [panel.title for row in board.rows for panel in row.panels]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise ValueError(f"dashboard {board.uid!r}: several panels are titled {twice[0]!r}")
    plain = orjson.loads(json.dumps(_build(board, facts, runbooks), cls=JSONEncoder))
    names = facts.project.boards
    plain["annotations"] = annotations(deploys_of(facts), facts.firing, names.load_runs)
    return orjson.dumps(_without_nulls(plain), option=_AS_TEXT).decode()


def _build(board: Board, facts: Facts, runbooks: str) -> model.Dashboard:
    project = facts.project
    choices = variables(project, facts.templates)
    built = (
        build.Dashboard(board.title)
        .uid(board.uid)
        .description(board.summary)
        .tags([project.boards.tag, *board.tags])
        .readonly()
        .timezone("utc")
        .time(board.since, "now")
        .refresh("30s")
        .tooltip(model.DashboardCursorSync.CROSSHAIR)
        .link(_to_other_boards(project.boards.tag))
        .variables(list(choices))
    )
    for heading, row, places in place_rows(board.rows):
        position = model.GridPos(h=heading.height, w=heading.width, x=heading.x, y=heading.y)
        built = built.with_row(
            build.Row(row.question)
            .id(identity_of(board.uid, f"row {row.question}"))
            .grid_pos(position)
        )
        for panel, place in zip(row.panels, places, strict=True):
            identity = identity_of(board.uid, panel.title)
            built = built.with_panel(
                compile_panel(panel, place, identity=identity, runbooks=runbooks)
            )
    return built.build()


def _to_other_boards(tag: str) -> build.DashboardLink:
    return (
        build.DashboardLink("Dashboards")
        .type(model.DashboardLinkType.DASHBOARDS)
        .tags([tag])
        .as_dropdown(as_dropdown=True)
        .keep_time(keep_time=True)
        .include_vars(include_vars=True)
    )


def _without_nulls(value: object) -> object:
    """Drop keys without a value, but keep the null that starts a list of thresholds."""
    if isinstance(value, dict):
        return {
            key: _without_nulls(item)
            for key, item in value.items()
            if item is not None or (key == "value" and "color" in value)
        }
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
