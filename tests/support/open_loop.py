"""Requests that are due at fixed times, sent whether or not earlier ones were answered.

Only where very many are still on their way does the next one wait: on a machine that is too slow
for the rate it would else test how deep a queue may get, and nothing about what was changed.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx2

_GIVES_UP_S: Final = 120.0
_ON_THEIR_WAY: Final = 64
_SENTENCES: Final = (
    "lunch with Ann tomorrow at noon",
    "dentist on friday at 9",
    "team call at 3pm",
)


@dataclass(slots=True)
class Answers:
    """What came of the requests so far: by status, and what went wrong on the way.

    `waited` counts those that were held back, so that less than the rate was sent in `took_s`.
    """

    sent: int = 0
    waited: int = 0
    took_s: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    dropped: list[str] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Return how many were answered as no user should be."""
        return sum(n for status, n in self.statuses.items() if status >= 400)

    def __str__(self) -> str:
        """Return what was sent, how fast, and what came back."""
        p95_ms = self.percentile(0.95) * 1000
        return (
            f"{self.sent} in {self.took_s:.0f} s ({self.sent / self.took_s:.0f}/s, {self.waited} "
            f"held back), {dict(self.statuses)}, {len(self.dropped)} dropped, p95 {p95_ms:.0f} ms"
        )

    def percentile(self, share: float) -> float:
        """Return the latency in seconds, from when a request was due, that `share` stay below."""
        ordered = sorted(self.latencies_s)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


@contextmanager
def open_loop(url: str, key: str, *, per_s: int) -> Iterator[Answers]:
    """Load a service while the block lasts; at its end every request has been answered or lost."""
    answers, stop = Answers(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_send(url, key, per_s, answers, stop)))
    thread.start()
    try:
        yield answers
    finally:
        stop.set()
        thread.join()


async def _send(url: str, key: str, per_s: int, answers: Answers, stop: threading.Event) -> None:
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=5)
    headers = {"X-API-Key": key}
    first = time.monotonic()
    async with httpx2.AsyncClient(
        base_url=url, headers=headers, timeout=_GIVES_UP_S, limits=limits, trust_env=False
    ) as client:
        began, running = first, set[asyncio.Task[None]]()
        while not stop.is_set():
            due = began + answers.sent / per_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if len(running) >= _ON_THEIR_WAY:
                answers.waited += 1
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                due = time.monotonic()
                began = due - answers.sent / per_s
            task = asyncio.create_task(_one(client, answers.sent, due, answers))
            answers.sent += 1
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)
    answers.took_s = time.monotonic() - first


async def _one(client: httpx2.AsyncClient, number: int, due: float, answers: Answers) -> None:
    try:
        # What stands in for MongoDB is one process: a few of each kind keep it busy enough.
        match number % 20:
            case 0:
                body = {"title": f"event {number}", "start": "2027-01-04T09:00:00Z",
                        "end": "2027-01-04T10:00:00Z", "timezone": "UTC"}  # fmt: skip
                answer = await client.post("/events", json=body)
            case 1:
                answer = await client.get("/events", params={"limit": 5})
            case _:
                body = {"text": f"{_SENTENCES[number % 3]} number {number % 50}"}
                answer = await client.post("/parse", json=body)
    except httpx2.HTTPError as err:
        answers.dropped.append(f"{type(err).__name__}: {err}")
    else:
        answers.statuses[answer.status_code] += 1
        answers.latencies_s.append(time.monotonic() - due)
