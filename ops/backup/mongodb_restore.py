"""Bring a saved database back: beside what is there, compared, and only then in its place."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pymongo.errors import PyMongoError

from kit.pure.errors import HarnessError, RefusedError
from ops.backup import mongodb_swap
from ops.backup.manifest import Collection, MongodbPart, from_extended
from ops.backup.mongodb_fill import Filled, add_indexes, check_filled, create, fill
from ops.backup.mongodb_swap import Place
from ops.backup.progress import Progress
from ops.backup.servers import Database, Server, check_names, mongodb_at

_LAST: Final = "settings"
"""It holds the service's mode: once it is back, the service may write again."""


@dataclass(frozen=True, slots=True)
class MongodbTarget:
    """Where to restore to, what of the backup, and what may be done to what is there."""

    server: Server
    only: tuple[str, ...] = ()
    is_replacing: bool = False
    is_salvage: bool = False
    is_taken_over: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One collection: how many documents are to come, and how many are there now."""

    name: str
    coming: int
    present: int


@dataclass(frozen=True, slots=True)
class MongodbPlan:
    """What a restore would do; `untouched` are the collections that the backup knows nothing of."""

    database: str
    server: str
    collections: tuple[Planned, ...]
    untouched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MongodbRestored:
    """What was done."""

    plan: MongodbPlan
    documents: int
    lost_documents: int
    notes: tuple[str, ...]


def plan_mongodb(part: MongodbPart, target: MongodbTarget) -> MongodbPlan:
    """Return what would happen; raises RefusedError where it must not."""
    with mongodb_at(target.server) as database:
        mongodb_swap.check_no_restore_pending(database)
        return _plan(database, part, target)


def restore_mongodb(
    part: MongodbPart, folder: Path, target: MongodbTarget, progress: Progress
) -> MongodbRestored:
    """Restore a database; until all of it is there and proved, what is there stays.

    Raises RefusedError for a target that holds documents, unless `is_replacing`; whatever fails
    leaves the database as it was. `recover_mongodb` comes first, in case one was interrupted.
    """
    with mongodb_at(target.server) as database:
        plan = _plan(database, part, target)
        chosen = _chosen(part, target.only)
        places = _places(database, chosen)
        mongodb_swap.begin(database, places)
        with _undone_on_failure(database):
            filled = _fill_all(database, chosen, places, folder, target, progress)
            carried = mongodb_swap.swap(database, places)
        notes = [*_still_revoked(carried), *_set_right(database, chosen), *_mode(database, chosen)]
        mongodb_swap.finish(database, places)
        _make_views(database, chosen)
        whole = sum(c.file.documents for c in chosen if c.file)
        restored = sum(one.documents for one in filled)
        return MongodbRestored(plan, restored, whole - restored, tuple(notes))


def recover_mongodb(target: MongodbTarget) -> str:
    """Undo or finish an interrupted restore and say what was done, "" when there was none."""
    with mongodb_at(target.server) as database:
        return mongodb_swap.clear_the_way(database, is_taken_over=target.is_taken_over)


def _plan(database: Database, part: MongodbPart, target: MongodbTarget) -> MongodbPlan:
    chosen = _chosen(part, target.only)
    there = {info["name"]: info for info in database.list_collections()}
    planned = []
    for collection in chosen:
        info = there.get(collection.name)
        if info and info["type"] != collection.kind:
            raise RefusedError(
                f"{collection.name!r} is a {info['type']} there and a {collection.kind} here",
                hint="restore into another database: --to NAME",
            )
        is_counted = info is not None and collection.kind == "collection"
        present = database[collection.name].count_documents({}) if is_counted else 0
        coming = collection.file.documents if collection.file else 0
        planned.append(Planned(collection.name, coming, present))
    known = {collection.name for collection in chosen}
    others = [n for n in there if n not in known and not n.startswith("system.")]
    plan = MongodbPlan(
        database.name,
        target.server.shown,
        tuple(planned),
        tuple(sorted(n for n in others if not mongodb_swap.is_ours(n))),
    )
    if not target.is_replacing:
        check_empty(plan)
    return plan


def check_empty(plan: MongodbPlan) -> None:
    """Raise RefusedError when documents would be replaced."""
    full = [one for one in plan.collections if one.present]
    if full:
        named = ", ".join(f"{one.name} ({one.present:,})" for one in full)
        raise RefusedError(
            f"the database {plan.database} holds documents: {named}",
            hint="--replace puts the backup in their place, --to NAME restores beside them",
        )


def _chosen(part: MongodbPart, only: tuple[str, ...]) -> tuple[Collection, ...]:
    check_names(only, [collection.name for collection in part.collections], "the backup")
    kept = [c for c in part.collections if not only or c.name in only]
    return tuple(sorted(kept, key=lambda c: (c.kind == "view", c.name == _LAST, c.name)))


def _places(database: Database, chosen: tuple[Collection, ...]) -> list[Place]:
    there = set(database.list_collection_names())
    stored = [c for c in chosen if c.kind == "collection"]
    return [Place(c.name, number, c.name in there) for number, c in enumerate(stored)]


def _fill_all(
    database: Database,
    chosen: tuple[Collection, ...],
    places: list[Place],
    folder: Path,
    target: MongodbTarget,
    progress: Progress,
) -> list[Filled]:
    filled = []
    for place, collection in zip(places, chosen, strict=False):  # views come last and need none
        create(database, place.new, collection)
        got = fill(database, place.new, collection, folder, progress, is_salvage=target.is_salvage)
        check_filled(database, place.new, collection, got)
        add_indexes(database, place.new, collection, expiring=True)
        filled.append(got)
    return filled


@contextlib.contextmanager
def _undone_on_failure(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException as err:
        try:
            mongodb_swap.recover(database)
        except PyMongoError as second:
            raise HarnessError(
                f"the restore failed ({_first_line(err)}), and so did undoing it: "
                f"{_first_line(second)}",
                hint="no data are lost; when the server is back: sre backup restore --recover",
            ) from err
        raise


def _set_right(database: Database, chosen: tuple[Collection, ...]) -> list[str]:
    """Set the options again that a server forgets when it renames; return what cannot be set."""
    notes = []
    there = {info["name"]: info["options"] for info in database.list_collections()}
    for collection in chosen:
        if collection.kind == "view":
            continue
        wanted = {k: v for k, v in from_extended(collection.options).items() if k != "uuid"}
        lost = [key for key in wanted if key not in there.get(collection.name, {})]
        rules = {k: wanted[k] for k in lost if k.startswith("validat")}
        if rules:
            database.command({"collMod": collection.name, **rules})
        notes += [
            f"{collection.name}: this server forgot the option {key} when it renamed"
            for key in lost
            if key not in rules
        ]
    return notes


def _still_revoked(keys: int) -> Iterator[str]:
    if keys:
        yield f"API keys revoked since the backup, and still so: {keys}"


def _mode(database: Database, chosen: tuple[Collection, ...]) -> Iterator[str]:
    if any(collection.name == _LAST for collection in chosen):
        found = database[_LAST].find_one({"_id": "mode"})
        mode = f"{found['mode']}" if found else "what CALENDAR_MODE says"
        yield f"the service's mode is now that of the backup: {mode}"


def _make_views(database: Database, chosen: tuple[Collection, ...]) -> None:
    for collection in chosen:
        if collection.kind == "view":
            database.drop_collection(collection.name)
            database.command({"create": collection.name, **from_extended(collection.options)})


def _first_line(err: BaseException) -> str:
    return (str(err).partition(", full error")[0].splitlines() or [type(err).__name__])[0][:200]
