"""Walk journeys against a live service, once or for ever, and tell how each went.

A probe does not know who listens: results go to a callback.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kit.edge.target import Access, addressed
from synthetic.edge.journeys.walking import walk
from synthetic.steps.errors import StepFailedError
from synthetic.steps.step import Journey


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """How one walk of a journey went; `problem` is None when it succeeded.

    `problem` names the step, `advice` what to do about it; `answered` is false when the service
    did not answer that step. Its requests were of the trace `trace_id`; empty where none was sent.
    """

    journey: str
    at: datetime
    duration_s: float
    problem: str | None
    advice: str | None = None
    answered: bool = True
    trace_id: str = ""

    @property
    def success(self) -> bool:
        """Return whether the user would have been served."""
        return self.problem is None


OnResult = Callable[[ProbeResult], None]


def probe_once(
    url: str, journeys: Sequence[Journey], *, access: Access, timeout_s: float = 10.0
) -> Iterator[ProbeResult]:
    """Yield the result of each journey, walked one after the other on a connection of its own.

    A service that does not answer is a failed journey, not an error. `timeout_s` is for each
    request.
    """
    base, access = addressed(url, access)
    for journey in journeys:
        at, began = datetime.now(UTC), time.perf_counter()
        problem, advice, answered, trace_id = None, None, True, secrets.token_hex(16)
        try:
            with access.client(base, timeout_s=timeout_s) as client:
                tag = f"[probe-{secrets.token_hex(4)}]"
                walk(journey, client, tag=tag, now=at, trace_id=trace_id)
        except StepFailedError as err:
            problem, advice, answered = str(err), err.advice, err.answered
        took_s = time.perf_counter() - began
        yield ProbeResult(journey.name, at, took_s, problem, advice, answered, trace_id)


def probe_for_ever(
    url: str,
    journeys: Sequence[Journey],
    *,
    access: Access,
    every_s: float,
    on_result: OnResult,
    stop: threading.Event,
    timeout_s: float = 10.0,
) -> None:
    """Walk the journeys every `every_s` seconds until `stop` is set; none is skipped."""
    while not stop.is_set():
        began = time.monotonic()
        for result in probe_once(url, journeys, access=access, timeout_s=timeout_s):
            on_result(result)
        stop.wait(max(0.0, every_s - (time.monotonic() - began)))
