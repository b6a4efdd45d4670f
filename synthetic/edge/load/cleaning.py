"""Remove what a run created: events with its tag in their title, or what its profile cleans."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from kit.edge.target import Access
from kit.pure.errors import BadInputError, UnreachableError
from synthetic.load.shape import FixedRequest
from synthetic.steps.templates import filled, path_filled, text_filled

PAGE: Final = 100
MAX_ROUNDS: Final = 5_000
PATIENCE_S: Final = 10.0
PAUSE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How many events were removed, and why some may be left (None: none are)."""

    removed: int
    problem: str | None = None


class _TroubleError(Exception):
    """The service did not let itself be cleaned; `passes` when it may another time."""

    def __init__(self, why: str, *, passes: bool) -> None:
        super().__init__(why)
        self.passes = passes


def remove_tagged(
    url: str, tag: str, *, access: Access, timeout_s: float = 30.0, patience_s: float = PATIENCE_S
) -> Cleaned:
    """Remove the events of all owners that carry `tag`.

    A service that is still dazed by the run is asked again, for `patience_s` seconds in all.
    """
    removed, until = 0, time.monotonic() + patience_s
    for key in range(max(len(access.keys), 1)):
        with access.client(url, timeout_s=timeout_s, key=key) as client:
            for _ in range(MAX_ROUNDS):
                try:
                    gone = _remove_page(client, tag)
                except _TroubleError as err:
                    if not err.passes or time.monotonic() > until:
                        return Cleaned(removed, f"events tagged {tag} may be left: {err}")
                    time.sleep(min(PAUSE_S, patience_s))
                    continue
                removed += gone
                if not gone:
                    break
    return Cleaned(removed)


def remove_left(
    url: str,
    requests: Sequence[FixedRequest],
    left: Sequence[tuple[int, Mapping[str, object]]],
    *,
    access: Access,
    timeout_s: float = 30.0,
) -> Cleaned:
    """Send the requests that clean up for each thing that a run has made and kept in mind.

    `left` has the number of the key and the variables of each. What is gone already is clean.
    """
    removed, problems = 0, []
    for key in range(max(len(access.keys), 1)):
        mine = [variables for owner, variables in left if owner == key]
        with access.client(url, timeout_s=timeout_s, key=key) as client:
            for variables in mine:
                why = _sent(client, requests, variables)
                removed += why is None
                problems += [] if why is None else [why]
    if not problems:
        return Cleaned(removed)
    return Cleaned(removed, f"{len(problems):,} things may be left: {problems[0]}")


def _sent(
    client: httpx2.Client, requests: Sequence[FixedRequest], variables: Mapping[str, object]
) -> str | None:
    """Send what cleans up after one thing; return why it may be left, None when it is gone."""
    for one in (each for each in requests if each.needs <= set(variables)):
        path = path_filled(one.path, variables)
        try:
            answer = client.request(
                one.method,
                path,
                headers={name: text_filled(value, variables) for name, value in one.headers},
                json=filled(one.body, variables),
            )
        except httpx2.HTTPError as err:
            return f"{one.method} {path}: {str(err) or type(err).__name__}"
        gone = answer.status_code in {httpx2.codes.NOT_FOUND, httpx2.codes.GONE}
        if not answer.is_success and not gone:
            return f"{one.method} {path} answers {answer.status_code}"
    return None


def _remove_page(client: httpx2.Client, tag: str) -> int:
    """Return how many events are gone; 0 when there was none."""
    try:
        found = _page(client, tag)
        gone = [client.delete(f"/events/{event}") for event in found]
    except httpx2.HTTPError as err:
        raise _TroubleError(str(err) or type(err).__name__, passes=True) from err
    removed = sum(answer.is_success for answer in gone)
    if found and not removed:
        raise _refusal("DELETE", gone[0])
    return removed


def _refusal(method: str, answer: httpx2.Response) -> _TroubleError:
    status = answer.status_code
    passes = status >= 500 or status == httpx2.codes.TOO_MANY_REQUESTS  # noqa: PLR2004 -- RFC 9110
    return _TroubleError(f"{method} /events answers {status}", passes=passes)


def _page(client: httpx2.Client, tag: str) -> list[str]:
    answer = client.get("/events", params={"q": tag, "limit": PAGE})
    if not answer.is_success:
        raise _refusal("GET", answer)
    try:
        content: Any = answer.json()
    except ValueError as err:
        raise _TroubleError("GET /events is not JSON", passes=False) from err
    events = content.get("events", ()) if isinstance(content, dict) else ()
    return [e["id"] for e in events if tag in str(e.get("title", "")) and "id" in e]


def clear_cache(url: str, *, access: Access, timeout_s: float = 30.0) -> None:
    """Empty the service's cache, so that a run begins cold; raises BadInputError when it cannot."""
    try:
        with access.client(url, timeout_s=timeout_s) as client:
            status = client.delete("/cache/clear").status_code
    except httpx2.HTTPError as err:
        raise UnreachableError(
            f"the cache of {url} cannot be cleared: {err}", hint="is the service healthy?"
        ) from err
    if not httpx2.codes.is_success(status):
        raise BadInputError(
            f"DELETE {url}/cache/clear answers {status}",
            hint="give a key with the admin scope first in SRE_API_KEYS, or drop clear_cache",
        )
