"""`sre slo validate|show`: what the objectives are, and whether they are well-formed."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kit.edge.prometheus import connect
from kit.pure.durations import to_prometheus
from kit.pure.exits import Exit
from slo.edge.files import inspect, load_objectives
from slo.edge.missing_series import MissingSeries, find_missing
from slo.edge.project_file import load_project
from slo.objective import Objective
from slo.project.project import Project as Described
from slo.promql import bad_ratio_query
from slo.windows import PAGES, TICKETS, Tier, bad_share, for_window, scaled_factor
from slo.wording import in_words, period
from sre.answer import Answer
from sre.options import Project
from sre.screen import console, table_of

_WHERE = typer.Argument(help="An OpenSLO file or a folder of them; the project's by default.")


def validate(
    path: Annotated[Path | None, _WHERE] = None,
    prometheus: Annotated[
        str | None, typer.Option(help="Look there whether the metrics exist.")
    ] = None,
    project: Project = None,
) -> Answer:
    """Say whether every objective is well-formed and about metrics that exist."""
    of = load_project(project)
    objectives, problems = inspect(path or Path(of.paths.objectives), of)
    looked = MissingSeries(problems, ())
    if not problems:
        looked = (
            _looked_for(objectives, prometheus) if prometheus else _not_looked_for(of, objectives)
        )
    names = [each.name for each in objectives]
    data = {
        "schema": "calendar-sre/slo-validate/v1",
        "objectives": names,
        "valid": not looked.unknown,
        "problems": [{"problem": str(each), "hint": each.hint} for each in looked.unknown],
        "warnings": list(looked.empty),
    }
    return Answer(
        data,
        lambda screen: _show_problems(screen, names, looked),
        Exit.USAGE if looked.unknown else Exit.HOLDS,
    )


def show(path: Annotated[Path | None, _WHERE] = None, project: Project = None) -> Answer:
    """Show each objective, its budget, and the burn rates that page."""
    of = load_project(project)
    objectives = load_objectives(path or Path(of.paths.objectives), of)
    data = {
        "schema": "calendar-sre/slo-show/v1",
        "objectives": [_plain(each) for each in objectives],
    }
    return Answer(data, lambda screen: _show_objectives(screen, objectives))


def _show_objectives(screen: Console, objectives: Sequence[Objective]) -> None:
    table = table_of("objective", "target", "over", "budget", "pages above", "tickets above")
    for each in objectives:
        shares = [
            ", ".join(
                f"{bad_share(t, each):.3%} ({scaled_factor(t, each):.1f}x)"
                f" in {to_prometheus(for_window(t, each).long)}"
                for t in tiers
            )
            for tiers in (PAGES, TICKETS)
        ]
        table.add_row(each.name, in_words(each), period(each), _allowance(each), *shares)
    screen.print(table)


def _show_problems(screen: Console, names: Sequence[str], looked: MissingSeries) -> None:
    """Print what is wrong and what was not looked for to stderr, what holds to stdout."""
    aside = console(to_stderr=True)
    for each in looked.unknown:
        hint = f"\nhint: {each.hint}" if each.hint else ""
        aside.out(f"error: {each}{hint}")
    for text in looked.empty:
        aside.out(f"note: {text}")
    if not looked.unknown:
        count = "1 objective is" if len(names) == 1 else f"{len(names)} objectives are"
        screen.out(f"{count} valid: {', '.join(names)}")


def _looked_for(objectives: Sequence[Objective], url: str) -> MissingSeries:
    """Return what does not exist on a server, and what only has no series there now."""
    with connect(url) as server:
        return find_missing(server, objectives, time.time())


def _not_looked_for(of: Described, objectives: Sequence[Objective]) -> MissingSeries:
    """Say whose metrics nobody knows: only those of the project's service are in its catalogue."""
    known = set() if of.catalogue is None else {of.name}
    others = sorted({each.service for each in objectives} - known)
    if not others:
        return MissingSeries((), ())
    whose = ", ".join(others)
    text = f"whether the metrics of {whose} exist was not looked for: --prometheus URL does"
    return MissingSeries((), (text,))


def _plain(objective: Objective) -> dict[str, object]:  # values of JSON
    plain = asdict(objective)
    del plain["is_first"]
    plain["labels"] = dict(objective.labels)
    plain["window_s"] = plain.pop("window").total_seconds()
    if objective.calendar:
        plain["calendar"] |= {
            "start": str(objective.calendar.start),
            "zone": str(objective.calendar.zone),
        }
    if objective.slices:
        plain["slices"]["length_s"] = plain["slices"].pop("length").total_seconds()
    plain["policies"] = [each.name for each in objective.policies]
    plain["budgeting"] = objective.budgeting
    plain["says"] = f"{in_words(objective)} over {period(objective)}"
    plain["bad_ratio"] = bad_ratio_query(objective, objective.window)
    plain["tiers"] = [_tier(tier, objective) for tier in (*PAGES, *TICKETS)]
    return plain


def _tier(tier: Tier, objective: Objective) -> dict[str, str | float]:
    fitted = for_window(tier, objective)
    return {
        "name": tier.name,
        "long_s": fitted.long.total_seconds(),
        "short_s": fitted.short.total_seconds(),
        "burn": scaled_factor(tier, objective),
        "bad_share": bad_share(tier, objective),
    }


def _allowance(objective: Objective) -> str:
    """Return the budget as the time for which everything may fail."""
    minutes = objective.window.total_seconds() * objective.budget / 60
    return f"{minutes:.0f} min" if minutes < 600 else f"{minutes / 60:.0f} h"  # noqa: PLR2004 ten hours
