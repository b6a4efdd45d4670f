"""Users of a drill: they write, read and ask on a schedule, through the fault and out of it again.

What the service has acknowledged is remembered, to see afterwards that nothing of it is lost.
"""

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

EVERY_S: Final = 0.4
"""Each kind of user asks five times in two seconds."""
PATIENCE_S: Final = 2.0
"""What takes longer is a failure, unless a drill says otherwise: it is the objective."""
_KEPT_S: Final = 10.0
_SAID_WITHIN_S: Final = 60.0
_ASKED_AGAIN_S: Final = 0.2
_LOOKED_AT: Final = 40
"""People look at the same events again and again: at the first so many of them."""
SENTENCE: Final = {
    "text": "lunch with Ada tomorrow at noon",
    "now": "2026-03-10T09:00:00",
    "timezone": "UTC",
}
MEANS: Final = "2026-03-11T12:00:00"
KINDS: Final = ("write", "read", "understand")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request: when it began on the monotonic clock, its kind, how it ended, how long it took.

    `problem` is empty for a good answer, else the status, the kind of error, `wrong`, or `missed`
    for one that was due while the user waited in vain for the one before.
    """

    at_s: float
    kind: str
    problem: str
    took_s: float


@dataclass(slots=True)
class Users:
    """What users met so far, and the events that were acknowledged: id to title and time."""

    url: str
    key: str
    patience_s: float = PATIENCE_S
    attempts: list[Attempt] = field(default_factory=list)
    acknowledged: dict[str, tuple[str, float]] = field(default_factory=dict)
    forgone: dict[str, tuple[str, float]] = field(default_factory=dict)

    def since(self, at_s: float) -> list[Attempt]:
        """Return the requests that began since then."""
        return [each for each in tuple(self.attempts) if each.at_s >= at_s]

    def content(self, since_s: float, *, in_a_row: int = 10) -> bool:
        """Return whether, since then, the newest requests of each kind all went well."""
        left = dict.fromkeys(KINDS, in_a_row)
        for each in reversed(self.attempts):  # what is asked for ten times a second stays short
            if each.at_s < since_s or not left[each.kind]:
                continue
            if each.problem:
                return False
            left[each.kind] -= 1
            if not any(left.values()):
                return True
        return False

    def forgo(self, since_s: float) -> None:
        """No longer read what was acknowledged since then, as no backup can bring it back."""
        late = {e: known for e, known in tuple(self.acknowledged.items()) if known[1] >= since_s}
        for event in late:
            del self.acknowledged[event]
        self.forgone |= late

    def forgone_and_gone(self) -> int:
        """Return how many of the events that were forgone are indeed not there."""
        with self.client() as client:
            return sum(_title(client, e) != title for e, (title, _) in self.forgone.items())

    def problems(self) -> str:
        """Return what the newest request of each kind that failed ran into."""
        newest = {each.kind: each.problem for each in tuple(self.attempts) if each.problem}
        return ", ".join(f"{kind}: {problem}" for kind, problem in newest.items()) or "none"

    def lost(self) -> list[str]:
        """Return the ids of acknowledged events that are no longer there as they were.

        Raises TimeoutError where one cannot be asked for.
        """
        with self.client() as client:
            return [
                event
                for event, (title, _) in tuple(self.acknowledged.items())
                if _title(client, event) != title
            ]

    def client(self) -> httpx2.Client:
        """Return a client that speaks for these users."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx2.Client(
            base_url=self.url,
            headers=headers,
            timeout=self.patience_s,
            verify=False,
            trust_env=False,
        )

    def ask(self, client: httpx2.Client, kind: str, number: int) -> str:
        """Send one request and return its problem, empty when there is none."""
        asks = {"write": self._write, "read": self._read, "understand": self._understand}
        try:
            return asks[kind](client, number)
        except httpx2.TimeoutException:
            return "timeout"
        except httpx2.HTTPError:
            return "connection"
        except (ValueError, KeyError, TypeError):
            return "wrong"

    def _write(self, client: httpx2.Client, number: int) -> str:
        day, minute = divmod(number, 24 * 60)
        start = f"2026-{1 + day % 12:02}-01T{minute // 60:02}:{minute % 60:02}:00Z"
        title = f"drill {number}"
        body = {"title": title, "start": start, "end": start.replace(":00Z", ":59Z")}
        headers = {"Idempotency-Key": f"drill-{number}"}
        answer = client.post("/events", json=body, headers=headers)
        if answer.status_code != httpx2.codes.CREATED:
            return str(answer.status_code)
        self.acknowledged[str(answer.json()["id"])] = title, time.monotonic()
        return ""

    def _read(self, client: httpx2.Client, _number: int) -> str:
        known = tuple(self.acknowledged.items())[:_LOOKED_AT]
        if not known:
            return ""
        identity, (title, _) = random.choice(known)  # noqa: S311 -- which one does not matter
        answer = client.get(f"/events/{identity}")
        if answer.status_code != httpx2.codes.OK:
            return str(answer.status_code)
        return "" if answer.json()["title"] == title else "wrong"

    def _understand(self, client: httpx2.Client, _number: int) -> str:
        answer = client.post("/parse", json=SENTENCE)
        if answer.status_code != httpx2.codes.OK:
            return str(answer.status_code)
        said: Any = answer.json()["event"]["start"]
        return "" if str(said).startswith(MEANS) else "wrong"


@contextlib.contextmanager
def working_users(
    url: str, key: str, away: threading.Event | None = None, *, patience_s: float = PATIENCE_S
) -> Iterator[Users]:
    """Let one user of each kind work for as long as the block lasts, but while they are `away`."""
    users, stop = Users(url, key, patience_s), threading.Event()
    threads = [
        threading.Thread(
            target=_work, args=(users, kind, stop, away or threading.Event()), daemon=True
        )
        for kind in KINDS
    ]
    for thread in threads:
        thread.start()
    try:
        yield users
    finally:
        stop.set()
        for thread in threads:
            thread.join(_KEPT_S)


def _work(users: Users, kind: str, stop: threading.Event, away: threading.Event) -> None:
    due_s, number = time.monotonic(), 0
    with users.client() as client:
        while not stop.wait(max(0.0, due_s - time.monotonic())):
            if away.is_set():
                due_s = time.monotonic() + EVERY_S
                continue
            number += 1
            began_s = time.monotonic()
            problem = users.ask(client, kind, number)
            ended_s = time.monotonic()
            users.attempts.append(Attempt(began_s, kind, problem, ended_s - began_s))
            due_s += EVERY_S
            while due_s + EVERY_S < ended_s:  # who still waits cannot ask again
                if problem:
                    users.attempts.append(Attempt(due_s, kind, "missed", 0.0))
                due_s += EVERY_S


def _title(client: httpx2.Client, identity: str) -> str | None:
    """Return the title of an event, None where there is no such event.

    Raises TimeoutError where nobody says: what is not answered is not lost.
    """
    deadline_s = time.monotonic() + _SAID_WITHIN_S
    while time.monotonic() < deadline_s:
        with contextlib.suppress(httpx2.HTTPError, ValueError, KeyError):
            answer = client.get(f"/events/{identity}")
            if answer.status_code == httpx2.codes.OK:
                return str(answer.json()["title"])
            if answer.status_code == httpx2.codes.NOT_FOUND:
                return None
        time.sleep(_ASKED_AGAIN_S)
    raise TimeoutError(f"event {identity} is asked for in vain")
