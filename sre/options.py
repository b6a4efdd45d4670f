"""The options that several verbs share, each with one name, one variable and one sentence."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from kit.pure.durations import LONGEST, parse_prometheus
from kit.pure.errors import BadInputError

Target = Annotated[
    str | None,
    typer.Option(
        "--target", help="Base URL of the service; else SRE_TARGET_URL, else port 8000 here."
    ),
]
Project = Annotated[
    Path | None,
    typer.Option(
        "--project",
        help="Project file, or its folder; else SRE_PROJECT, else sre.toml here or above.",
    ),
]
Prometheus = Annotated[
    str | None, typer.Option("--prometheus", help="URL of Prometheus; else SRE_PROMETHEUS_URL.")
]
Alertmanager = Annotated[
    str | None,
    typer.Option("--alertmanager", help="URL of Alertmanager; else SRE_ALERTMANAGER_URL."),
]
GrafanaHere = Annotated[
    str | None,
    typer.Option("--grafana", help="URL of Grafana; else SRE_GRAFANA_URL, else port 3000 here."),
]
Grafana = Annotated[
    str | None, typer.Option("--grafana", help="URL of Grafana; else SRE_GRAFANA_URL.")
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
MongoDbUrl = Annotated[
    str | None,
    typer.Option(
        "--mongodb-url",
        help="Where MongoDB is; else CALENDAR_MONGODB_URL, which `ps` does not show.",
    ),
]
MongoDbName = Annotated[
    str | None,
    typer.Option(
        "--database", help="Its database; else CALENDAR_MONGODB_DATABASE, else the one in the URL."
    ),
]
RedisUrl = Annotated[
    str | None, typer.Option("--redis-url", help="Where Redis is; else CALENDAR_REDIS_URL.")
]
Logs = Annotated[
    Path | None, typer.Option("--logs", help="Folder of the log files; else CALENDAR_LOG_DIR.")
]
Objectives = Annotated[
    Path | None, typer.Option("--objectives", help="Folder of objectives, not the shipped.")
]
CaFile = Annotated[
    Path | None, typer.Option("--ca-file", help="PEM file of an authority to trust besides.")
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0.1, help="Seconds to wait for each answer.")
]
Zone = Annotated[
    str, typer.Option("--zone", envvar="SRE_TIMEZONE", help="Time zone of days and windows.")
]
TeamZone = Annotated[
    str | None,
    typer.Option(
        "--zone",
        envvar="SRE_TIMEZONE",
        help="Time zone of days and windows; else reports.zone of the project, else UTC.",
    ),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="Rule files; the generated ones by default."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")]
Since = Annotated[str, typer.Option("--since", help="How far back to look, such as 30m, 24h, 7d.")]
Begin = Annotated[
    str,
    typer.Option("--since", help="How far back, such as 2h or 90m, or a time with its offset."),
]
End = Annotated[str, typer.Option("--until", help="The end: a time with its offset.")]
Who = Annotated[str | None, typer.Option("--who", help="Who; else SRE_USER, else you.")]


def span_of(since: str) -> timedelta:
    """Return the time of `--since 24h`; BadInputError when it is none."""
    try:
        seconds = parse_prometheus(since)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= LONGEST.total_seconds():
        raise BadInputError(f"--since {since!r} is no time", hint="write 30m, 24h or 7d")
    return timedelta(seconds=int(seconds))
