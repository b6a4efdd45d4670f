"""`sre backup`: make backups, prove that they are whole, and bring them back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from kit.pure.errors import NotEnoughDataError
from kit.pure.exits import Exit
from kit.pure.words import age
from ops.backup.checking import check, check_or_unfinished
from ops.backup.creating import Wish
from ops.backup.creating import create as make
from ops.backup.deep import verify_deep
from ops.backup.folder import Entry, State, choose, entries
from ops.backup.mongodb_dump import MongodbWish
from ops.backup.progress import nobody
from ops.backup.recording import TRIED, VERIFIED, Done, keep
from ops.backup.redis_dump import RedisWish
from ops.backup.retention import Retention
from ops.backup.servers import Server
from sre.answer import Answer
from sre.backup_live import check_one, compared, live_json, show_live
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
from sre.backup_screen import (
    Verified,
    created_json,
    entry_json,
    show_created,
    show_list,
    show_verified,
    verified_json,
)
from sre.options import MongoDbName, MongoDbUrl, RedisUrl, Timeout
from sre.screen import console

_STALE_H: Final = 26.0
"""A daily backup that is two hours late."""
_HOUR_S: Final = 3600.0
_MAKE_ONE: Final = "make one: sre backup create"


def create(
    part: Part = Which.ALL,
    backup_dir: BackupDir = Path("backups"),
    mongodb_url: MongoDbUrl = None,
    database: MongoDbName = None,
    redis_url: RedisUrl = None,
    only_collection: Only = None,
    redis_prefix: Annotated[
        str, typer.Option(help="Save the Redis keys that begin so; empty: all keys.")
    ] = "calendar:",
    snapshot: Annotated[
        bool, typer.Option(help="Read all of MongoDB as of one moment where the server can.")
    ] = True,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Afterwards keep this many of the newest.")
    ] = None,
    keep_days: Annotated[
        int | None, typer.Option(min=1, help="Afterwards keep those of so many days.")
    ] = None,
    timeout: Timeout = 60.0,
) -> Answer:
    """Save MongoDB, Redis or both into a new folder, and read it back.

    Without --keep and --keep-days no older backup is removed; with both, each may keep one. The
    newest good one of anything always stays.
    """
    mongodb = redis = None
    if part is not Which.REDIS:
        server = mongodb_server(mongodb_url, database, timeout)
        mongodb = MongodbWish(server, tuple(only_collection or ()), snapshot)
    if part is not Which.MONGODB and (found := redis_server(redis_url, part, timeout)):
        redis = RedisWish(found, redis_prefix)
    wish = Wish(backup_dir, mongodb, redis, Retention(keep, keep_days))
    with shown_progress() as progress:
        made = make(wish, progress)

    def screen(terminal: Console) -> None:
        if part is Which.ALL and redis is None:
            terminal.print(
                "note      CALENDAR_REDIS_URL is not set: the service runs without Redis"
            )
        show_created(terminal, made)

    return Answer(created_json(made), screen)


def verify(
    part: Part = Which.ALL,
    backup_dir: BackupDir = Path("backups"),
    backup: Name = "",
    every: Annotated[bool, typer.Option("--every", help="Verify all backups.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also restore into a database that is dropped again.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Also look whether the live system holds all of it.")
    ] = False,
    mongodb_url: MongoDbUrl = None,
    database: MongoDbName = None,
    redis_url: RedisUrl = None,
    timeout: Timeout = 60.0,
) -> Answer:
    """Read a backup from end to end and say whether all of it can be restored.

    Exit code 1 names the damaged file, the first damaged place and what can still be restored.
    With --live the databases are held against it, after a restore and before writes go on: 1 when
    a document or key is missing or another, by collection. Each look is kept in runs/backup.
    """
    server = mongodb_server(mongodb_url, database, timeout)
    check_one(every=every, live=live)
    chosen = entries(backup_dir) if every else [choose(backup_dir, backup, part)]
    if not chosen:
        raise NotEnoughDataError(_nothing_in(backup_dir), hint=_MAKE_ONE)
    looked = [_verified(entry, server if deep else None) for entry in chosen]
    is_good = all(one.checked.is_whole for one in looked)
    found = None
    if live and is_good:
        found = compared(chosen[0], part, server, redis_server(redis_url, part, timeout))
    if is_good and not any(one.manifest and one.manifest.files() for one in chosen):
        raise NotEnoughDataError(
            f"{', '.join(one.name for one in chosen)} holds no data that could be verified",
            hint="was it made of the right database? sre backup create --mongodb-url URL",
        )

    def screen(terminal: Console) -> None:
        for one in looked:
            show_verified(terminal, one)
        if found is not None:
            show_live(terminal, found)

    now = datetime.now(UTC)
    data = {
        "schema": "calendar-sre/backup-verified/v1",
        "ok": is_good,
        "backups": [verified_json(one, now) for one in looked],
        "live": live_json(found) if found is not None else None,
    }
    is_there = found is None or found.is_restored
    return Answer(data, screen, Exit.HOLDS if is_good and is_there else Exit.BAD)


def list_(
    backup_dir: BackupDir = Path("backups"),
    check: Annotated[
        bool, typer.Option("--verify", help="Read each from end to end for its state.")
    ] = False,
    max_age_hours: Annotated[
        float | None, typer.Option(min=0, help="Exit with 1 when the newest is older.")
    ] = None,
) -> Answer:
    """List the backups, the newest first; warn when the newest good one is older than 26 hours."""
    now = datetime.now(UTC)
    found = [(entry, _state(entry, is_read=check)) for entry in entries(backup_dir)]
    good = [e.manifest.age_s(now) for e, state in found if e.manifest and state == State.OK]
    limit_h = _STALE_H if max_age_hours is None else max_age_hours
    is_stale = not good or min(good) > limit_h * _HOUR_S
    if is_stale:
        newest = f"the newest good one is {age(min(good))} old" if good else ""
        console(to_stderr=True).out(f"warning: {newest or _nothing_in(backup_dir)}; {_MAKE_ONE}")
    begun = [entry.manifest.begun_at for entry, _ in found if entry.manifest]
    data = {
        "schema": "calendar-sre/backup-list/v1",
        "is_stale": is_stale,
        "holds_what_was_erased_since": min(begun).isoformat() if begun else None,
        "backups": [{**entry_json(entry, now), "state": state} for entry, state in found],
    }
    code = Exit.BAD if is_stale and max_age_hours is not None else Exit.HOLDS
    return Answer(
        data,
        lambda terminal: show_list(terminal, found, now),
        code if good else Exit.NOT_ENOUGH_DATA,
    )


def _verified(entry: Entry, server: Server | None) -> Verified:
    """Read a backup, restore it for trial where a server is given, and keep a record of each."""
    with shown_progress() as progress:
        began = datetime.now(UTC)
        checked = check_or_unfinished(entry, progress)
        _keep(VERIFIED, entry, began, checked.documents, good=checked.is_whole)
        if server is None or not checked.is_whole:
            return Verified(checked, None)
        began = datetime.now(UTC)
        restored = verify_deep(entry, server, progress)
        _keep(TRIED, entry, began, restored, good=True)
        return Verified(checked, restored)


def _keep(what: str, entry: Entry, began: datetime, documents: int, *, good: bool) -> None:
    if documents or not good:  # reading nothing proves nothing
        took_s = (datetime.now(UTC) - began).total_seconds()
        said = keep(Done(what, entry, began, took_s, documents, good))
        console(to_stderr=True).out(f"record    {said}")


def _state(entry: Entry, *, is_read: bool) -> str:
    if is_read and entry.state is State.OK and not check(entry, nobody).is_whole:
        return str(State.DAMAGED)
    return str(entry.state)


def _nothing_in(backup_dir: Path) -> str:
    return f"no good backup in {backup_dir}"
