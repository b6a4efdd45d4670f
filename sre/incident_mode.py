"""`sre incident mode`: what the service does at present, and switching it."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from kit.edge.access import access, target_url
from kit.pure.exits import Exit
from ops.incidents.instance import Instance
from ops.incidents.mode import SHORT, Switch, checked_mode, reason_of, switch
from ops.incidents.people import somebody
from sre.screen import console

_MODE = typer.Argument(help="normal, degraded or read_only; without it the present one is shown.")
_TARGETS = typer.Option(
    "--target", help="Base URL, once for each instance; else SRE_TARGET_URL, else port 8000 here."
)


def mode(
    wanted: Annotated[str | None, _MODE] = None,
    why: Annotated[str | None, typer.Option(help="Why; the service logs and shows it.")] = None,
    who: Annotated[str | None, typer.Option(help="Who; else SRE_USER, else you.")] = None,
    targets: Annotated[list[str] | None, _TARGETS] = None,
    within: Annotated[
        float, typer.Option(min=0, help="Seconds in which every instance must confirm it.")
    ] = 15.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Switch the mode, and wait until the /metrics of every instance show it.

    Exits 1 when an instance does not confirm it in time. SRE_API_KEYS holds a key with the scopes
    admin and metrics.
    """
    asked = access()
    instances = [Instance(target_url(url), asked) for url in targets or (None,)]
    if wanted is None:
        _show(instances, as_json=as_json)
        return
    name, reason = checked_mode(wanted), reason_of(somebody(who), why)
    aside = console(to_stderr=True)

    def waits(urls: tuple[str, ...]) -> None:
        if urls:
            aside.print(f"waiting for {', '.join(urls)}", markup=False)

    done = switch(instances, name, reason, within_s=within, waits=waits)
    _tell(done, as_json=as_json)
    if done.waiting:
        raise typer.Exit(int(Exit.BAD))


def _show(instances: "list[Instance]", *, as_json: bool) -> None:

    found = {each.url: asdict(each.chosen()) for each in instances}
    if as_json:
        typer.echo(json.dumps({"schema": "calendar-sre/modes/v1", "instances": found}, indent=1))
        return
    for url, chosen in found.items():
        typer.echo(f"{chosen['mode']:<10}{url}  {chosen['reason']}".rstrip())


def _tell(done: "Switch", *, as_json: bool) -> None:

    if as_json:
        told = {"schema": "calendar-sre/mode-switch/v1", **asdict(done), "undo": done.undo}
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    typer.echo(f"before    {done.before.mode}  {done.before.reason}".rstrip())
    typer.echo(f"now       {done.after.mode}: {SHORT[done.after.mode]}")
    for url in done.confirmed:
        typer.echo(f"confirmed {url}")
    for url in done.waiting:
        typer.echo(f"NOT YET   {url}")
    typer.echo(f"undo      {done.undo}")
