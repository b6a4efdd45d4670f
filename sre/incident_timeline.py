"""`sre incident timeline`: one story out of alerts, logs, deploys, modes, restarts and runs."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kit.edge.prometheus import prometheus_url
from ops.incidents.masking import masking_of
from ops.incidents.moments import moment_of, window_of
from ops.incidents.story import render
from ops.incidents.story.gather import Sources, story_of

_SINCE = typer.Option(help="How far back, such as 2h or 90m, or a time with its offset.")
_RULES = typer.Option(help="The folder that sre alerts deploy puts rules into.")
_MARKDOWN = typer.Option("--markdown", help="Print the beginning of a post-mortem.")


def timeline(
    since: Annotated[str, _SINCE] = "2h",
    until: Annotated[str, typer.Option(help="The end: a time with its offset.")] = "now",
    prometheus: Annotated[str | None, typer.Option(help="URL; else SRE_PROMETHEUS_URL.")] = None,
    logs: Annotated[Path | None, typer.Option(help="Folder; else CALENDAR_LOG_DIR.")] = None,
    rules: Annotated[Path | None, _RULES] = None,
    start: Annotated[str | None, typer.Option(help="When it began, if known.")] = None,
    detection: Annotated[str | None, typer.Option(help="When it was noticed, if known.")] = None,
    mitigation: Annotated[str | None, typer.Option(help="When it got better, if known.")] = None,
    end: Annotated[str | None, typer.Option(help="When it was over, if known.")] = None,
    title: Annotated[str, typer.Option(help="With --markdown: the heading.")] = "Incident",
    as_markdown: Annotated[bool, _MARKDOWN] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what happened in one order of time, with its moments and its cost in budgets.

    Moments that nobody has said are guessed, and marked so. Exits 3 when nobody could be asked,
    5 when nothing is known of that time.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    given = {"start": start, "detection": detection, "mitigation": mitigation, "end": end}
    said = {name: moment_of(text, now) for name, text in given.items() if text}
    folder = logs or (Path(os.environ["CALENDAR_LOG_DIR"]) if _has_logs() else None)
    sources = Sources(prometheus_url(prometheus) or "", folder, rules)
    story = story_of(sources, window_of(since, until), masking_of(os.environ), said, now)
    if as_json:
        typer.echo(json.dumps(render.plain(story), indent=1, ensure_ascii=False))
    elif as_markdown:
        typer.echo(render.markdown(story, title), nl=False)
    else:
        for line in render.text(story):
            typer.echo(line)


def _has_logs() -> bool:
    return bool(os.environ.get("CALENDAR_LOG_DIR"))
