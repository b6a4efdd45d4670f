"""`sre slo`: what the service promises, and how much of it is spent."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Validate, show and account for the objectives.")

_WHERE = typer.Argument(help="An OpenSLO file or a folder of them; the shipped ones by default.")
_JSON = typer.Option("--json", help="Print JSON.")


@app.command()
def validate(
    path: Annotated[Path | None, _WHERE] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Say whether every objective is well-formed and about metrics that exist."""
    objectives = _load(path)
    if as_json:
        _json({"objectives": [each.name for each in objectives], "valid": True})
        return
    names = ", ".join(each.name for each in objectives)
    count = len(objectives)
    typer.echo(f"{count} {'objective is' if count == 1 else 'objectives are'} valid: {names}")


@app.command()
def show(
    path: Annotated[Path | None, _WHERE] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Show each promise, its budget, and the burn rates that page."""
    from ops.cli.screen import console, table_of
    from slo.durations import to_prometheus
    from slo.windows import PAGES, TICKETS, bad_share, for_window, scaled_factor

    objectives = _load(path)
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
        limit = "" if each.threshold_s is None else f" under {each.threshold_s:g} s"
        promise = f"{each.target:.10%}".rstrip("0%").rstrip(".") + f" %{limit}"
        window = to_prometheus(each.window)
        table.add_row(each.name, promise, window, _allowance(each), *shares)
    console().print(table)


@app.command()
def budget(
    name: Annotated[str | None, typer.Argument(help="One objective; all by default.")] = None,
    objectives: Annotated[Path | None, typer.Option(help="Other objectives than shipped.")] = None,
    bad: Annotated[float | None, typer.Option(min=0, help="Bad events counted so far.")] = None,
    total: Annotated[float | None, typer.Option(min=0, help="All events counted so far.")] = None,
    prometheus: Annotated[
        str | None, typer.Option(help="Count there instead; else SRE_PROMETHEUS_URL.")
    ] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Say how much of each budget is spent, from counts given or counted by Prometheus."""
    from ops.cli.exits import Exit
    from ops.prometheus import prometheus_url
    from slo.errors import BadInputError
    from slo.fields import closest

    found = _load(objectives)
    if name is not None:
        names = {each.name: each for each in found}
        if name not in names:
            raise BadInputError(f"no objective is called {name!r}", hint=closest(name, names))
        found = (names[name],)
    url = prometheus_url(prometheus)
    if bad is not None and total is not None:
        rows = [_given(found, name, bad, total)]
    elif bad is None and total is None and url is not None:
        rows = _counted(url, found)
    else:
        raise BadInputError("nothing to count from", hint="give --bad and --total, or --prometheus")
    if as_json:
        _json(rows)
    else:
        _print_budgets(rows)
    if any(row["spent"] is not None and row["spent"] > 1 for row in rows):
        raise typer.Exit(Exit.BAD)
    if any(row["spent"] is None for row in rows):
        raise typer.Exit(Exit.NOT_ENOUGH_DATA)


def _load(path: Path | None) -> Any:
    from ops.objectives import load_objectives

    return load_objectives(path) if path else load_objectives()


def _shown(objective: Any) -> dict[str, Any]:
    from slo.promql import bad_ratio_query
    from slo.windows import PAGES, TICKETS

    plain = asdict(objective)
    plain["window_s"] = plain.pop("window").total_seconds()
    plain["bad_ratio"] = bad_ratio_query(objective, objective.window)
    plain["tiers"] = [_tier(tier, objective) for tier in (*PAGES, *TICKETS)]
    return plain


def _tier(tier: Any, objective: Any) -> dict[str, Any]:
    from slo.windows import bad_share, for_window, scaled_factor

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


def _budget(objective: Any, bad: float | None, total: float | None) -> dict[str, Any]:
    from slo.budget import Budget

    row: dict[str, Any] = {"objective": objective.name, "target": objective.target}
    if not total or bad is None:
        return {**row, "bad": bad, "total": total, "measured": None, "spent": None}
    state = Budget(objective, bad=bad, total=total)
    spent = {"measured": state.good_ratio, "spent": state.spent, "left": state.remaining}
    return {**row, "bad": bad, "total": total, **spent}


def _given(objectives: Any, name: str | None, bad: float, total: float) -> dict[str, Any]:
    """Return the row of the one objective that the counts are of."""
    from slo.errors import BadInputError

    if name is None and len(objectives) > 1:
        names = ", ".join(each.name for each in objectives)
        raise BadInputError(
            "--bad and --total are the counts of one objective, and none is named",
            hint=f"name one of {names}",
        )
    if bad > total > 0:  # of nothing there is no share: no data
        raise BadInputError(f"--bad {bad:g} is more than --total {total:g}", hint="swap them?")
    return _budget(objectives[0], bad, total)


def _counted(url: str, objectives: Any) -> list[dict[str, Any]]:
    from ops.prometheus import connect
    from slo.promql import bad_query, total_query

    rows, now = [], time.time()
    with connect(url) as server:
        for each in objectives:
            seconds = each.window.total_seconds()
            counts = [
                server.instant(query(each, each.window), now) for query in (bad_query, total_query)
            ]
            bad, total = (float(c[0].values[-1]) * seconds if c else None for c in counts)
            rows.append(_budget(each, bad, total))
    return rows


def _print_budgets(rows: list[dict[str, Any]]) -> None:
    from ops.cli.screen import console, table_of

    table = table_of("objective", "target", "measured", "budget spent", "left")
    for row in rows:
        if row["spent"] is None:
            table.add_row(row["objective"], f"{row['target']:.4g}", "NO DATA", "", "")
        else:
            table.add_row(
                row["objective"], f"{row['target']:.4g}", f"{row['measured']:.6f}",
                f"{row['spent']:.1%}", f"{row['left']:.1%}",
            )  # fmt: skip
    console().print(table)


def _json(value: Any) -> None:
    import json

    typer.echo(json.dumps(value, indent=2, default=str))
