"""The API keys that the stack's own parts use, made by the service that they open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx2

from kit.pure.errors import UnreachableError, reason_of
from kit.pure.json_values import JsonObject
from ops.stack.home import Home
from ops.stack.waiting import wait_until

_TIMEOUT_S: Final = 60.0
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class _Key:
    """A key: whose it is, what it may, and a path that it must open."""

    name: str
    owner: str
    scopes: tuple[str, ...]
    opens: str


_KEYS: Final = (
    _Key("metrics_key", "prometheus", ("metrics",), "/metrics"),
    _Key("prober_key", "prober", ("calendar",), "/events?limit=1"),
    _Key("operator_key", "operator", ("metrics", "admin", "calendar"), "/admin/mode"),
)


def make_keys(home: Home, url: str) -> list[str]:
    """Make each key that is missing or opens nothing any more; return the names of the new.

    Raises UnreachableError when the service does not answer as it should.
    """
    made: list[str] = []
    with httpx2.Client(timeout=_TIMEOUT_S, trust_env=False) as client:
        for each in _KEYS:
            if not _opens(client, url, each, home.read_secret(each.name)):
                admin = home.read_secret("admin_key")
                home.write_secret(each.name, _new(client, url, each, admin))
                made.append(each.name)
    return made


def _opens(client: httpx2.Client, url: str, each: _Key, key: str) -> bool:
    if not key or key == "none-yet":
        return False
    try:
        answer = client.get(f"{url}{each.opens}", headers={"X-API-Key": key})
    except httpx2.HTTPError as err:
        raise _away(url, err) from err
    return answer.status_code not in {401, 403}


def _new(client: httpx2.Client, url: str, each: _Key, admin: str) -> str:
    body: JsonObject = {
        "owner": each.owner,
        "scopes": list(each.scopes),
        "label": "made by sre stack",
    }
    answer = _once_it_can(lambda: _posted(client, url, body, admin))
    if answer.status_code >= _SERVER_ERROR:
        raise UnreachableError(
            f"{url} makes no key for {each.owner} yet: it answers {answer.status_code}",
            hint="is MongoDB well? sre stack status; then sre stack up goes on",
        )
    if answer.status_code != 201:  # noqa: PLR2004 -- Created
        raise UnreachableError(
            f"{url} made no key for {each.owner}: it answered {answer.status_code}",
            hint="is secrets/admin_key the one that the replicas were started with? "
            "sre stack restart hands them the present one",
        )
    return str(answer.json()["key"])


def _posted(client: httpx2.Client, url: str, body: JsonObject, admin: str) -> httpx2.Response:
    try:
        return client.post(f"{url}/admin/keys", json=body, headers={"X-API-Key": admin})
    except httpx2.HTTPError as err:
        raise _away(url, err) from err


def _once_it_can(ask: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Ask again while the service says that a database is away: it may only just have started."""
    answers = [ask()]

    def settled() -> bool:
        if answers[-1].status_code >= _SERVER_ERROR:
            answers.append(ask())
        return answers[-1].status_code < _SERVER_ERROR

    wait_until(settled, _TIMEOUT_S)
    return answers[-1]


def _away(url: str, err: Exception) -> UnreachableError:
    return UnreachableError(
        f"{url} does not answer: {reason_of(err)}",
        hint="docker logs of the proxy and of calendar-api say why",
    )
