"""A mistaken script spoils every event; the last backup brings them back."""

from collections.abc import Iterator, Sequence
from typing import Final

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from kit.pure.errors import UnreachableError
from ops.drills.acting import sre, timed
from ops.drills.drill import Action, Check, Drill, Expected
from ops.drills.stack import Stack


def _backups(stack: Stack) -> tuple[str, str]:
    return "--backup-dir", str(stack.folder / "backups")


def _spoil(stack: Stack) -> None:
    """Take away the time of every event, as a wrong migration would."""
    url = stack.service.environment["CALENDAR_MONGODB_URL"]
    with MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=5_000) as client:
        client["calendar"]["events"].update_many({}, {"$unset": {"start": ""}})


def _inject(stack: Stack) -> Sequence[Action]:
    saved = sre(stack, "backup", "create", "mongodb", *_backups(stack))
    try:
        return [saved, timed("take the start out of every event", lambda: _spoil(stack))]
    except PyMongoError as err:
        raise UnreachableError(f"the drill's MongoDB cannot be written: {err}") from err


def _mend(stack: Stack) -> Iterator[Action]:
    """Do what the runbook says of corrupted data, in its order."""
    logs = ("--logs", str(stack.folder / "logs"), "--since", "5m")
    bundle = str(stack.folder / "evidence.tar.gz")
    yield sre(stack, "incident", "mode", "read_only", "--why", "events are spoilt")
    yield sre(stack, "incident", "evidence", bundle, *logs)
    yield sre(stack, "backup", "restore", "mongodb", *_backups(stack), "--replace")
    yield sre(stack, "incident", "mode", "normal", "--why", "the backup is back")


def _backup_is_whole(stack: Stack) -> Sequence[Check]:
    done = sre(stack, "backup", "verify", *_backups(stack))
    return [
        Check("sre backup verify says that the backup is whole", done.exit_code == 0, done.said)
    ]


DRILL: Final = Drill(
    name="restore-from-backup",
    breaks="a mistaken script takes the start out of every event",
    expects=(Expected("ErrorRateVeryHigh", "P1", "page-L1"),),
    about_s=110,
    inject=_inject,
    checks=_backup_is_whole,
    mend=_mend,
    # Without the caches, which would hide for five minutes that what they hold is spoilt.
    settings={"CALENDAR_CACHE_ENTRIES": "0"},
    keeps="what was acknowledged before the backup",
    recover_within_s=90,
    resolve_within_s=200,
)
