"""What the next request of a run is: a calendar's users, or a profile's own requests.

Knows nothing of engines, sockets and clocks: it is asked for a call and given the answer.
"""

import json
import random
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from synthetic.load.requests import GIVEN, Call, Requests
from synthetic.load.sentences import TITLES, sentence
from synthetic.load.shape import Profile

ROUTES: Final[Mapping[str, tuple[str, str]]] = {
    "parse": ("POST", "/parse"),
    "quick": ("POST", "/events/quick"),
    "create": ("POST", "/events"),
    "list": ("GET", "/events"),
    "read": ("GET", "/events/{id}"),
    "update": ("PUT", "/events/{id}"),
    "delete": ("DELETE", "/events/{id}"),
}
FIRST_DAY: Final = datetime(2031, 1, 6, 9, 0, tzinfo=UTC)
"""Made events lie in a far week, so that nobody's real days are touched even before cleaning."""
_GONE: Final = (404, 409, 412)  # another request of the same run changed or deleted it meanwhile


class Workload:
    """Draws calls by the profile's weights and remembers which events it has made.

    `tag` is in the title of everything created, so that it can be found and removed; `owners`
    is how many API keys there are, drawn by Zipf's law with the profile's skew.
    """

    def __init__(
        self, profile: Profile, *, tag: str, owners: int = 1, worker: int = 0, workers: int = 1
    ) -> None:
        self._profile, self._tag, self._worker, self._workers = profile, tag, worker, workers
        seed = profile.seed + 7919 * worker
        self._random = random.Random(seed)  # noqa: S311 -- a reproducible mix, no secret
        names = [name for name, _ in profile.mix]
        self.routes: Sequence[str] = [" ".join(ROUTES[name]) for name in names] or [
            f"{item.method} {item.route or item.path}" for item in profile.requests
        ]
        self._number = {name: position for position, name in enumerate(names)}
        weights = [w for _, w in profile.mix] or [item.weight for item in profile.requests]
        self._cumulative = list(accumulate(weights))
        self._names = names
        self._own = Requests(profile, tag, worker, self._random) if profile.requests else None
        self._owners = range(max(owners, 1))
        self._zipf = list(accumulate((n + 1) ** -profile.owner_skew for n in self._owners))
        self._events: list[tuple[str, int]] = []
        self._said: list[str] = []
        self._serial = 0

    def next_call(self, luck: float | None = None) -> Call:
        """Return what the next user does; `luck` (0 to 1) decides who it is, None draws anew."""
        chosen = bisect_right(self._cumulative, self._random.random() * self._cumulative[-1])
        drawn = self._random.random() if luck is None else luck
        owner = bisect_right(self._zipf, drawn * self._zipf[-1])
        if self._own is not None:
            return self._own.call(chosen, owner)
        return _MAKERS[self._names[chosen]](self, owner)

    def left(self) -> list[tuple[int, dict[str, object]]]:
        """Return the owner and the variables of everything that the profile's `clean` is for."""
        return [] if self._own is None else self._own.left()

    def seeding_calls(self) -> list[Call]:
        """Return the creations that come before the run, so that reads find something."""
        if not any(name in {"read", "update", "delete", "list"} for name in self._names):
            return []
        share = range(self._worker, self._profile.seeded_events, self._workers)
        return [self.create(owner=n % len(self._owners)) for n in share]

    def wants_answer(self, call: Call) -> bool:
        """Return whether `made` has to see the body of the answer to `call`."""
        if self._own is not None:
            return self._own.saves(call)
        return call.method == "POST" and call.path.startswith("/events")

    def made(self, call: Call, body: bytes) -> None:
        """Remember what `body` (JSON) reports: the event that was created, or what is saved."""
        try:
            content = json.loads(body)
        except ValueError:
            return
        if self._own is not None:
            self._own.take(call, content)
            return
        if isinstance(content, dict):
            found = content.get("id") or (content.get("event") or {}).get("id")
            if isinstance(found, str):
                self._events.append((found, call.owner))

    def parse(self, *, owner: int) -> Call:
        """Return a sentence to parse; a share of them has been said before."""
        text = self._sentence()
        body = {"text": text, "now": "2031-01-06T09:00:00", "timezone": "Europe/Berlin"}
        return Call(self._number.get("parse", 0), "POST", "/parse", _json(body), owner=owner)

    def quick(self, *, owner: int) -> Call:
        """Return a sentence that becomes an event at once."""
        text = f"{self._tag} {self._random.choice(TITLES)} tomorrow at 10:30"
        body = {"text": text, "now": "2031-01-06T09:00:00", "timezone": "Europe/Berlin"}
        path = "/events/quick"
        return Call(self._number.get("quick", 0), "POST", path, _json(body), owner=owner)

    def create(self, *, owner: int) -> Call:
        """Return the creation of an event of an hour."""
        self._serial += 1
        headers = {"Idempotency-Key": f"{self._tag}-{self._worker}-{self._serial}"}
        route = self._number.get("create", 0)
        return Call(route, "POST", "/events", _json(self._event()), headers, owner=owner)

    def list_week(self, *, owner: int) -> Call:
        """Return a look at one week."""
        begin = FIRST_DAY + timedelta(days=7 * self._random.randrange(4))
        end = begin + timedelta(days=7)
        query = f"?from={begin:%Y-%m-%dT%H:%M:%SZ}&to={end:%Y-%m-%dT%H:%M:%SZ}&limit=50"
        return Call(self._number["list"], "GET", f"/events{query}", owner=owner)

    def read(self, *, owner: int) -> Call:
        """Return a look at one event, or a creation while there is none."""
        if not self._events:
            return self.create(owner=owner)
        event, owner = self._random.choice(self._events)
        route = self._number["read"]
        return Call(route, "GET", f"/events/{event}", also_fine=_GONE, owner=owner)

    def update(self, *, owner: int) -> Call:
        """Return a change of one event, or a creation while there is none."""
        if not self._events:
            return self.create(owner=owner)
        event, owner = self._random.choice(self._events)
        body = _json(self._event())
        route = self._number["update"]
        return Call(route, "PUT", f"/events/{event}", body, also_fine=_GONE, owner=owner)

    def delete(self, *, owner: int) -> Call:
        """Return the end of one event, or a creation while there is none."""
        if not self._events:
            return self.create(owner=owner)
        place = self._random.randrange(len(self._events))
        self._events[place], self._events[-1] = self._events[-1], self._events[place]
        event, owner = self._events.pop()
        route = self._number["delete"]
        return Call(route, "DELETE", f"/events/{event}", also_fine=_GONE, owner=owner)

    def _sentence(self) -> str:
        if self._said and self._random.random() < self._profile.repeat_share:
            return self._random.choice(self._said)
        text = sentence(self._random)
        if len(self._said) < 500:  # noqa: PLR2004 -- enough warm sentences for any cache
            self._said.append(text)
        return text

    def _event(self) -> dict[str, Any]:
        start = FIRST_DAY + timedelta(minutes=30 * self._random.randrange(48 * 28))
        return {
            "title": f"{self._tag} {self._random.choice(TITLES)}",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "timezone": "UTC",
        }


__all__ = ("GIVEN", "ROUTES", "Call", "Workload")
_MAKERS: Final[Mapping[str, Callable[..., Call]]] = {
    "parse": lambda w, o: w.parse(owner=o),
    "quick": lambda w, o: w.quick(owner=o),
    "create": lambda w, o: w.create(owner=o),
    "list": lambda w, o: w.list_week(owner=o),
    "read": lambda w, o: w.read(owner=o),
    "update": lambda w, o: w.update(owner=o),
    "delete": lambda w, o: w.delete(owner=o),
}


def _json(content: object) -> bytes:
    return json.dumps(content).encode()
