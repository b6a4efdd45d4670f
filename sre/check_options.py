"""What the verbs of `sre check` take, and how each ends."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.pure.durations import LONGEST, parse_prometheus
from kit.pure.errors import BadInputError
from ops.checks.finding import Checked
from ops.checks.places import Places, read_places
from ops.checks.runs import now
from slo.edge.files import SHIPPED, load_objectives
from slo.objective import Objective
from sre.check_screen import exit_of, print_json, show
from sre.screen import console

Target = Annotated[
    str | None,
    typer.Option(help="The service's URL; else SRE_TARGET_URL, else port 8000 here."),
]
MongoDb = Annotated[
    str | None, typer.Option("--mongodb", help="URL of MongoDB; else CALENDAR_MONGODB_URL.")
]
Redis = Annotated[
    str | None, typer.Option("--redis", help="URL of Redis; else CALENDAR_REDIS_URL.")
]
Llm = Annotated[
    str | None, typer.Option("--llm", help="URL of the language model; else CALENDAR_LLM_URL.")
]
Prometheus = Annotated[str | None, typer.Option(help="URL of Prometheus; else SRE_PROMETHEUS_URL.")]
Alertmanager = Annotated[
    str | None, typer.Option(help="URL of Alertmanager; else SRE_ALERTMANAGER_URL.")
]
Grafana = Annotated[str | None, typer.Option(help="URL of Grafana; else SRE_GRAFANA_URL.")]
Logs = Annotated[
    Path | None, typer.Option("--logs", help="Folder of the log files; else CALENDAR_LOG_DIR.")
]
Since = Annotated[str, typer.Option("--since", help="How far back to look, such as 30m, 24h, 7d.")]
Seconds = Annotated[
    int, typer.Option(min=1, max=600, help="Seconds between two looks at /metrics.")
]
Timeout = Annotated[float, typer.Option(min=0.1, max=60, help="Seconds for each question.")]
Within = Annotated[float, typer.Option(min=1, max=600, help="Seconds for all of it.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def places_of(**options: Any) -> "Places":
    """Return where everything is, by the options and the environment."""
    return read_places(os.environ, **options)


def objectives_of(folder: Path | None) -> "tuple[Objective, ...]":
    """Return the promises of a folder, the shipped ones by default."""
    return load_objectives(folder or SHIPPED)


def duration(text: str, option: str) -> timedelta:
    """Return the time of a text such as `24h`; BadInputError when it is none."""
    try:
        seconds = parse_prometheus(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= LONGEST.total_seconds():
        raise BadInputError(f"{option} {text!r} is no time", hint="write 30m, 24h or 7d")
    return timedelta(seconds=int(seconds))


def end(checked: "Checked", *, as_json: bool) -> None:
    """Print what was found and leave with its exit code."""
    if as_json:
        print_json(checked)
    else:
        show(console(), checked, now=now())
    raise typer.Exit(int(exit_of(checked)))
