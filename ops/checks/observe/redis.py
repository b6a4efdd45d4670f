"""Ask a Redis how it is; every question is bounded."""

import contextlib
import time
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.retry import Retry

from kit.pure.errors import BadInputError
from kit.pure.json_values import JsonMapping

_AUTHENTICATION: Final = ("NOAUTH", "WRONGPASS", "NOPERM")


@dataclass(frozen=True, slots=True)
class ObservedRedis:
    """What a Redis said. With a `problem` it said nothing; `is_refused` when it knows us not.

    `info` is its INFO; `saves` its setting `save`, None where it may not be read.
    """

    server: str
    problem: str = ""
    is_refused: bool = False
    ping_s: float | None = None
    info: JsonMapping = field(default_factory=dict)
    saves: str | None = None


def look(url: str, *, timeout_s: float) -> ObservedRedis:
    """Return what the Redis at `url` says; raises BadInputError when `url` is none."""
    server, client = _server(url), _connect(url, timeout_s)
    try:
        began = time.monotonic()
        client.ping()
        ping_s = time.monotonic() - began
        info: Any = client.info()
        return ObservedRedis(server, ping_s=ping_s, info=info, saves=_saves(client))
    except RedisError as err:
        return ObservedRedis(server, _reason(err, timeout_s), is_refused=_is_refusal(err))
    finally:
        client.close()


def _connect(url: str, timeout_s: float) -> redis.Redis:
    try:
        return redis.Redis.from_url(
            url,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            retry=Retry(NoBackoff(), 0),
            client_name="sre-check",
            decode_responses=True,
        )
    except (ValueError, RedisError) as err:
        raise BadInputError(
            "the address of Redis cannot be read", hint="it looks like redis://HOST:6379/0"
        ) from err


def _saves(client: redis.Redis) -> str | None:
    try:
        answer: Any = client.config_get("save")
    except RedisError:
        return None
    return str(answer.get("save", ""))


def _reason(err: RedisError, timeout_s: float) -> str:
    text = str(err)
    if _is_refusal(err):
        return f"refuses the credentials: {text[:120]}"
    if isinstance(err, redis.exceptions.TimeoutError):
        return f"no answer within {timeout_s:g} s"
    return "connection refused" if "refused" in text.lower() else text[:200]


def _is_refusal(err: RedisError) -> bool:
    if isinstance(err, AuthenticationError):
        return True
    return isinstance(err, ResponseError) and str(err).startswith(_AUTHENTICATION)


def _server(url: str) -> str:
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path
    return "Redis"
