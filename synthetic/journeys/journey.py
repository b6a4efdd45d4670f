"""What a journey is: something a user does from beginning to end, with nothing left behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2


class StepFailedError(Exception):
    """A step of a journey did not give what a user needs; `step` says which, `why` what came."""

    def __init__(self, step: str, why: str) -> None:
        super().__init__(f"{step}: {why}")
        self.step, self.why = step, why


@dataclass(frozen=True, slots=True)
class Visit:
    """What a journey needs: a client of the service, a tag for what it creates, and the time."""

    client: httpx2.Client
    tag: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """A named way through the service; `walk` raises StepFailedError and leaves nothing behind."""

    name: str
    description: str
    walk: Callable[[Visit], None]


def content(step: str, answer: httpx2.Response, *statuses: int) -> Any:
    """Return the JSON of an answer with one of `statuses`, None for an empty one."""
    if answer.status_code not in statuses:
        wanted = " or ".join(map(str, statuses))
        raise StepFailedError(step, f"HTTP {answer.status_code} instead of {wanted}")
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError as err:
        raise StepFailedError(step, "the answer is not JSON") from err


def need(step: str, why: str, *, holds: bool) -> None:
    """Raise StepFailedError unless `holds`."""
    if not holds:
        raise StepFailedError(step, why)
