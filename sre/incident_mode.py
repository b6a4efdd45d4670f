"""`sre incident mode`: what the service does at present, and switching it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from kit.edge.access import access, target_url
from kit.pure.exits import Exit
from ops.incidents.instance import Instance
from ops.incidents.mode import SHORT, Switch, checked_mode, reason_of, switch
from ops.incidents.people import somebody
from sre.answer import Answer
from sre.options import Who
from sre.screen import console

_MODE = typer.Argument(help="normal, degraded or read_only; without it the present one is shown.")
_TARGETS = typer.Option(
    "--target", help="Base URL, once for each instance; else SRE_TARGET_URL, else port 8000 here."
)


def mode(
    wanted: Annotated[str | None, _MODE] = None,
    why: Annotated[str | None, typer.Option(help="Why; the service logs and shows it.")] = None,
    who: Who = None,
    targets: Annotated[list[str] | None, _TARGETS] = None,
    within: Annotated[
        float, typer.Option(min=0, help="Seconds in which every instance must confirm it.")
    ] = 15.0,
) -> Answer:
    """Switch the mode, and wait until the /metrics of every instance show it.

    Exits 1 when an instance does not confirm it in time. SRE_API_KEYS holds a key with the scopes
    admin and metrics.
    """
    asked = access()
    instances = [Instance(target_url(url), asked) for url in targets or (None,)]
    if wanted is None:
        return _present(instances)
    name, reason = checked_mode(wanted), reason_of(somebody(who), why)
    aside = console(to_stderr=True)

    def waits(urls: tuple[str, ...]) -> None:
        if urls:
            aside.out(f"waiting for {', '.join(urls)}")

    done = switch(instances, name, reason, within_s=within, waits=waits)
    data = {"schema": "calendar-sre/mode-switch/v1", **asdict(done), "undo": done.undo}
    code = Exit.BAD if done.waiting else Exit.HOLDS
    return Answer(data, lambda terminal: _show_switch(terminal, done), code)


def _present(instances: Sequence[Instance]) -> Answer:
    found = {each.url: each.chosen() for each in instances}

    def screen(terminal: Console) -> None:
        for url, chosen in found.items():
            terminal.out(f"{chosen.mode:<10}{url}  {chosen.reason}".rstrip())

    modes = {url: asdict(chosen) for url, chosen in found.items()}
    return Answer({"schema": "calendar-sre/modes/v1", "instances": modes}, screen)


def _show_switch(terminal: Console, done: Switch) -> None:
    terminal.out(f"before    {done.before.mode}  {done.before.reason}".rstrip())
    terminal.out(f"now       {done.after.mode}: {SHORT[done.after.mode]}")
    for url in done.confirmed:
        terminal.out(f"confirmed {url}")
    for url in done.waiting:
        terminal.out(f"NOT YET   {url}")
    terminal.out(f"undo      {done.undo}")
