"""`sre backup restore`: bring a backup back, or say what that would do."""

import os
from pathlib import Path
from typing import Annotated

import typer

from kit.edge.access import access
from kit.edge.target import EXAMPLE
from kit.pure.errors import BadInputError
from kit.pure.exits import Exit
from kit.pure.urls import Address, address_of
from ops.backup.folder import Entry, choose
from ops.backup.mongodb_restore import MongodbTarget, recover_mongodb
from ops.backup.redis_restore import RedisTarget
from ops.backup.restoring import Order
from ops.backup.restoring import restore as carry_out
from ops.backup.writers import Service
from sre.answer import Answer
from sre.backup_places import (
    BackupDir,
    Name,
    Only,
    Part,
    Which,
    mongodb_server,
    redis_server,
)
from sre.backup_progress import shown_progress
from sre.backup_screen import restored_json, show_restored
from sre.options import DryRun, MongoDbName, MongoDbUrl, RedisUrl, Timeout


def restore(
    part: Part = Which.ALL,
    backup_dir: BackupDir = Path("backups"),
    backup: Name = "",
    dry_run: DryRun = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the backup in the place of what is there.")
    ] = False,
    to: Annotated[
        str | None, typer.Option(help="Restore MongoDB into this database instead.")
    ] = None,
    only_collection: Only = None,
    salvage: Annotated[
        bool, typer.Option("--salvage", help="Restore what is left of a damaged backup.")
    ] = False,
    target: Annotated[
        str | None,
        typer.Option(help="URL of the service, to ask whether it writes; else SRE_TARGET_URL."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Do not ask whether the service writes.")
    ] = False,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="An interrupted restore elsewhere has ended.")
    ] = False,
    recover: Annotated[
        bool, typer.Option("--recover", help="Only undo or finish an interrupted restore.")
    ] = False,
    mongodb_url: MongoDbUrl = None,
    database: MongoDbName = None,
    redis_url: RedisUrl = None,
    timeout: Timeout = 60.0,
) -> Answer:
    """Bring a backup back: verified first, then beside what is there, compared, and put in place.

    Refuses (4) to replace data without --replace, and to work under a service that writes: stop
    that with sre incident mode read_only. What fails or is killed leaves the data that were there.
    """
    only = tuple(only_collection or ())
    live = mongodb_server(mongodb_url, database, timeout)
    there = mongodb_server(mongodb_url, to or database, timeout)
    mongodb = MongodbTarget(there, only, replace, salvage, take_over)
    if recover:
        return _recovered(mongodb)
    entry = choose(backup_dir, backup, part)
    wants_redis = _wants_redis(part, is_elsewhere=bool(to or only))
    redis = redis_server(redis_url, part, timeout) if wants_redis else None
    is_held = redis is not None and _is_meant(entry, part, Which.REDIS)
    order = Order(
        entry=entry,
        mongodb=mongodb if _is_meant(entry, part, Which.MONGODB) else None,
        redis=RedisTarget(redis, replace, salvage) if redis and is_held else None,
        service=_service(target),
        is_live=there.database_name == live.database_name,
        is_forced=force,
        is_salvage=salvage,
        is_dry_run=dry_run,
    )
    with shown_progress() as progress:
        done = carry_out(order, progress)
    if part is Which.ALL and not order.redis and _is_meant(entry, part, Which.REDIS):
        done.notes.append("the keys of Redis were left out: sre backup restore redis")
    code = Exit.BAD if done.lost else Exit.HOLDS
    return Answer(restored_json(done), lambda terminal: show_restored(terminal, done), code)


def _wants_redis(part: Which, *, is_elsewhere: bool) -> bool:
    if part is Which.REDIS and is_elsewhere:
        raise BadInputError(
            "--to and --only-collection are about MongoDB", hint="leave them out, or redis"
        )
    return part is Which.REDIS or (part is Which.ALL and not is_elsewhere)


def _is_meant(entry: Entry, asked: Which, part: Which) -> bool:
    """Say whether a part is to be restored: asked for by name, or among all that there is."""
    if asked is Which.ALL:
        return entry.manifest is None or entry.manifest.holds(part)
    return asked is part


def _service(target: str | None) -> Service:
    url = target or os.environ.get("SRE_TARGET_URL") or ""
    place = address_of(url, example=EXAMPLE) if url else Address("")
    admin = os.environ.get("CALENDAR_ADMIN_KEY") or ""
    return Service(place.url, (*([admin] if admin else []), *access().keys), place.headers)


def _recovered(target: MongodbTarget) -> Answer:
    done = recover_mongodb(target)
    data = {"schema": "calendar-sre/backup-recovered/v1", "done": done}
    return Answer(data, lambda terminal: terminal.out(done or "no restore was interrupted"))
