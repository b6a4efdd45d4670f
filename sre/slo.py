"""`sre slo`: what is promised, and how much of it is spent."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.edge.prometheus import connect
from kit.pure.durations import to_prometheus
from kit.pure.exits import Exit
from slo.catalogue import SERVICE
from slo.edge.files import SHIPPED, inspect, load_objectives
from slo.edge.looking import look
from slo.promql import bad_ratio_query
from slo.windows import PAGES, TICKETS, bad_share, for_window, scaled_factor
from slo.wording import period, promise
from sre.screen import console, table_of

_WHERE = typer.Argument(help="An OpenSLO file or a folder of them; the shipped ones by default.")
_JSON = typer.Option("--json", help="Print JSON.")


def validate(
    path: Annotated[Path | None, _WHERE] = None,
    prometheus: Annotated[
        str | None, typer.Option(help="Look there whether the metrics exist.")
    ] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Say whether every objective is well-formed and about metrics that exist."""
    objectives, problems = inspect(path or SHIPPED)
    warnings: tuple[str, ...] = ()
    if prometheus and not problems:
        problems, warnings = _looked_for(objectives, prometheus)
    elif not problems:
        warnings = _not_looked_for(objectives)
    names = [each.name for each in objectives]
    if as_json:
        told = [{"problem": str(each), "hint": each.hint} for each in problems]
        plain = {"objectives": names, "valid": not problems, "problems": told}
        _json({**plain, "warnings": list(warnings)})
    else:
        _say(names, problems, warnings)
    if problems:
        raise typer.Exit(Exit.USAGE)


def show(
    path: Annotated[Path | None, _WHERE] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Show each promise, its budget, and the burn rates that page."""
    objectives = load_objectives(path or SHIPPED)
    if as_json:
        _json([_shown(each) for each in objectives])
        return
    table = table_of("objective", "promise", "over", "budget", "pages above", "tickets above")
    for each in objectives:
        shares = [
            ", ".join(
                f"{bad_share(t, each):.3%} ({scaled_factor(t, each):.1f}x)"
                f" in {to_prometheus(for_window(t, each).long)}"
                for t in tiers
            )
            for tiers in (PAGES, TICKETS)
        ]
        table.add_row(each.name, promise(each), period(each), _allowance(each), *shares)
    console().print(table)


def _say(names: list[str], problems: Any, warnings: tuple[str, ...]) -> None:
    for each in problems:
        hint = f"\nhint: {each.hint}" if each.hint else ""
        typer.echo(f"error: {each}{hint}", err=True)
    for text in warnings:
        typer.echo(f"note: {text}", err=True)
    if not problems:
        count = "1 objective is" if len(names) == 1 else f"{len(names)} objectives are"
        typer.echo(f"{count} valid: {', '.join(names)}")


def _looked_for(objectives: Any, url: str) -> tuple[Any, tuple[str, ...]]:
    """Return what does not exist on a server, and what only has no series there now."""
    with connect(url) as server:
        looked = look(server, objectives, time.time())
    return looked.unknown, looked.empty


def _not_looked_for(objectives: Any) -> tuple[str, ...]:
    """Say whose metrics nobody knows: only those of our own service are listed in the code."""
    others = sorted({each.service for each in objectives} - {SERVICE})
    if not others:
        return ()
    of = ", ".join(others)
    return (f"whether the metrics of {of} exist was not looked for: --prometheus URL does",)


def _shown(objective: Any) -> dict[str, Any]:

    plain = asdict(objective)
    plain["window_s"] = plain.pop("window").total_seconds()
    if objective.slices:
        plain["slices"]["length_s"] = plain["slices"].pop("length").total_seconds()
    plain["policies"] = [each.name for each in objective.policies]
    plain["budgeting"] = objective.budgeting
    plain["says"] = f"{promise(objective)} over {period(objective)}"
    plain["bad_ratio"] = bad_ratio_query(objective, objective.window)
    plain["tiers"] = [_tier(tier, objective) for tier in (*PAGES, *TICKETS)]
    return plain


def _tier(tier: Any, objective: Any) -> dict[str, Any]:

    fitted = for_window(tier, objective)
    return {
        "name": tier.name,
        "long_s": fitted.long.total_seconds(),
        "short_s": fitted.short.total_seconds(),
        "burn": scaled_factor(tier, objective),
        "bad_share": bad_share(tier, objective),
    }


def _allowance(objective: Any) -> str:
    """Return the budget as the time for which everything may fail."""
    minutes = objective.window.total_seconds() * objective.budget / 60
    return f"{minutes:.0f} min" if minutes < 600 else f"{minutes / 60:.0f} h"  # noqa: PLR2004 ten hours


def _json(value: Any) -> None:

    typer.echo(json.dumps(value, indent=2, default=str))
