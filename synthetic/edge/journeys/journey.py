"""What a journey is: something a user does from beginning to end, with nothing left behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import httpx2

LOOK: Final = "see sre check health"
_SERVER_ERROR: Final = 500
"""RFC 9110 section 15.6."""


class StepFailedError(Exception):
    """A step of a journey did not give what a user needs.

    `step` says which, `why` what came, `advice` what to do about it; `answered` is false when
    nothing came.
    """

    def __init__(self, step: str, why: str, *, advice: str = LOOK, answered: bool = True) -> None:
        super().__init__(f"{step}: {why}")
        self.step, self.why, self.advice, self.answered = step, why, advice, answered


@dataclass(frozen=True, slots=True)
class Visit:
    """What a journey needs: a client of the service, a tag for what it creates, and the time."""

    client: httpx2.Client
    tag: str
    now: datetime

    def ask(self, step: str, method: str, path: str, **options: Any) -> httpx2.Response:
        """Return the answer to a request; raises StepFailedError when none comes."""
        try:
            return self.client.request(method, path, **options)
        except httpx2.TimeoutException as err:
            advice = "is the service overloaded? see sre check performance"
            why = f"no answer within {self.client.timeout.read:g} s"
            raise StepFailedError(step, why, advice=advice, answered=False) from err
        except httpx2.HTTPError as err:
            advice = "is the service running, and is this its address?"
            why = f"no answer: {err}"
            raise StepFailedError(step, why, advice=advice, answered=False) from err


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
        why = f"HTTP {answer.status_code} instead of {wanted}"
        raise StepFailedError(step, why, advice=_advice(answer.status_code))
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


def _advice(status: int) -> str:
    """Return what to do about an answer that should not have come."""
    if status in {401, 403}:
        return "set SRE_API_KEYS to a valid key"
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        return "give the prober a key of its own, or probe less often with --every"
    if status >= _SERVER_ERROR:
        return "see sre check dependencies"
    return LOOK
