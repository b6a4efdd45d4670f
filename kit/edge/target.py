"""What a target URL must be, and whether anything fit for a run answers there."""

import ssl
from dataclasses import dataclass, field, replace
from typing import Final

import httpx2

from kit.edge.deadline import BoundedClient
from kit.edge.tls import authorities
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.urls import address_of, masked

EXAMPLE: Final = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Access:
    """How to talk to the target: keys (one an owner), further headers, a file of authorities."""

    keys: tuple[str, ...] = field(default=(), repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    ca_file: str | None = None

    def client(self, base_url: str, *, timeout_s: float, key: int = 0) -> BoundedClient:
        """Return a client that speaks for the owner of key number `key`.

        `timeout_s` is for each whole answer.
        """
        headers = dict(self.headers)
        if self.keys:
            headers["Authorization"] = f"Bearer {self.keys[key]}"
        tls = ssl.create_default_context(cafile=self.ca_file) if self.ca_file else authorities()
        return BoundedClient(base_url, limit_s=timeout_s, headers=headers, tls=tls)


def normalised(url: str) -> str:
    """Return a base URL without its trailing slash and without credentials: it may be shown."""
    return address_of(url, example=EXAMPLE).url


def addressed(url: str, access: Access) -> tuple[str, Access]:
    """Return a base URL that may be shown, and the access with the credentials that were in it.

    Raises BadInputError where there are keys as well: a request has room for one of them.
    """
    found = address_of(url, example=EXAMPLE)
    if not found.authorization:
        return found.url, access
    if access.keys:
        raise BadInputError(
            f"the target {found.url} was given with credentials, and SRE_API_KEYS with keys",
            hint="both go into the header Authorization: give one of them",
        )
    return found.url, replace(access, headers=(*access.headers, *found.headers.items()))


def check_ready(url: str, *, access: Access, path: str, timeout_s: float = 5.0) -> None:
    """Return when `path` answers without an error; otherwise raise what a person can act on."""
    try:
        with access.client(url, timeout_s=timeout_s) as client:
            answer = client.get(path)
    except httpx2.TimeoutException as err:
        raise UnreachableError(
            f"{url}{path} did not answer within {timeout_s:g} s",
            hint="is the service overloaded or the address a black hole?",
        ) from err
    except httpx2.HTTPError as err:
        raise UnreachableError(f"{url} cannot be reached: {err}", hint=_advice(str(err))) from err
    if answer.is_redirect:
        raise BadInputError(
            f"{url}{path} redirects to {masked(answer.headers.get('location', 'nowhere'))}",
            hint="give the final address as the target",
        )
    if answer.status_code in {401, 403}:
        raise BadInputError(
            f"{url}{path} answers {answer.status_code}", hint="set SRE_API_KEYS to a valid key"
        )
    if answer.status_code == httpx2.codes.NOT_FOUND:
        raise UnreachableError(
            f"{url}{path} answers 404: no service answers under {url}",
            hint="give the service's base address, or in the profile the ready_path it answers",
        )
    if answer.status_code >= 500:  # noqa: PLR2004 -- RFC 9110 section 15.6: server error
        raise UnreachableError(
            f"{url}{path} answers {answer.status_code}",
            hint="is the service healthy? ask its /health",
        )


def _advice(problem: str) -> str:
    if "certificate" in problem.lower():
        return "pass the authority's file with --ca-file"
    return "is the service running, and is this its address? sre serve"
