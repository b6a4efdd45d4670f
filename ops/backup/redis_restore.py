"""Bring saved keys back: under names of ours first, and then all of them at one stroke."""

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import bson
import redis
from redis.exceptions import RedisError

from kit.pure.errors import HarnessError, RefusedError, UnreachableError
from kit.pure.json_values import JsonObject
from ops.backup.blocks import DamagedBlockError, read_block, split
from ops.backup.folder import DamagedError
from ops.backup.manifest import DataFile, RedisPart
from ops.backup.progress import Progress
from ops.backup.redis_keys import STAGE, found
from ops.backup.servers import Server, redis_at

_BATCH: Final = 100
_MOVES: Final = 1_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class RedisTarget:
    """Where to restore to, and whether keys that are there may be replaced."""

    server: Server
    is_replacing: bool = False
    is_salvage: bool = False


@dataclass(frozen=True, slots=True)
class RedisPlan:
    """How many keys are to come, and how many are there now."""

    server: str
    prefix: str
    coming: int
    present: int


@dataclass(frozen=True, slots=True)
class RedisRestored:
    """What was done; expired keys are left out, for their time is over."""

    plan: RedisPlan
    keys: int
    expired: int
    lost_keys: int


def plan_redis(part: RedisPart, target: RedisTarget) -> RedisPlan:
    """Return what would happen; raises RefusedError where it must not."""
    with redis_at(target.server) as client:
        return _plan(client, part, target)


def restore_redis(
    part: RedisPart, folder: Path, target: RedisTarget, progress: Progress
) -> RedisRestored:
    """Restore keys; until all of them wait beside, what is there stays.

    With `is_replacing` all keys with the backup's prefix give way, also those it does not have.
    """
    with redis_at(target.server) as client:
        plan = _plan(client, part, target)
        _drop(client, STAGE)
        read = 0
        try:
            for batch in _batches(part.file, folder, is_salvage=target.is_salvage):
                _stage(client, batch)
                read += len(batch)
                progress("keys", read, part.file.documents)
            gone = _move(client, part, folder, target)
        except BaseException:
            with suppress(
                RedisError
            ):  # the first error is the one to tell; the next restore tidies
                _drop(client, STAGE)
            raise
        _drop(client, STAGE)
        return RedisRestored(plan, read - gone, gone, part.file.documents - read)


def _plan(client: redis.Redis, part: RedisPart, target: RedisTarget) -> RedisPlan:
    present = sum(1 for _ in found(client, part.prefix))
    plan = RedisPlan(target.server.shown, part.prefix, part.file.documents, present)
    if present and not target.is_replacing:
        raise RefusedError(
            f"{plan.server} holds {present:,} keys that begin with {part.prefix!r}",
            hint="--replace puts the backup in their place",
        )
    return plan


def _stage(client: redis.Redis, batch: list[JsonObject]) -> None:
    pipe = client.pipeline(transaction=True)
    queue: Any = pipe.execute_command
    for record in batch:
        at = int(record["expires_ms"] or 0)
        queue(
            "RESTORE", STAGE + record["key"], at or 0, record["value"], "REPLACE",
            *(("ABSTTL",) if at else ()),
        )  # fmt: skip
    for record, answer in zip(batch, pipe.execute(raise_on_error=False), strict=True):
        if isinstance(answer, Exception):
            raise UnreachableError(
                f"this Redis does not take the key {record['key']!r}: {answer}",
                hint="restore onto the version that the manifest names, or a later one",
            ) from answer


def _move(client: redis.Redis, part: RedisPart, folder: Path, target: RedisTarget) -> int:
    """Give all staged keys their names in one transaction; return how many have expired.

    The commands are sent in small batches on one connection, so that no number of keys fills the
    memory here. Redis runs them together, at the end, or not at all.
    """
    connection: Any = client.connection_pool.get_connection()
    try:
        _send(connection, [("MULTI",)])
        if target.is_replacing:
            present = found(client, part.prefix)
            for keys in _chunks(present, _MOVES):
                _send(connection, [("UNLINK", *keys)])
        moved = 0
        for batch in _batches(part.file, folder, is_salvage=target.is_salvage):
            keys = [bytes(record["key"]) for record in batch]
            _send(connection, [("RENAME", STAGE + key, key) for key in keys])
            moved += len(keys)
        connection.send_command("EXEC")
        answers = connection.read_response()
    finally:
        connection.disconnect()
        client.connection_pool.release(connection)
    renames = answers[-moved:] if moved else []
    failed = [a for a in renames if isinstance(a, Exception)]
    if others := [a for a in failed if "no such key" not in str(a)]:
        raise HarnessError(f"Redis moved not all keys into place: {others[0]}")
    return _missing_beyond_expiry(part, folder, target, renames)


def _missing_beyond_expiry(
    part: RedisPart, folder: Path, target: RedisTarget, renames: list[object]
) -> int:
    """Return how many keys had expired when they were moved; any other loss is an error."""
    records = itertools.chain.from_iterable(
        _batches(part.file, folder, is_salvage=target.is_salvage)
    )
    gone = 0
    for record, answer in zip(records, renames, strict=True):
        if isinstance(answer, Exception):
            if not record["expires_ms"]:
                raise HarnessError(
                    f"the key {bytes(record['key'])!r} vanished while it was restored"
                )
            gone += 1
    return gone


def _send(
    connection: Any,  # Any: the driver's, whose types say less than it can do
    commands: list[tuple[str | bytes, ...]],
) -> None:
    connection.send_packed_command(connection.pack_commands(commands))
    for _ in commands:
        connection.read_response()


def _batches(file: DataFile, folder: Path, *, is_salvage: bool) -> Iterator[list[JsonObject]]:
    with (folder / file.name).open("rb") as source:
        for block in file.blocks:
            try:
                records = [bson.decode(each) for each in split(read_block(source, block))]
            except DamagedBlockError as err:
                if not is_salvage:
                    raise DamagedError(f"{file.name}: {err}") from err
                continue
            yield from _chunks(iter(records), _BATCH)


def _drop(client: redis.Redis, prefix: bytes) -> None:
    for keys in _chunks(client.scan_iter(match=prefix + b"*", count=1000), _MOVES):
        client.unlink(*keys)


def _chunks(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while chunk := list(itertools.islice(items, size)):
        yield chunk
