"""Maintain the database: look, repair what is safe to repair, look again."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pymongo.errors import OperationFailure, PyMongoError

from ops.backup.servers import Database, Server, mongodb_at
from ops.checks.finding import Checked, Finding, State, info
from ops.checks.places import Places
from ops.checks.runs import check_mongodb
from ops.maintenance import indexes, invariants
from ops.maintenance.step import Step, Taken, take
from ops.store_indexes import declared


@dataclass(frozen=True, slots=True)
class Wish:
    """What to do: only look, or also repair; to compact and to validate take time and load."""

    server: Server
    ttl_s: int
    is_applied: bool = False
    is_compacted: bool = False
    is_validated: bool = False


@dataclass(frozen=True, slots=True)
class Maintained:
    """How the database was, what was or would be done, and how it is now."""

    before: Checked
    taken: tuple[Taken, ...]
    after: Checked | None

    @property
    def last(self) -> Checked:
        """Return what was seen last."""
        return self.after or self.before


def maintain(wish: Wish) -> Maintained:
    """Look at a database, take the steps that are needed when `is_applied`, and look again."""
    with mongodb_at(wish.server) as database:
        before = _look(database, wish)
        steps = _steps(database, wish)
        taken = take(steps, apply=wish.is_applied, expected=(PyMongoError,))
        after = _look(database, wish) if wish.is_applied else None
    return Maintained(before, tuple(taken), after)


def _look(database: Database, wish: Wish) -> Checked:
    begun, at = time.monotonic(), datetime.now(UTC)
    places = Places(service="", mongodb=wish.server.url, timeout_s=min(wish.server.timeout_s, 5.0))
    server = check_mongodb(places)
    found = [
        *indexes.judge(declared(ttl_s=wish.ttl_s), indexes.present(database)),
        *invariants.judge(database, now=at, ttl_s=wish.ttl_s),
        *_sizes(database),
        *(_validate(database) if wish.is_validated else ()),
    ]
    data = Checked("data", at, time.monotonic() - begun, tuple(found))
    return Checked("maintain db", at, time.monotonic() - begun, parts=(server, data))


def _steps(database: Database, wish: Wish) -> list[Step]:
    wanted, there = declared(ttl_s=wish.ttl_s), indexes.present(database)
    steps = indexes.repairs(database, wanted, there)
    steps += invariants.clean_ups(database, now=datetime.now(UTC), ttl_s=wish.ttl_s)
    if wish.is_compacted:
        steps += [
            Step(f"compact {name}", partial(_compact, database, name))
            for name in _collections(database)
        ]
    return steps


def _collections(database: Database) -> list[str]:
    found = database.list_collections(filter={"type": "collection"})
    return sorted(info["name"] for info in found if not info["name"].startswith("system."))


def _compact(database: Database, name: str) -> str:
    """Give unused space of a collection back to the disk, where the server can."""
    before = _stored_bytes(database)
    try:
        answer: Any = database.command({"compact": name})
    except OperationFailure as err:
        if err.code == 59:  # noqa: PLR2004 -- CommandNotFound
            return "not done: this server has no compact"
        raise
    freed = answer.get("bytesFreed", max(before - _stored_bytes(database), 0))
    return f"{freed:,} bytes freed"


def _stored_bytes(database: Database) -> int:
    return int(database.command("dbStats").get("storageSize", 0))


def _sizes(database: Database) -> Iterator[Finding]:
    with contextlib.suppress(OperationFailure):
        answer: Any = database.command("dbStats")
        stored, data = int(answer["storageSize"]), int(answer["dataSize"])
        yield info("size", f"{stored:,} bytes stored for {data:,} of data", measured=stored)


def _validate(database: Database) -> Iterator[Finding]:
    for name in _collections(database):
        answer: Any = database.command({"validate": name})
        problems = [*answer.get("errors", ()), *answer.get("warnings", ())]
        state = State.PASS if answer["valid"] else State.FAIL
        value = "; ".join(map(str, problems)) or f"{answer.get('nrecords', 0):,} documents"
        step = "" if answer["valid"] else "sre backup verify, then restore it: sre backup restore"
        yield Finding(f"storage of {name}", state, value[:300], do_next=step)
