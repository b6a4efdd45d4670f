"""What of the data is meant and where it is, for `sre backup` and `sre maintain db`."""

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


class Scope(StrEnum):
    """What is restored: a part, all of the system, or those components that lack something."""

    MONGODB = "mongodb"
    REDIS = "redis"
    ALL = "all"
    SYSTEM = "system"
    COMPONENTS = "components"


Part = Annotated[Which, typer.Argument(help="What is meant.")]
BackupDir = Annotated[
    Path,
    typer.Option(
        "--backup-dir", "--output", envvar="SRE_BACKUP_DIR", help="Folder of the backups."
    ),
]
Name = Annotated[str, typer.Option("--backup", help="Name of a backup; else the newest.")]
Only = Annotated[
    list[str] | None, typer.Option(help="Only this collection; may be given repeatedly.")
]


def mongodb_server(url: str | None, database: str | None, timeout_s: float) -> Server:
    """Return where MongoDB is; raises BadInputError for what is no such address."""
    chosen = url or os.environ.get("CALENDAR_MONGODB_URL") or _LOCAL_MONGODB
    _check_scheme("CALENDAR_MONGODB_URL", chosen, ("mongodb://", "mongodb+srv://"))
    name = database or os.environ.get("CALENDAR_MONGODB_DATABASE") or ""
    return Server(chosen, name, timeout_s)


def redis_server(url: str | None, which: Which, timeout_s: float) -> Server | None:
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
