"""What `sre backup` prints, for people and as JSON."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.markup import escape

from kit.pure.words import age, counted
from ops.backup.checking import Checked
from ops.backup.creating import Created
from ops.backup.folder import Entry
from ops.backup.manifest import Manifest
from ops.backup.restoring import Restored
from sre.screen import table_of

_KIB: Final = 1024


def created_json(made: Created) -> dict[str, object]:
    """Return what `create --json` prints."""
    return {
        "schema": "calendar-sre/backup-created/v1",
        **entry_json(made.entry, made.manifest.finished_at),
        "took_s": round(made.took_s, 3),
        "removed": list(made.removed),
        "left_behind": list(made.left_behind),
    }


def show_created(out: Console, made: Created) -> None:
    """Print what was saved, where, and what was removed."""
    _contents(out, made.manifest)
    for name in made.removed:
        out.print(f"removed   {escape(name)}")
    for name in made.left_behind:
        out.print(f"note      {escape(name)} was never finished; --keep removes such folders")
    size = size_words(made.entry.size_bytes)
    out.print(
        f"ok        {escape(str(made.entry.path))}   {size}, written and read back "
        f"in {made.took_s:.1f} s",
        soft_wrap=True,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Verified:
    """A backup that was read, and how many documents a trial gave back; None without a trial."""

    checked: Checked
    restored: int | None


def verified_json(verified: Verified, now: datetime) -> dict[str, object]:
    """Return one entry of what `verify --json` prints."""
    checked = verified.checked
    return {
        **entry_json(checked.entry, now),
        "state": _state(checked),
        "damage": [dataclasses.asdict(one) for one in checked.damage],
        "strangers": list(checked.strangers),
        "restored_documents": verified.restored,
    }


def show_verified(out: Console, verified: Verified) -> None:
    """Print whether a backup is whole, or its damage and what is left of it."""
    checked, restored = verified.checked, verified.restored
    name = escape(checked.entry.name)
    for one in checked.damage:
        place = "" if one.at_byte is None else f" at byte {one.at_byte:,}"
        out.print(f"damaged   {name}/{escape(one.file)}{place}: {escape(one.problem)}")
        if one.documents:
            out.print(
                f"          {one.intact_documents:,} of {one.documents:,} documents can still be "
                "restored: sre backup restore --salvage"
            )
    for stranger in checked.strangers:
        out.print(f"note      {name}/{escape(stranger)} is no part of the backup")
    if restored is not None and checked.is_whole:
        out.print(f"deep      {restored:,} documents restored for trial, all as they were saved")
    if checked.is_whole:
        out.print(f"ok        {name}   {counted(checked.documents, 'document')} and keys read")
    else:
        out.print(f"{_state(checked):9} {name}")


def entry_json(entry: Entry, now: datetime) -> dict[str, object]:
    """Return what is known of a backup without reading its data."""
    manifest = entry.manifest
    return {
        "name": entry.name,
        "path": str(entry.path),
        "state": str(entry.state),
        "problem": entry.problem,
        "size_bytes": entry.size_bytes,
        "begun_at": manifest.begun_at.isoformat() if manifest else None,
        "age_s": round(manifest.age_s(now), 1) if manifest else None,
        "mongodb": _mongodb_json(manifest),
        "redis": _redis_json(manifest),
    }


def show_list(out: Console, found: Sequence[tuple[Entry, str]], now: datetime) -> None:
    """Print backups, each with its state."""
    table = table_of("name", "age", "size", "mongodb", "redis", "state")
    for entry, state in found:
        manifest = entry.manifest
        since = age(manifest.age_s(now)) if manifest else "-"
        mongodb = manifest.mongodb if manifest else None
        held = f"{mongodb.documents:,} documents" if mongodb else "-"
        if mongodb and not mongodb.is_complete:
            held += f" ({counted(len(mongodb.collections), 'collection')} only)"
        redis = manifest.redis if manifest else None
        keys = f"{redis.file.documents:,} keys" if redis else "-"
        size = size_words(entry.size_bytes)
        table.add_row(escape(entry.name), since, size, held, keys, escape(state))
    out.print(table)
    begun = [entry.manifest.begun_at for entry, _ in found if entry.manifest]
    if begun:
        out.print(
            f"erased    what people have had erased since {min(begun):%F %T} is still in them"
        )


def restored_json(done: Restored) -> dict[str, object]:
    """Return what `restore --json` prints."""
    return {
        "schema": "calendar-sre/backup-restored/v1",
        "name": done.checked.entry.name,
        "dry_run": done.is_dry_run,
        "mongodb_plan": done.mongodb_plan and dataclasses.asdict(done.mongodb_plan),
        "redis_plan": done.redis_plan and dataclasses.asdict(done.redis_plan),
        "mongodb": done.mongodb and {"documents": done.mongodb.documents},
        "redis": done.redis and {"keys": done.redis.keys, "expired": done.redis.expired},
        "lost": done.lost,
        "notes": done.notes,
        "took_s": round(done.took_s, 3),
    }


def show_restored(out: Console, done: Restored) -> None:
    """Print what was or would be restored."""
    plan, keys = done.mongodb_plan, done.redis_plan
    if plan:
        table = table_of("collection", "in the backup", "replaced")
        for one in plan.collections:
            table.add_row(escape(one.name), f"{one.coming:,}", f"{one.present:,}")
        out.print(f"database  {escape(plan.database)} at {escape(plan.server)}")
        out.print(table)
        if plan.untouched:
            out.print(f"untouched {escape(', '.join(plan.untouched))}")
    if keys:
        out.print(f"redis     {keys.coming:,} keys, replacing {keys.present:,}")
    if done.redis and done.redis.expired:
        out.print(f"expired   {done.redis.expired:,} keys, whose time is over")
    for note in done.notes:
        out.print(f"note      {escape(note)}")
    name = escape(done.checked.entry.name)
    if done.is_dry_run:
        out.print(f"dry run   {name} could be restored; nothing was changed")
    elif done.lost:
        out.print(f"damaged   {name} restored but for {done.lost:,} documents that are lost")
    else:
        out.print(f"ok        {name} restored and compared in {done.took_s:.1f} s")


def size_words(size_bytes: int) -> str:
    """Return a size in binary units."""
    size = float(size_bytes)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < _KIB:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= _KIB
    return f"{size:.1f} TiB"


def _contents(out: Console, manifest: Manifest) -> None:
    if manifest.mongodb:
        part = manifest.mongodb
        out.print(f"mongodb   {escape(part.database)} at {escape(part.server)}: {part.version}")
        table = table_of("collection", "documents", "size", "indexes")
        for one in part.collections:
            size = size_words(one.file.document_bytes) if one.file else one.kind
            count = f"{one.file.documents:,}" if one.file else "-"
            table.add_row(escape(one.name), count, size, str(len(one.indexes)))
        out.print(table)
        moment = "of one moment" if part.point_in_time else "NOT of one moment"
        out.print(f"          {moment}: {escape(part.consistency)}")
    if manifest.redis:
        redis = manifest.redis
        types = ", ".join(f"{count:,} {kind}" for kind, count in redis.types.items()) or "no keys"
        out.print(f"redis     {escape(redis.server)}: {redis.version}; {types}")


def _mongodb_json(manifest: Manifest | None) -> dict[str, object] | None:
    part = manifest.mongodb if manifest else None
    if part is None:
        return None
    return {
        "server": part.server,
        "version": part.version,
        "database": part.database,
        "point_in_time": part.point_in_time,
        "consistency": part.consistency,
        "is_complete": part.is_complete,
        "documents": part.documents,
        "collections": {c.name: c.file.documents if c.file else None for c in part.collections},
    }


def _redis_json(manifest: Manifest | None) -> dict[str, object] | None:
    part = manifest.redis if manifest else None
    if part is None:
        return None
    return {
        "server": part.server,
        "version": part.version,
        "prefix": part.prefix,
        "keys": part.file.documents,
        "types": part.types,
    }


def _state(checked: Checked) -> str:
    return (
        "ok"
        if checked.is_whole
        else str(checked.entry.state if not checked.entry.manifest else "damaged")
    )
