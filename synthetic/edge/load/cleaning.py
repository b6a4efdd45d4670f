"""Remove what a run created: what carries its tag, or what its profile cleans."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from kit.edge.target import Access
from kit.pure.errors import BadInputError, UnreachableError
from synthetic.load.request import FixedRequest
from synthetic.steps.sending import CONTENT_TYPES, written
from synthetic.steps.step import values_at
from synthetic.steps.templates import path_filled, text_filled

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
    url: str,
    tag: str,
    sweep: Sequence[FixedRequest],
    *,
    access: Access,
    timeout_s: float = 30.0,
    patience_s: float = PATIENCE_S,
) -> Cleaned:
    """Remove what all owners have left that carries `tag`.

    The first request of `sweep` finds it and saves a variable of each, the others remove that.
    A service that is still dazed by the run is asked again, for `patience_s` seconds in all.
    """
    removed, until = 0, time.monotonic() + patience_s
    for key in range(max(len(access.keys), 1)):
        with access.client(url, timeout_s=timeout_s, key=key) as client:
            for _ in range(MAX_ROUNDS):
                try:
                    gone = _remove_page(client, tag, sweep)
                except _TroubleError as err:
                    if not err.passes or time.monotonic() > until:
                        return Cleaned(removed, f"things tagged {tag} may be left: {err}")
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
        try:
            answer = _request(client, one, variables)
        except httpx2.HTTPError as err:
            return f"{one.label}: {str(err) or type(err).__name__}"
        gone = answer.status_code in {httpx2.codes.NOT_FOUND, httpx2.codes.GONE}
        if not answer.is_success and not gone:
            return f"{one.label} answers {answer.status_code}"
    return None


def _remove_page(client: httpx2.Client, tag: str, sweep: Sequence[FixedRequest]) -> int:
    """Return how many things are gone; 0 when there was none."""
    try:
        found = _page(client, tag, sweep[0])
        gone = [_request(client, one, each) for each in found for one in sweep[1:]]
    except httpx2.HTTPError as err:
        raise _TroubleError(str(err) or type(err).__name__, passes=True) from err
    removed = sum(answer.is_success for answer in gone)
    if found and not removed:
        raise _refusal(sweep[1], gone[0])
    return removed


def _refusal(one: FixedRequest, answer: httpx2.Response) -> _TroubleError:
    status = answer.status_code
    passes = status >= 500 or status == httpx2.codes.TOO_MANY_REQUESTS  # noqa: PLR2004 -- RFC 9110
    path = one.path.partition("?")[0]
    return _TroubleError(f"{one.method} {path} answers {status}", passes=passes)


def _page(client: httpx2.Client, tag: str, one: FixedRequest) -> list[dict[str, object]]:
    """Return the variables of each thing that was found."""
    answer = _request(client, one, {"tag": tag})
    if not answer.is_success:
        raise _refusal(one, answer)
    try:
        content: Any = answer.json()
    except ValueError as err:
        raise _TroubleError(f"{one.label} is not JSON", passes=False) from err
    ((name, where),) = one.save
    return [{name: value} for value in values_at(text_filled(where, {"tag": tag}), content)]


def _request(
    client: httpx2.Client, one: FixedRequest, variables: Mapping[str, object]
) -> httpx2.Response:
    content = written(one.body_kind, one.body, variables)
    kind = {} if content is None else {"Content-Type": CONTENT_TYPES[one.body_kind]}
    own = {name: text_filled(value, variables) for name, value in one.headers}
    return client.request(
        one.method, path_filled(one.path, variables), headers=kind | own, content=content
    )


def clear_cache(url: str, reset: FixedRequest, *, access: Access, timeout_s: float = 30.0) -> None:
    """Empty the service's cache, so that a run begins cold; raises BadInputError when it cannot."""
    try:
        with access.client(url, timeout_s=timeout_s) as client:
            status = _request(client, reset, {}).status_code
    except httpx2.HTTPError as err:
        raise UnreachableError(
            f"the cache of {url} cannot be cleared: {err}", hint="is the service healthy?"
        ) from err
    if not httpx2.codes.is_success(status):
        raise BadInputError(
            f"{reset.method} {url}{reset.path} answers {status}",
            hint="give a key with the admin scope first in SRE_API_KEYS, or drop clear_cache",
        )
