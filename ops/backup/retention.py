"""Which backups may go: never one that is the last good one of anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ops.backup.folder import UNFINISHED, Entry, State
from ops.backup.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Retention:
    """How many of the newest to keep, and for how long; what either rule keeps is kept."""

    newest: int | None = None
    days: int | None = None

    @property
    def is_wanted(self) -> bool:
        """Say whether anything is ever to be removed."""
        return self.newest is not None or self.days is not None


def removable(entries: Sequence[Entry], retention: Retention, now: datetime) -> list[Entry]:
    """Return which of `entries`, the newest first, neither rule keeps.

    Each counts for what it holds: a backup of one collection does not stand for a whole database,
    nor one of Redis for MongoDB. The newest good one of each kind stays whatever the rules say, and
    damaged ones stay for a person to look at. Folders that were never finished and that nobody
    writes any more may go.
    """
    if not retention.is_wanted:
        return []
    newer: dict[str, int] = {}
    gone = []
    for entry in entries:
        if entry.state is State.UNFINISHED and entry.name.endswith(UNFINISHED):
            gone.append(entry)
        if entry.state is not State.OK or entry.manifest is None:
            continue
        held = _held(entry.manifest)
        ranks = [newer.get(what, 0) for what in held]
        for what in held:
            newer[what] = newer.get(what, 0) + 1
        if min(ranks, default=0) >= 1 and not _is_kept(entry.manifest, min(ranks), retention, now):
            gone.append(entry)
    return gone


def _is_kept(manifest: Manifest, rank: int, retention: Retention, now: datetime) -> bool:
    among_newest = retention.newest is not None and rank < retention.newest
    young = retention.days is not None and (
        manifest.begun_at > now - timedelta(days=retention.days)
    )
    return among_newest or young


def _held(manifest: Manifest) -> list[str]:
    held = []
    if manifest.mongodb:
        part = manifest.mongodb
        names = "" if part.is_complete else ",".join(c.name for c in part.collections)
        held.append(f"mongodb {part.server} {part.database} {names}")
    if manifest.redis:
        redis = manifest.redis
        held.append(f"redis {redis.server} {redis.database} {redis.prefix}")
    return held
