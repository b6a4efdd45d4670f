"""Copy the keys of a Redis into a file: each with its value as Redis itself writes it.

SCAN finds every key that is there throughout; DUMP, PTTL and TYPE of a batch are one transaction.
Keys that come or go meanwhile may or may not be in it: what the service keeps in Redis are answers
it can work out again and counts of requests.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import bson
import redis
from bson import Binary, Int64

from kit.pure.json_values import JsonObject
from ops.backup.folder import Unfinished
from ops.backup.manifest import RedisPart
from ops.backup.progress import Progress
from ops.backup.redis_keys import SERVICE_PREFIX, found
from ops.backup.servers import Server, redis_at

FILE: Final = "redis-keys.bson.gz"
_BATCH: Final = 100
_NONE: Final = -1
_GONE: Final = -2
_TELL_EVERY: Final = 5_000
_SINCE: Final = 7  # PEXPIRETIME


@dataclass(frozen=True, slots=True)
class RedisWish:
    """Which keys to copy: those that begin with `prefix`; an empty one is all."""

    server: Server
    prefix: str = SERVICE_PREFIX


def dump_redis(wish: RedisWish, into: Unfinished, progress: Progress) -> RedisPart:
    """Write every key into one file and return what was written."""
    types: Counter[str] = Counter()
    with redis_at(wish.server) as client:
        answer: Any = client.info("server")
        total: Any = client.dbsize() if not wish.prefix else 0
        knows = int(str(answer["redis_version"]).partition(".")[0]) >= _SINCE
        with into.writer(FILE) as (writer, done):
            for batch in _batches(client, wish.prefix):
                for record in _records(client, batch, knows_moments=knows):
                    types[record["type"]] += 1
                    writer.add(bson.encode(record))
                    if writer.documents % _TELL_EVERY == 0:
                        progress("keys", writer.documents, int(total))
            progress("keys", writer.documents, writer.documents)
        return RedisPart(
            server=wish.server.shown,
            version=str(answer["redis_version"]),
            database=int(client.connection_pool.connection_kwargs.get("db") or 0),
            prefix=wish.prefix,
            types=dict(sorted(types.items())),
            file=done[0],
        )


def _batches(client: redis.Redis, prefix: str) -> Iterator[list[bytes]]:
    """Yield names of keys, each once: SCAN may give one again while its table is resized."""
    seen: set[bytes] = set()
    batch: list[bytes] = []
    for key in found(client, prefix):
        mark = hashlib.blake2b(key, digest_size=16).digest()
        if mark in seen:
            continue
        seen.add(mark)
        batch.append(key)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _records(
    client: redis.Redis, keys: list[bytes], *, knows_moments: bool
) -> Iterator[JsonObject]:
    """Yield what a restore needs of each key that is still there; expiry in Unix milliseconds.

    A Redis that does not know the moment of expiry tells the time left, which is a millisecond
    less exact.
    """
    pipe: Any = client.pipeline(transaction=True)
    pipe.time()
    for key in keys:
        pipe.dump(key)
        _ = pipe.pexpiretime(key) if knows_moments else pipe.pttl(key)
        pipe.type(key)
    (seconds, micros), *answers = pipe.execute()
    now_ms = seconds * 1000 + micros // 1000
    for number, key in enumerate(keys):
        value, left_ms, kind = answers[3 * number : 3 * number + 3]
        if value is None or left_ms == _GONE:
            continue
        at_ms = left_ms if knows_moments else now_ms + left_ms
        expires = None if left_ms == _NONE else Int64(at_ms)
        yield {
            "key": Binary(key),
            "type": kind.decode(),
            "expires_ms": expires,
            "value": Binary(value),
        }
