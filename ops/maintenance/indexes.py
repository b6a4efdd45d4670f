"""The indexes that the service declares, held against those that are there."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from pymongo import IndexModel
from pymongo.errors import OperationFailure

from ops.backup.servers import Database, Document
from ops.checks.finding import Finding, State, info
from ops.maintenance.step import Step
from ops.store_indexes import Index

_OPTIONS: Final = (
    "unique", "sparse", "expireAfterSeconds", "partialFilterExpression", "collation", "hidden",
)  # fmt: skip


def present(database: Database) -> tuple[Index, ...]:
    """Return the indexes that are there, but for those on `_id`."""
    found = []
    for info_of in database.list_collections(filter={"type": "collection"}):
        name = info_of["name"]
        if name.startswith("system."):
            continue
        for index in database[name].list_indexes():
            if index["name"] != "_id_":
                options = {key: index[key] for key in _OPTIONS if index.get(key)}
                found.append(Index(name, index["name"], tuple(index["key"].items()), options))
    return tuple(found)


def judge(wanted: Sequence[Index], there: Sequence[Index]) -> Iterator[Finding]:
    """Yield what is missing, what is otherwise than declared, and what nobody declared."""
    found = {str(index): index for index in there}
    for index in wanted:
        other = found.pop(str(index), None)
        if other is None:
            yield Finding(f"index {index}", State.FAIL, "missing", do_next="--apply makes it")
        elif other != index:
            value = f"is {_words(other)}, declared is {_words(index)}"
            yield Finding(f"index {index}", State.FAIL, value, do_next=_remedy(index, other))
        else:
            yield Finding(f"index {index}", State.PASS, _words(index))
    for name in sorted(found):
        yield info(f"index {name}", "not the service's; it is left alone")


def repairs(database: Database, wanted: Sequence[Index], there: Sequence[Index]) -> list[Step]:
    """Return the steps that make what is missing and set another time of expiry right."""
    found = {str(index): index for index in there}
    steps = []
    for index in wanted:
        other = found.get(str(index))
        if other is None:
            steps.append(Step(f"build the index {index}", partial(_build, database, index)))
        elif _differs_in_expiry_only(index, other):
            steps.append(Step(f"set the expiry of {index}", partial(_expire, database, index)))
    return steps


def _build(database: Database, index: Index) -> str:
    keys: Any = list(index.keys)
    options: dict[str, object] = dict(index.options)
    model = IndexModel(keys, name=index.name, **options)
    try:
        database[index.collection].create_indexes([model])
    except OperationFailure as err:
        if "duplicate key" in str(err).lower():
            raise OperationFailure(f"duplicates must be removed first: {err}", err.code) from err
        raise
    return _words(index)


def _expire(database: Database, index: Index) -> str:
    seconds = index.options["expireAfterSeconds"]
    change: Document = {"name": index.name, "expireAfterSeconds": seconds}
    database.command({"collMod": index.collection, "index": change})
    return f"{seconds} s"


def _differs_in_expiry_only(index: Index, other: Index) -> bool:
    both = [
        {k: v for k, v in i.options.items() if k != "expireAfterSeconds"} for i in (index, other)
    ]
    has_both = "expireAfterSeconds" in index.options and "expireAfterSeconds" in other.options
    return index != other and index.keys == other.keys and both[0] == both[1] and has_both


def _remedy(index: Index, other: Index) -> str:
    if _differs_in_expiry_only(index, other):
        return "--apply sets it, to CALENDAR_IDEMPOTENCY_TTL_S of this environment"
    return (
        f"drop it in a quiet hour (db.{index.collection}.dropIndex('{index.name}')), then --apply"
    )


def _words(index: Index) -> str:
    keys = ", ".join(f"{name} {order}" for name, order in index.keys)
    options = ", ".join(f"{name}={value}" for name, value in sorted(index.options.items()))
    return f"{keys}; {options}" if options else keys
