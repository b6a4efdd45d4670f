"""More people than usual, or none: crowds that ask for one thing, and users who stay away."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import httpx2

from kit.pure.json_values import JsonObject
from ops.drills.acting import timed
from ops.drills.drill import Action
from ops.drills.stack import Stack

_PATIENCE_S: Final = 10.0
_WINDOW: Final = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"


@dataclass(slots=True)
class Crowd:
    """Threads that ask until they are told to stop."""

    url: str
    key: str
    asks: str
    per_s: float
    stop: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def work(self, number: int) -> None:
        """Ask on and on, at the pace of one of the crowd."""
        due_s = time.monotonic()
        with httpx2.Client(timeout=_PATIENCE_S, trust_env=False, verify=False) as client:
            while not self.stop.wait(max(0.0, due_s - time.monotonic())):
                self.asked += 1
                with contextlib.suppress(httpx2.HTTPError):
                    client.request(**self._request(f"{number}.{self.asked}"))
                due_s = max(due_s + 1 / self.per_s, time.monotonic() - 1)

    def _request(self, number: str) -> JsonObject:
        key = f"guess.{number}" if self.asks == "wrong-key" else self.key
        headers = {"Authorization": f"Bearer {key}"}
        if self.asks == "nonsense":
            body = {"text": f"blue {number} or so maybe friday-ish thing", "timezone": "UTC"}
            return {"method": "POST", "url": f"{self.url}/parse", "headers": headers, "json": body}
        path = {"busy": f"/freebusy?{_WINDOW}", "list": f"/events?{_WINDOW}",
                "wrong-key": "/events"}[self.asks]  # fmt: skip
        return {"method": "GET", "url": self.url + path, "headers": headers}


def crowd(stack: Stack, asks: str, clients: int = 1, per_s: float = 5.0) -> Iterator[Action]:
    """Let so many more clients ask for one thing, each so often a second, until they disperse."""
    found = Crowd(stack.url, stack.key, asks, per_s)

    def begin() -> None:
        for number in range(clients):
            threading.Thread(target=found.work, args=(number,), daemon=True).start()

    stack.crowds.append(found.stop)
    yield timed(f"{clients} clients ask for {asks}, each {per_s:g} times a second", begin)


def disperse(stack: Stack) -> Iterator[Action]:
    """Send every crowd home."""

    def go() -> None:
        while stack.crowds:
            stack.crowds.pop().set()

    yield timed("the crowd disperses", go)


def users_pause(stack: Stack, act: str) -> Iterator[Action]:
    """Let all users stay away, or come back."""
    change = stack.away.set if act == "leave" else stack.away.clear
    yield timed(f"users {act}", change)
