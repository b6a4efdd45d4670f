"""The API keys that the stack's own parts use, made by the service that they open."""

from dataclasses import dataclass
from typing import Any, Final

import httpx2

from kit.pure.errors import UnreachableError, reason_of
from ops.stack.home import Home

_TIMEOUT_S: Final = 10.0


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
    made = []
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
    body: dict[str, Any] = {
        "owner": each.owner,
        "scopes": list(each.scopes),
        "label": "made by sre stack",
    }
    try:
        answer = client.post(f"{url}/admin/keys", json=body, headers={"X-API-Key": admin})
    except httpx2.HTTPError as err:
        raise _away(url, err) from err
    if answer.status_code != 201:  # noqa: PLR2004 -- Created
        raise UnreachableError(
            f"{url} made no key for {each.owner}: it answered {answer.status_code}",
            hint="is secrets/admin_key the one that the replicas were started with? "
            "sre stack restart hands them the present one",
        )
    return str(answer.json()["key"])


def _away(url: str, err: Exception) -> UnreachableError:
    return UnreachableError(
        f"{url} does not answer: {reason_of(err)}",
        hint="docker logs of the proxy and of calendar-api say why",
    )
