"""Remove what a run created: every event whose title carries the run's tag."""

from typing import Any, Final

import httpx2

from slo.errors import BadInputError, UnreachableError
from synthetic.target import Access

PAGE: Final = 100
MAX_ROUNDS: Final = 5_000


def remove_tagged(url: str, tag: str, *, access: Access, timeout_s: float = 30.0) -> int:
    """Return how many events were removed, over all owners; stop at the first trouble.

    A service that cannot be cleaned (it has gone away) leaves its events under their tag.
    """
    removed = 0
    for key in range(max(len(access.keys), 1)):
        with access.client(url, timeout_s=timeout_s, key=key) as client:
            removed += _remove(client, tag)
    return removed


def _remove(client: httpx2.Client, tag: str) -> int:
    removed = 0
    for _ in range(MAX_ROUNDS):
        try:
            found = _page(client, tag)
            gone = [client.delete(f"/events/{event}").is_success for event in found]
        except httpx2.HTTPError:
            return removed
        removed += sum(gone)
        if not any(gone):
            return removed
    return removed


def _page(client: httpx2.Client, tag: str) -> list[str]:
    answer = client.get("/events", params={"q": tag, "limit": PAGE})
    if not answer.is_success:
        return []
    try:
        content: Any = answer.json()
    except ValueError:
        return []
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
