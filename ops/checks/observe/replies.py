"""One question over HTTP, answered by a value whatever happens."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import orjson

from kit.edge.target import Access, addressed
from kit.pure.errors import reason_of

_OK: Final = 200
_NO_KEY: Final = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; with a `problem` nothing did, and `status` is 0. Header names are small."""

    url: str
    status: int = 0
    text: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    took_s: float = 0.0
    problem: str = ""

    @property
    def is_ok(self) -> bool:
        """Say whether it is a 200."""
        return self.status == _OK

    @property
    def is_refused(self) -> bool:
        """Say whether a key was missing or opens something else."""
        return self.status in _NO_KEY

    @property
    def data(self) -> Any:  # Any: whatever JSON may be
        """Return the JSON of the answer; None when it is none."""
        try:
            return orjson.loads(self.text)
        except ValueError:
            return None

    @property
    def why(self) -> str:
        """Return why this is not a 200, in few words."""
        return self.problem or f"answers {self.status}"


def get(
    base: str, path: str, *, access: Access | None = None, timeout_s: float, method: str = "GET"
) -> Reply:
    """Ask once; `timeout_s` is for the whole answer. Raises BadInputError when `base` is no URL."""
    place, known = addressed(base, access or Access())
    url, began = f"{place}{path}", time.monotonic()
    try:
        with known.client(place, timeout_s=timeout_s) as client:
            answer = client.request(method, path)
    except httpx2.TimeoutException:
        return Reply(url, problem=f"no answer within {timeout_s:g} s", took_s=_since(began))
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as err:
        return Reply(url, problem=_reason(err), took_s=_since(began))
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Reply(url, answer.status_code, answer.text, headers, _since(began))


def _since(began: float) -> float:
    return time.monotonic() - began


def _reason(err: Exception) -> str:
    text = reason_of(err)
    if "refused" in text.lower():
        return "connection refused"
    return text[:200]
