"""Put restored collections in the place of the old ones, so that no moment loses either.

What is restored waits under names of ours until all of it is there. Then each old collection steps
aside and the new one takes its name. A plan in the database says how far that is; whatever ends the
work in the middle, `recover` brings the old state back, or, once all are in place, finishes.
"""

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import psutil
from pymongo.errors import DuplicateKeyError

from kit.pure.errors import RefusedError
from ops.backup.mongodb_revoked import KEYS, carry_revoked
from ops.backup.servers import Database, Document

_PREFIX: Final = "_sre_restore_"
_PLAN: Final = f"{_PREFIX}plan"
_ID: Final = "plan"
FILLING, SWAPPING, SWAPPED = "filling", "swapping", "swapped"


@dataclass(frozen=True, slots=True)
class Place:
    """A collection that is to be replaced; `had_old` says whether there is something to replace."""

    name: str
    number: int
    had_old: bool

    @property
    def new(self) -> str:
        """Return the name under which the restored documents wait."""
        return f"{_PREFIX}new_{self.number}"

    @property
    def old(self) -> str:
        """Return the name under which the replaced documents wait."""
        return f"{_PREFIX}old_{self.number}"


def is_ours(name: str) -> bool:
    """Say whether a collection belongs to a restore that has not ended."""
    return name.startswith(_PREFIX)


def begin(database: Database, places: list[Place]) -> None:
    """Note what is going to be replaced; raises RefusedError when another restore is at work."""
    document = {
        "_id": _ID,
        "phase": FILLING,
        "places": [{"name": p.name, "number": p.number, "had_old": p.had_old} for p in places],
        "begun_at": datetime.now(UTC),
        **_owner(),
    }
    try:
        database[_PLAN].insert_one(document)
    except DuplicateKeyError as err:
        raise RefusedError(
            "another restore into this database has just begun", hint="wait until it has ended"
        ) from err


def swap(database: Database, places: list[Place]) -> int:
    """Give each restored collection its name; return how many keys of a backup stay revoked."""
    carried = sum(
        carry_revoked(database, replaced=place.name, restored=place.new)
        for place in places
        if place.name == KEYS
    )
    _set_phase(database, SWAPPING)
    for place in places:
        if place.had_old:
            database[place.name].rename(place.old)
        database[place.new].rename(place.name)
    _set_phase(database, SWAPPED)
    return carried


def finish(database: Database, places: list[Place]) -> None:
    """Remove what was replaced or never got its name, and at last the plan."""
    for place in places:
        if place.name == KEYS:  # revoked while the collections changed places
            carry_revoked(database, replaced=place.old, restored=place.name)
        database.drop_collection(place.old)
        database.drop_collection(place.new)
    database.drop_collection(_PLAN)


def check_no_restore_pending(database: Database) -> None:
    """Raise RefusedError when a restore is at work here or was interrupted."""
    plan = database[_PLAN].find_one({"_id": _ID})
    if plan is not None:
        raise RefusedError(
            f"a restore into {database.name} of {_when(plan)} is at work or was interrupted",
            hint="if it no longer runs: sre backup restore --recover",
        )


def clear_the_way(database: Database, *, is_taken_over: bool) -> str:
    """Recover from an interrupted restore, if there is one, and return what was done about it.

    Raises RefusedError when it may still be at work, unless `is_taken_over`.
    """
    plan = database[_PLAN].find_one({"_id": _ID})
    if plan is None:
        return ""
    if not is_taken_over and not _has_ended(plan):
        raise RefusedError(
            f"a restore by process {plan['process']} on {plan['host']}, begun {_when(plan)}, "
            "may still be at work",
            hint="if you know that it has ended, add --take-over",
        )
    return recover(database, plan)


def recover(database: Database, plan: Document | None = None) -> str:
    """Undo an interrupted restore, or finish it when all was in place; say which, "" for none."""
    plan = plan or database[_PLAN].find_one({"_id": _ID})
    if plan is None:
        return ""
    places = [Place(p["name"], p["number"], p["had_old"]) for p in plan["places"]]
    phase = plan["phase"]
    if phase == SWAPPING:
        for place in places:
            _swap_back(database, place)
            if place.name == KEYS:  # revoked while the restored keys were in use
                carry_revoked(database, replaced=place.new, restored=place.name)
        _set_phase(database, FILLING)
    finish(database, places)
    if phase == SWAPPED:
        return f"the restore of {_when(plan)} was complete; what it replaced is now removed"
    return f"the restore of {_when(plan)} had not finished; the data are as they were before it"


def _swap_back(database: Database, place: Place) -> None:
    """Return one place to what it was; safe to repeat, for nothing is removed."""
    names = set(database.list_collection_names())
    if place.had_old and place.old not in names:
        return
    if place.name in names and (place.had_old or place.new not in names):
        restored = place.new not in names
        stray = f"{place.name}.written-during-restore-{os.urandom(3).hex()}"
        database[place.name].rename(place.new if restored else stray)
    if place.had_old:
        database[place.old].rename(place.name)


def _set_phase(database: Database, phase: str) -> None:
    database[_PLAN].update_one({"_id": _ID}, {"$set": {"phase": phase}})


def _owner() -> Document:
    me = psutil.Process()
    return {"host": socket.gethostname(), "process": me.pid, "started": int(me.create_time())}


def _has_ended(plan: Document) -> bool:
    if plan["host"] != socket.gethostname():
        return False
    try:
        other = psutil.Process(plan["process"])
    except psutil.NoSuchProcess:
        return True
    return bool(int(other.create_time()) != plan["started"])


def _when(plan: Document) -> str:
    return f"{plan['begun_at']:%Y-%m-%d %H:%M} UTC"
