"""What other clocks say: the header `Date` of servers (RFC 9110 section 6.6.1), and databases."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, Final

import redis
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from kit.edge.prometheus import prometheus_headers
from kit.edge.target import Access
from kit.pure.errors import HarnessError
from ops.checks.concurrently import run_concurrently
from ops.checks.observe import mongodb
from ops.checks.observe.replies import get
from ops.checks.places import Places
from ops.checks.system import Clock
from ops.checks.transport import is_local

_HALF_S: Final = 0.5
"""The header names whole seconds, so that its moment is half a second later on the average."""
Ask = Callable[[], datetime | None]


def look(places: Places) -> tuple[Clock, ...]:
    """Return how far the clocks of all that has an address are ahead of this machine's."""
    asked = {name: (url, ask) for name, (url, ask) in _askable(places).items() if url}
    ended = run_concurrently(
        {name: partial(_ahead_s, ask) for name, (_, ask) in asked.items()},
        within_s=places.timeout_s + 1,
    )
    return tuple(
        Clock(name, ended[name].value, is_elsewhere=not is_local(url))
        for name, (url, _) in asked.items()
    )


def _askable(places: Places) -> Mapping[str, tuple[str, Ask]]:
    web = {
        "the service": (places.service, "/healthz", ()),
        "Prometheus": (places.prometheus, "/-/healthy", tuple(prometheus_headers().items())),
        "Alertmanager": (places.alertmanager, "/-/healthy", ()),
        "Grafana": (places.grafana, "/api/health", ()),
    }
    timeout_s = places.timeout_s
    return {
        **{
            name: (url, partial(_by_date, url, path, headers, timeout_s))
            for name, (url, path, headers) in web.items()
        },
        "MongoDB": (places.mongodb, partial(_by_mongodb, places.mongodb, timeout_s)),
        "Redis": (places.redis, partial(_by_redis, places.redis, timeout_s)),
    }


def _ahead_s(ask: Ask) -> float | None:
    """Return by how much a clock is ahead, as of the middle of the question; None: not told."""
    began = time.time()
    told = ask()
    if told is None:
        return None
    return told.timestamp() - (began + time.time()) / 2


def _by_date(
    url: str, path: str, headers: tuple[tuple[str, str], ...], timeout_s: float
) -> datetime | None:
    try:
        reply = get(url, path, access=Access(headers=headers), timeout_s=timeout_s)
        told = parsedate_to_datetime(reply.headers["date"])
    except (HarnessError, KeyError, ValueError):
        return None
    return datetime.fromtimestamp(told.timestamp() + _HALF_S, UTC)


def _by_mongodb(url: str, timeout_s: float) -> datetime | None:
    try:
        with mongodb.connect(url, timeout_s) as client:
            told: Any = client.admin.command("hello").get("localTime")
    except (HarnessError, PyMongoError):
        return None
    return told if isinstance(told, datetime) else None


def _by_redis(url: str, timeout_s: float) -> datetime | None:
    try:
        with redis.Redis.from_url(
            url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s
        ) as client:
            seconds, micros = client.time()
    except (RedisError, ValueError):
        return None
    return datetime.fromtimestamp(float(seconds) + float(micros) / 1e6, UTC)
