"""Make a backup, read it back, and let old ones go."""

import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from kit.edge.records import commit
from ops.backup.checking import Checked, check
from ops.backup.folder import DamagedError, Entry, entries, look, name_at, new_backup
from ops.backup.manifest import Manifest
from ops.backup.mongodb_dump import MongodbWish, dump_mongodb
from ops.backup.progress import Progress
from ops.backup.redis_dump import RedisWish, dump_redis
from ops.backup.retention import Retention, removable


@dataclass(frozen=True, slots=True)
class Wish:
    """What to save, where, and which older backups may go afterwards; None is not saved."""

    root: Path
    mongodb: MongodbWish | None
    redis: RedisWish | None
    retention: Retention = field(default_factory=Retention)


@dataclass(frozen=True, slots=True)
class Created:
    """The new backup, as it was read back, and the older ones that were removed."""

    checked: Checked
    manifest: Manifest
    removed: tuple[str, ...]
    left_behind: tuple[str, ...]
    took_s: float

    @property
    def entry(self) -> Entry:
        """Return the new backup."""
        return self.checked.entry


def create(wish: Wish, progress: Progress) -> Created:
    """Save what is wished for; a backup that exists afterwards is whole and was read back.

    Raises what the servers and the disk raise; nothing is left behind then, and no older backup
    is removed.
    """
    begun = datetime.now(UTC)
    name = name_at(begun, os.urandom(2).hex())
    with new_backup(wish.root, name) as unfinished:
        mongodb = dump_mongodb(wish.mongodb, unfinished, progress) if wish.mongodb else None
        redis = dump_redis(wish.redis, unfinished, progress) if wish.redis else None
        manifest = Manifest(
            name=name,
            begun_at=begun,
            finished_at=datetime.now(UTC),
            tool_version=version("calendar-sre"),
            tool_commit=commit(),
            mongodb=mongodb,
            redis=redis,
        )
        path = unfinished.finish(manifest)
    checked = check(look(path), progress)
    if not checked.is_whole:
        raise DamagedError(
            f"{path} is not what was written: {checked.damage[0].problem}",
            hint="the disk does not keep what it is given; older backups were not touched",
        )
    removed = _remove_old(wish)
    left = [e.name for e in entries(wish.root) if e.name.endswith(".partial")]
    took_s = (datetime.now(UTC) - begun).total_seconds()
    return Created(checked, manifest, removed, tuple(left), took_s)


def _remove_old(wish: Wish) -> tuple[str, ...]:
    found = removable(entries(wish.root), wish.retention, datetime.now(UTC))
    for entry in found:
        gone = entry.path.with_name(f"{entry.name.removesuffix('.partial')}.partial")
        if gone != entry.path:
            entry.path.rename(gone)  # so that half a removal does not look like a backup
        shutil.rmtree(gone)
    return tuple(entry.name for entry in found)
