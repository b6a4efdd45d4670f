"""`sre slo budget`: how much of each error budget is spent."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kit.edge.prometheus import connect, prometheus_url
from kit.edge.text_files import read_text
from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from kit.pure.moments import read_moment
from slo.account import Account, composites, verdicts
from slo.edge.accounts import account, as_plain, given, plain_composite
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project
from slo.maintenance import Maintenance, read_maintenance
from slo.objective import Objective
from slo.verdict import overall
from sre.answer import Answer
from sre.exits import exit_of_verdict
from sre.options import Objectives, Project
from sre.slo_budget_screen import show_accounts

_MAINTENANCE = typer.Option(help="A YAML list of start, end and reason to leave out.")
_AT = typer.Option(help="The moment to account for, such as 2026-11-01T00:00:00Z; now by default.")


def budget(
    name: Annotated[
        str | None, typer.Argument(help="One objective or SLO; all by default.")
    ] = None,
    objectives: Objectives = None,
    project: Project = None,
    bad: Annotated[float | None, typer.Option(min=0, help="Bad events counted so far.")] = None,
    total: Annotated[float | None, typer.Option(min=0, help="All events counted so far.")] = None,
    prometheus: Annotated[
        str | None, typer.Option(help="Count there instead; else SRE_PROMETHEUS_URL.")
    ] = None,
    maintenance: Annotated[Path | None, _MAINTENANCE] = None,
    at: Annotated[str | None, _AT] = None,
) -> Answer:
    """Say how much of each budget is spent, from counts given or counted by Prometheus."""
    own = load_project(project)
    found = _named(load_objectives(objectives or Path(own.paths.objectives), own), name)
    now = _moment(at)
    if bad is not None and total is not None:
        accounts = [given(_only(found), now, bad, total)]
        _refuse_maintenance(maintenance)
    else:
        _refuse_half(bad, total)
        url = prometheus_url(prometheus) or own.places.prometheus
        accounts = _counted(url, found, now, maintenance)
    wholes = [plain_composite(*each) for each in composites(accounts).items()]
    data = {
        "schema": "calendar-sre/slo-budget/v1",
        "budgets": [as_plain(each) for each in accounts] + wholes,
    }
    return Answer(
        data,
        lambda screen: show_accounts(screen, accounts),
        exit_of_verdict(overall(verdicts(accounts))),
    )


def _named(found: Sequence[Objective], name: str | None) -> tuple[Objective, ...]:
    """Return the objective of a name, those of the SLO of a name, or all."""
    if name is None:
        return tuple(found)
    chosen = tuple(
        each for each in found if name in {each.name, each.part.whole if each.part else None}
    )
    if not chosen:
        known = {each.name for each in found} | {e.part.whole for e in found if e.part}
        raise BadInputError(f"no objective is called {name!r}", hint=closest(name, known))
    return chosen


def _only(found: Sequence[Objective]) -> Objective:
    """Return the one objective that counts can be of."""
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise BadInputError(
            "--bad and --total are the counts of one objective, and none is named",
            hint=f"name one of {names}",
        )
    return found[0]


def _refuse_half(bad: float | None, total: float | None) -> None:
    if bad is not None or total is not None:
        lacking = "--total" if total is None else "--bad"
        raise BadInputError(f"{lacking} is missing", hint="give both --bad and --total")


def _refuse_maintenance(maintenance: Path | None) -> None:
    if maintenance is not None:
        raise BadInputError(
            "--maintenance cannot be taken out of counts that are given",
            hint="count without those times, or let --prometheus count",
        )


def _counted(
    url: str | None,
    found: Sequence[Objective],
    now: datetime,
    maintenance: Path | None,
) -> list[Account]:
    if url is None:
        raise BadInputError("nothing to count from", hint="give --bad and --total, or --prometheus")
    out = () if maintenance is None else _read_maintenance(maintenance)
    with connect(url) as server:
        return [account(server, each, now, out) for each in found]


def _read_maintenance(path: Path) -> Sequence[Maintenance]:
    try:
        return read_maintenance(str(path), read_text(path))
    except OSError as err:
        raise BadInputError(f"cannot read {path}: {err.strerror}", hint="name a YAML file") from err


def _moment(at: str | None) -> datetime:
    try:
        moment = datetime.now(UTC) if at is None else read_moment(at)
    except ValueError as err:
        raise BadInputError(f"--at {at!r} {err}", hint="write 2026-11-01T00:00:00Z") from err
    return moment.replace(microsecond=0)
