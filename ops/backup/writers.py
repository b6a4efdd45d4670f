"""Does a service still write into what is about to be replaced?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx2
import orjson

from kit.pure.errors import HarnessError, RefusedError, UnreachableError
from ops.backup.servers import Server, redis_at
from service.store.pubsub import CHANNEL

_TIMEOUT_S: Final = 5.0
_STOP: Final = "stop writes first: sre incident mode read_only"


@dataclass(frozen=True, slots=True)
class Service:
    """Where the service listens and the keys that may open it; "" is no service to ask."""

    url: str = ""
    keys: tuple[str, ...] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def check_quiet(service: Service) -> str:
    """Return in words why nothing is written at present; raises RefusedError when that is not so.

    A service that does not answer at all does not write.
    """
    if not service.url:
        return "no service was asked whether it writes (--target URL)"
    with _client(service) as client:
        try:
            client.get("/health")
        except httpx2.ConnectError:
            return f"no service answers at {service.url}"
        except httpx2.TransportError as err:
            raise RefusedError(
                f"the service at {service.url} does not say whether it writes: {err}", hint=_STOP
            ) from err
        mode = _mode(client, service)
    if mode != "read_only":
        raise RefusedError(
            f"the service at {service.url} is in mode {mode} and may write", hint=_STOP
        )
    return f"the service at {service.url} is in mode read_only"


def forget_answers(service: Service) -> str:
    """Let the service forget what it remembers of the replaced data; return what came of it."""
    if not service.url:
        return "no address (--target): clear the caches of a service that runs, or restart it"
    with _client(service) as client:
        for headers in _headers(service):
            try:
                answer = client.delete("/cache/clear", headers=headers)
            except httpx2.TransportError:
                return "no service answered that could remember replaced data"
            if answer.is_success:
                return "the service has cleared its caches"
    return (
        "the service would not clear its caches: curl -X DELETE .../cache/clear with an admin key"
    )


def forget_copies(server: Server) -> str:
    """Let every worker forget its copies of what a Redis held, and leave Redis as it is.

    Return how many were notified.
    """
    try:
        with redis_at(server) as client:
            news = orjson.dumps({"from": "sre backup restore", "kind": "clear"})
            heard = int(client.publish(CHANNEL, news))
    except HarnessError as err:
        return f"the service may remember what Redis held, restart it: {err}"
    if not heard:
        return f"no service listens to {server.shown} that could remember what it held"
    return f"{heard} of the service's workers have forgotten what Redis held"


def _mode(client: httpx2.Client, service: Service) -> str:
    for headers in _headers(service):
        try:
            answer = client.get("/admin/mode", headers=headers)
            if answer.is_success:
                return str(answer.json()["mode"])
        except (httpx2.TransportError, ValueError, KeyError, TypeError) as err:
            raise UnreachableError(
                f"{service.url}/admin/mode does not answer as the service does: {err}",
                hint="check --target; --force restores without asking",
            ) from err
    raise RefusedError(
        f"the service at {service.url} does not tell its mode to these keys",
        hint="give a key with the scope admin in SRE_API_KEYS, or CALENDAR_ADMIN_KEY",
    )


def _headers(service: Service) -> list[dict[str, str]]:
    return [{}, *({"Authorization": f"Bearer {key}"} for key in service.keys)]


def _client(service: Service) -> httpx2.Client:
    return httpx2.Client(base_url=service.url, headers=dict(service.headers), timeout=_TIMEOUT_S)
