"""The options that the verbs of `sre backup` share, and what is made of them."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from kit.pure.addresses import no_such_address
from kit.pure.errors import BadInputError
from ops.backup.servers import Server

_LOCAL_MONGODB: Final = "mongodb://127.0.0.1:27017/calendar"


class Which(StrEnum):
    """What of the service's data is meant."""

    MONGODB = "mongodb"
    REDIS = "redis"
    ALL = "all"


Part = Annotated[Which, typer.Argument(help="What is meant.")]
BackupDir = Annotated[
    Path,
    typer.Option(
        "--backup-dir", "--output", envvar="SRE_BACKUP_DIR", help="Folder of the backups."
    ),
]
Name = Annotated[str, typer.Option("--backup", help="Name of a backup; else the newest.")]
MongodbUrl = Annotated[
    str | None,
    typer.Option(help="Where MongoDB is; else CALENDAR_MONGODB_URL, which `ps` does not show."),
]
DatabaseName = Annotated[
    str | None,
    typer.Option(help="Its database; else CALENDAR_MONGODB_DATABASE, else the one in the URL."),
]
RedisUrl = Annotated[str | None, typer.Option(help="Where Redis is; else CALENDAR_REDIS_URL.")]
Timeout = Annotated[
    float, typer.Option(min=0.1, help="Seconds that one answer of a server may take.")
]
Only = Annotated[
    list[str] | None, typer.Option(help="Only this collection; may be given repeatedly.")
]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def mongodb_server(url: str | None, database: str | None, timeout_s: float) -> "Server":
    """Return where MongoDB is; raises BadInputError for what is no such address."""
    chosen = url or os.environ.get("CALENDAR_MONGODB_URL") or _LOCAL_MONGODB
    _check_scheme("CALENDAR_MONGODB_URL", chosen, ("mongodb://", "mongodb+srv://"))
    name = database or os.environ.get("CALENDAR_MONGODB_DATABASE") or ""
    return Server(chosen, name, timeout_s)


def redis_server(url: str | None, which: Which, timeout_s: float) -> "Server | None":
    """Return where Redis is; None when there is none and `all` was asked for.

    Raises BadInputError when it is needed and not known.
    """
    chosen = url or os.environ.get("CALENDAR_REDIS_URL") or ""
    if not chosen:
        if which is Which.REDIS:
            raise BadInputError("no Redis is known", hint="set CALENDAR_REDIS_URL")
        return None
    _check_scheme("CALENDAR_REDIS_URL", chosen, ("redis://", "rediss://", "unix://"))
    return Server(chosen, timeout_s=timeout_s)


def _check_scheme(variable: str, url: str, known: tuple[str, ...]) -> None:

    if not url.startswith(known):
        raise no_such_address(variable, url, known[0])
