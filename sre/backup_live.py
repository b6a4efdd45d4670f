"""What of a backup the live system holds, for `sre backup verify --live` and after a restore."""

from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.markup import escape

from kit.pure.errors import BadInputError, NotEnoughDataError
from ops.backup.checking import check_or_unfinished
from ops.backup.folder import DamagedError, Entry
from ops.backup.live import Live, Part, compare
from ops.backup.progress import nobody
from ops.backup.recording import COMPARED, RESTORED, Done, keep
from ops.backup.restoring import Restored
from ops.backup.servers import Server
from sre.answer import Answer
from sre.backup_places import Which
from sre.backup_progress import shown_progress


def check_one(*, every: bool, live: bool) -> None:
    """Raise BadInputError where the live system would be held against several backups."""
    if every and live:
        raise BadInputError(
            "--live compares with one backup, and --every names all", hint="leave --every out"
        )


def compared(entry: Entry, part: Which, mongodb: Server, redis: Server | None) -> Live:
    """Hold a whole backup against the live system, and keep a record of it."""
    began = datetime.now(UTC)
    with shown_progress() as progress:
        found = compare(
            entry,
            mongodb if part is not Which.REDIS else None,
            redis if part is not Which.MONGODB else None,
            progress,
        )
    if not found.parts:
        raise NotEnoughDataError(
            f"{entry.name} holds nothing that could be compared",
            hint="sre backup list shows what each holds; is CALENDAR_REDIS_URL set?",
        )
    took_s = (datetime.now(UTC) - began).total_seconds()
    documents = sum(one.wanted for one in found.parts)
    keep(Done(COMPARED, entry, began, took_s, documents, found.is_restored))
    return found


def live_json(found: Live) -> dict[str, object]:
    """Return what `--json` says of the live system."""
    return {
        "restored": found.is_restored,
        "affected": list(found.affected()),
        "parts": [
            {
                "component": one.component, "name": one.name, "restored": one.is_restored,
                "wanted": one.wanted, "same": one.same, "changed": one.changed,
                "missing": one.missing, "added": one.added, "expected": one.expected,
                "lacks_indexes": list(one.lacks_indexes),
            }
            for one in found.parts
        ],
    }  # fmt: skip


def show_live(out: Console, found: Live) -> None:
    """Print each part that is not as it was saved, and the verdict."""
    for one in found.parts:
        word = "there" if one.is_restored else "LACKS"
        out.print(f"{word:9} {one.component} {escape(one.name)}: {_words(one)}", soft_wrap=True)
    if found.is_restored:
        out.print("live      all of the backup is in the live system, as it was saved")
    else:
        names = ", ".join(found.affected())
        out.print(f"live      affected: {names}; sre backup restore components --replace")


def _words(one: Part) -> str:
    told = [f"{one.same:,} of {one.wanted:,} as saved"]
    told += [f"{one.missing:,} missing"] if one.missing else []
    told += [f"{one.changed:,} changed"] if one.changed else []
    told += [f"{one.expected:,} changed as expected"] if one.expected else []
    told += [f"{one.added:,} added since"] if one.added else []
    told += [f"without the index {name}" for name in one.lacks_indexes]
    return escape(", ".join(told))


def check_whole(entry: Entry) -> None:
    """Raise DamagedError for a backup that nothing can be held against."""
    checked = check_or_unfinished(entry, nobody)
    if not checked.is_whole:
        first = checked.damage[0]
        raise DamagedError(
            f"{entry.name} is damaged: {first.file}: {first.problem}",
            hint="choose another backup: sre backup list --verify",
        )


def unaffected(entry: Entry, found: Live) -> Answer:
    """Return that no component lacks anything of a backup, and nothing was restored."""
    data = {
        "schema": "calendar-sre/backup-restored/v1", "name": entry.name, "dry_run": False,
        "mongodb_plan": None, "redis_plan": None, "mongodb": None, "redis": None, "lost": 0,
        "notes": ["no component lacks anything of the backup: nothing was restored"],
        "took_s": 0.0, "live": live_json(found),
    }  # fmt: skip
    return Answer(data, lambda out: show_live(out, found))


def keep_restored(entry: Entry, done: Restored) -> None:
    """Keep a record of a restore: how long it took is what the next one may take."""
    documents = done.mongodb.documents if done.mongodb else 0
    documents += done.redis.keys if done.redis else 0
    began = datetime.now(UTC) - timedelta(seconds=done.took_s)
    keep(Done(RESTORED, entry, began, done.took_s, documents, good=not done.lost))
