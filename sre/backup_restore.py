"""`sre backup restore`: bring a backup back, or say what that would do."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kit.edge.access import access
from kit.edge.target import EXAMPLE
from kit.pure.errors import BadInputError
from kit.pure.exits import Exit
from kit.pure.urls import Address, address_of
from ops.backup.folder import Entry, choose
from ops.backup.live import Live
from ops.backup.mongodb_restore import MongodbTarget, recover_mongodb
from ops.backup.redis_restore import RedisTarget
from ops.backup.restoring import Order, Restored
from ops.backup.restoring import restore as carry_out
from ops.backup.writers import Service
from sre.answer import Answer
from sre.backup_live import (
    check_whole,
    compared,
    keep_restored,
    live_json,
    show_live,
    unaffected,
)
from sre.backup_places import (
    BackupDir,
    Name,
    Only,
    Scope,
    Which,
    mongodb_server,
    redis_server,
)
from sre.backup_progress import shown_progress
from sre.backup_screen import restored_json, show_restored
from sre.options import DryRun, MongoDbName, MongoDbUrl, RedisUrl, Timeout


def restore(
    part: Annotated[Scope, typer.Argument(help="What is meant.")] = Scope.ALL,
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
    `system` restores all and then holds the live system against the backup; `components` looks
    first which of its databases lack something, restores those alone, and looks again.
    """
    only = tuple(only_collection or ())
    is_whole_system = part in {Scope.SYSTEM, Scope.COMPONENTS}
    if is_whole_system and (to or only or salvage):
        raise BadInputError(
            f"{part} is about the live system as a whole",
            hint="leave --to, --only-collection and --salvage out, or restore mongodb",
        )
    which = Which.ALL if is_whole_system else Which(part)
    live = mongodb_server(mongodb_url, database, timeout)
    there = mongodb_server(mongodb_url, to or database, timeout)
    mongodb = MongodbTarget(there, only, replace, salvage, take_over)
    if recover:
        return _recovered(mongodb)
    entry = choose(backup_dir, backup, which)
    if part is Scope.COMPONENTS:
        check_whole(entry)
        found = compared(entry, which, live, redis_server(redis_url, which, timeout))
        if found.is_restored:
            return unaffected(entry, found)
        which = Which.ALL if len(found.affected()) > 1 else Which(found.affected()[0])
    wants_redis = _wants_redis(which, is_elsewhere=bool(to or only))
    redis = redis_server(redis_url, which, timeout) if wants_redis else None
    is_held = redis is not None and _is_meant(entry, which, Which.REDIS)
    order = Order(
        entry=entry,
        mongodb=mongodb if _is_meant(entry, which, Which.MONGODB) else None,
        redis=RedisTarget(redis, replace, salvage) if redis and is_held else None,
        service=_service(target),
        is_live=there.database_name == live.database_name,
        is_forced=force,
        is_salvage=salvage,
        is_dry_run=dry_run,
    )
    with shown_progress() as progress:
        done = carry_out(order, progress)
    if which is Which.ALL and not order.redis and _is_meant(entry, which, Which.REDIS):
        done.notes.append("the keys of Redis were left out: sre backup restore redis")
    after = None
    if not dry_run:
        keep_restored(entry, done)
        after = compared(entry, which, live, redis) if is_whole_system else None
    return _answer(done, after)


def _answer(done: Restored, after: Live | None) -> Answer:
    def screen(terminal: Console) -> None:
        show_restored(terminal, done)
        if after is not None:
            show_live(terminal, after)

    is_there = after is None or after.is_restored
    data = {**restored_json(done), "live": live_json(after) if after is not None else None}
    return Answer(data, screen, Exit.HOLDS if is_there and not done.lost else Exit.BAD)


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
