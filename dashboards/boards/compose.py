"""The dashboards of a project, made of templates; what it lacks is left out, and said."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from dashboards.boards.filling import UnboundError
from dashboards.boards.known import KINDS, kind_of, project_values
from dashboards.boards.panel_template import REST, Scope, panel_of
from dashboards.boards.templates import candidates
from dashboards.facts import Facts
from dashboards.panel import Board, Panel, Row
from kit.pure.fields import Field

_OBJECTIVE: Final = "objective"
_NO_OBJECTIVE: Final = "about"
_PLAIN: Final = frozenset({"in_progress", "started"})
"""Roles that are one key, and no table."""


@dataclass(frozen=True, slots=True)
class Built:
    """The boards, and what was left out of them: one text for each thing that is not bound."""

    boards: tuple[Board, ...]
    left_out: tuple[str, ...]


def all_boards(facts: Facts) -> tuple[Board, ...]:
    """Return the boards of a project."""
    return build_boards(facts).boards


def build_boards(facts: Facts) -> Built:
    """Return the boards of a project: those of the templates, and one for each objective."""
    left: dict[str, list[str]] = {}
    scope = Scope(facts, project_values(facts), {})
    made = [
        board
        for name, place in facts.templates.boards.items()
        for one in _scopes(name, scope)
        if (board := _board(name, place, one, left)).rows
    ]
    unbound = frozenset(facts.project.roles.unbound())
    return Built(tuple(_with_rest(made, facts)), tuple(_said(left, unbound)))


def _scopes(name: str, scope: Scope) -> Iterator[Scope]:
    if name != _OBJECTIVE:
        yield scope
        return
    yield from (scope.about(objective) for objective in scope.facts.objectives)


def _board(name: str, place: Field, scope: Scope, left: dict[str, list[str]]) -> Board:
    place.only("title", "summary", "since", "rows")
    names, objective = scope.facts.project.boards, scope.objective
    rows = []
    for row in place.need("rows").items():
        row.only("question", "panels")
        panels = tuple(_panels(name, row.need("panels"), scope, left))
        if panels:
            rows.append(Row(scope.text(row, "question"), panels))
    since = place.get("since")
    return Board(
        uid=names.uid_of(name) if objective is None else names.uid_of_objective(objective.name),
        title=f"{names.title}: {scope.text(place, 'title')}",
        summary=scope.text(place, "summary"),
        tags=(name,),
        rows=tuple(rows),
        **({} if since is None else {"since": since.text()}),
    )


def _panels(board: str, places: Field, scope: Scope, left: dict[str, list[str]]) -> Iterator[Panel]:
    for place in places.items():
        each = place.get("each")
        if each is None:
            yield from _panel(board, place, scope, left)
            continue
        each.choice(_OBJECTIVE)
        for objective in scope.facts.objectives:
            yield from _panel(board, place, scope.about(objective), left)


def _panel(board: str, place: Field, scope: Scope, left: dict[str, list[str]]) -> Iterator[Panel]:
    """Yield the first of several panels that can be made; note what the last one lacks."""
    missing, title = "", ""
    for one in candidates(place, scope.facts.templates):
        try:
            within = _within(one, scope)
            made = None if within is None else panel_of(one, within)
        except UnboundError as err:
            missing, title = err.name, one.need("title").text()
            continue
        if made is not None:
            yield made
        return
    if not missing.startswith(f"{_OBJECTIVE}."):  # a trait of the objective, and not of the project
        left.setdefault(missing, []).append(f"{board} '{title}'")


def _within(place: Field, scope: Scope) -> Scope | None:
    """Return the scope of a panel, None for one that is not about this kind of objective."""
    kinds, about = place.get("of"), place.get("about")
    roles = scope.facts.project.roles
    if kinds is not None and scope.objective is not None:
        wanted = [one.choice(*KINDS) for one in kinds.items()]
        if kind_of(scope.objective, roles) not in wanted:
            return None
    if about is None:
        return scope
    name, objectives = about.text(), scope.facts.objectives
    found = next((one for one in objectives if one.name == name), None) or next(
        (one for one in objectives if kind_of(one, roles) == name), None
    )
    if found is None:
        raise UnboundError(f"{_NO_OBJECTIVE} {name}")
    return scope.about(found)


def _with_rest(boards: list[Board], facts: Facts) -> Iterator[Board]:
    """Yield the boards with the alerts that no other panel shows where `rest` stands."""
    shown = {board.uid: _shown(board) for board in boards}
    anywhere = set().union(*shown.values()) if shown else set()
    uids = {facts.project.boards.uid_of_objective(o.name): o.name for o in facts.objectives}
    for board in boards:
        known = shown[board.uid] if board.uid in uids else anywhere
        rest = tuple(
            alert.name
            for alert in facts.alerts
            if alert.objective == uids.get(board.uid) and alert.name not in known
        )
        yield replace(board, rows=tuple(_row_with(row, rest) for row in board.rows))


def _row_with(row: Row, rest: tuple[str, ...]) -> Row:
    def put(panel: Panel) -> Panel:
        named = tuple(name for name in panel.alerts if name != REST)
        return replace(panel, alerts=(*named, *rest)) if REST in panel.alerts else panel

    return replace(row, panels=tuple(map(put, row.panels)))


def _shown(board: Board) -> set[str]:
    return {name for row in board.rows for panel in row.panels for name in panel.alerts}


def _said(left: dict[str, list[str]], unbound: frozenset[str]) -> Iterator[str]:
    """Yield one text for each role, or label of a role, that what was left out needs."""
    merged: dict[str, list[str]] = {}
    for name, panels in left.items():
        merged.setdefault(_what(name, unbound), []).extend(panels)
    for what, panels in merged.items():
        yield f"{what}: {', '.join(dict.fromkeys(panels))}"


def _what(name: str, unbound: frozenset[str]) -> str:
    role, _, key = name.replace("users", "requests").partition(".")
    if role.startswith(_NO_OBJECTIVE):
        return f"{role.removeprefix(_NO_OBJECTIVE).strip()} (no objective counts it)"
    if role in _PLAIN:
        return f"{role} (no {role} in [metrics] of sre.toml)"
    if role in unbound or not key:
        return f"{role} (no [metrics.{role}] in sre.toml)"
    return f"{role}.{key} (no {key} in [metrics.{role}] of sre.toml)"
