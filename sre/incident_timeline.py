"""`sre incident timeline`: one timeline out of alerts, logs, deploys, modes, restarts and runs."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kit.edge.prometheus import prometheus_url
from kit.pure.moments import moment_of
from ops.incidents.masking import masking_of
from ops.incidents.timeline import render
from ops.incidents.timeline.gather import Sources, timeline_of
from ops.incidents.window import window_of
from sre.answer import Answer
from sre.options import Begin, End, Logs, Prometheus

_RULES = typer.Option(help="The folder that sre alerts deploy puts rules into.")
_MARKDOWN = typer.Option("--markdown", help="Print the beginning of a post-mortem.")


def timeline(
    since: Begin = "2h",
    until: End = "now",
    prometheus: Prometheus = None,
    logs: Logs = None,
    rules: Annotated[Path | None, _RULES] = None,
    start: Annotated[str | None, typer.Option(help="When it began, if known.")] = None,
    detection: Annotated[str | None, typer.Option(help="When it was noticed, if known.")] = None,
    mitigation: Annotated[str | None, typer.Option(help="When it got better, if known.")] = None,
    end: Annotated[str | None, typer.Option(help="When it was over, if known.")] = None,
    title: Annotated[str, typer.Option(help="With --markdown: the heading.")] = "Incident",
    as_markdown: Annotated[bool, _MARKDOWN] = False,
) -> Answer:
    """Tell what happened in one order of time, with its moments and its cost in budgets.

    Moments that nobody has said are guessed, and marked so. Exits 2 when nobody is named to ask,
    3 when nobody answered, 5 when nothing is known of that time.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    given = {"start": start, "detection": detection, "mitigation": mitigation, "end": end}
    said = {name: moment_of(text, now) for name, text in given.items() if text}
    where = os.environ.get("CALENDAR_LOG_DIR")
    folder = logs or (Path(where) if where else None)
    sources = Sources(prometheus_url(prometheus) or "", folder, rules)
    found = timeline_of(sources, window_of(since, until), masking_of(os.environ), said, now)

    def screen(terminal: Console) -> None:
        if as_markdown:
            terminal.out(render.markdown(found, title), end="")
            return
        for line in render.text(found):
            terminal.out(line)

    return Answer(render.plain(found), screen)
