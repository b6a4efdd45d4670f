"""A little load on a service, and what became of each request."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2

from tests.support.service_process import plain_client


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request: when it began, on the monotonic clock, its status (0: none), its seconds."""

    began: float
    status: int
    seconds: float
    code: str


@dataclass
class Load:
    """What has happened so far."""

    outcomes: list[Outcome] = field(default_factory=list)

    def between(self, start: float, end: float) -> list[Outcome]:
        """Return the requests that began in [start, end)."""
        return [outcome for outcome in self.outcomes if start <= outcome.began < end]


Ask = Callable[[httpx2.Client], httpx2.Response]


@contextmanager
def load(*asks: Ask, threads: int = 4) -> Iterator[Load]:
    """Keep asking in a few threads for as long as the block lasts."""
    made, ended = Load(), threading.Event()

    def work(first: int) -> None:
        with plain_client() as client:
            number = first
            while not ended.is_set():
                made.outcomes.append(_one(asks[number % len(asks)], client))
                number += 1

    workers = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield made
    finally:
        ended.set()
        for worker in workers:
            worker.join(20)


def _one(ask: Ask, client: httpx2.Client) -> Outcome:
    began = time.monotonic()
    try:
        answer = ask(client)
    except httpx2.TransportError as err:
        return Outcome(began, 0, time.monotonic() - began, type(err).__name__)
    code = answer.json().get("code", "") if "problem" in answer.headers["content-type"] else ""
    return Outcome(began, answer.status_code, time.monotonic() - began, code)
