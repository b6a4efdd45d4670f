"""One request of a client over HTTP, noted from its invocation to its completion."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2

from ops.histories.operation import NOT_FOUND, Kind, Operation, Outcome, Phase, Seen
from ops.histories.plan import MONTH_MINUTES

MONTH: Final = datetime(2031, 3, 1, tzinfo=UTC)
_WINDOW: Final = {"from": "2031-03-01T00:00:00Z", "to": "2031-03-30T00:00:00Z"}
_LISTED: Final = 1000
_FAULT: Final = 500
_PATIENCE_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be asked; see `Operation` for the fields."""

    client: str
    owner: str
    instance: int
    kind: Kind
    event: str = ""
    word: str = ""
    words: tuple[str, ...] = ()
    key: str = ""
    expected: int | None = None
    begins: int = 0
    ends: int = 0
    phase: Phase = Phase.FAULTY


@dataclass(slots=True)
class Asking:
    """Sends requests and notes them. `urls` are the instances, `keys` the API key of each owner."""

    client: httpx2.AsyncClient
    urls: tuple[str, ...]
    keys: Mapping[str, str]
    began_s: float = field(default_factory=time.monotonic)
    noted: list[Operation] = field(default_factory=list)
    _next: int = 0

    def now_s(self) -> float:
        """Return the seconds since the history began."""
        return time.monotonic() - self.began_s

    async def __call__(self, ask: Ask) -> Operation:
        """Send one request, note it, and return what became of it."""
        number, self._next = self._next, self._next + 1
        begin_s = self.now_s()
        operation = Operation(
            number, ask.client, ask.owner, ask.instance, ask.kind, begin_s, begin_s,
            Outcome.UNKNOWN, event=ask.event, word=ask.word, words=ask.words, key=ask.key,
            expected=ask.expected, phase=ask.phase,
        )  # fmt: skip
        try:
            answer = await self.client.request(
                *_line(self.urls[ask.instance], ask), timeout=_PATIENCE_S,
                headers={"Authorization": f"Bearer {self.keys[ask.owner]}", **_headers(ask)},
                **_body(ask),
            )  # fmt: skip
        except httpx2.HTTPError:
            operation = replace(operation, end_s=self.now_s())
        else:
            operation = _answered(replace(operation, end_s=self.now_s()), answer)
        self.noted.append(operation)
        return operation


def moment_of(minute: int) -> str:
    """Return a minute of the plan's month as the service takes it."""
    return f"{MONTH + timedelta(minutes=minute):%Y-%m-%dT%H:%M:00Z}"


def minute_of(moment: str) -> int:
    """Return the minute of the plan's month of a moment that the service answered."""
    return round((datetime.fromisoformat(moment) - MONTH) / timedelta(minutes=1))


def _line(url: str, ask: Ask) -> tuple[str, str]:
    one = f"{url}/events/{ask.event}"
    return {
        Kind.CREATE: ("POST", f"{url}/events"),
        Kind.CHANGE: ("PATCH", one),
        Kind.DELETE: ("DELETE", one),
        Kind.READ: ("GET", one),
        Kind.LIST: ("GET", f"{url}/events"),
        Kind.BUSY: ("GET", f"{url}/freebusy"),
        Kind.IMPORT: ("POST", f"{url}/calendar.ics"),
        Kind.PEEK_READ: ("GET", one),
        Kind.PEEK_CHANGE: ("PATCH", one),
        Kind.PEEK_DELETE: ("DELETE", one),
    }[ask.kind]


def _headers(ask: Ask) -> dict[str, str]:
    headers = {}
    if ask.key:
        headers["Idempotency-Key"] = ask.key
    if ask.expected is not None:
        headers["If-Match"] = f'"{ask.expected}"'
    if ask.kind is Kind.IMPORT:
        headers["Content-Type"] = "text/calendar"
    return headers


def _body(ask: Ask) -> dict[str, Any]:
    if ask.kind is Kind.CREATE:
        times = {"start": moment_of(ask.begins), "end": moment_of(ask.ends)}
        return {"json": {"title": ask.word, **times}}
    if ask.kind in {Kind.CHANGE, Kind.PEEK_CHANGE}:
        return {"json": {"title": ask.word}}
    if ask.kind is Kind.LIST:
        return {"params": {**_WINDOW, "limit": _LISTED}}
    if ask.kind is Kind.BUSY:
        return {"params": _WINDOW}
    if ask.kind is Kind.IMPORT:
        return {"content": file_of(ask.words)}
    return {}


def file_of(words: tuple[str, ...]) -> bytes:
    """Return an iCalendar file with an event for each word, its UID and its time made of it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar-sre//histories//EN"]
    for word in words:
        begins = MONTH + timedelta(minutes=sum(word.encode()) * 7 % (MONTH_MINUTES - 60))
        lines += ["BEGIN:VEVENT", f"UID:{word.replace(' ', '-')}@histories",
                  "DTSTAMP:20310101T000000Z", f"DTSTART:{begins:%Y%m%dT%H%M00Z}",
                  f"DTEND:{begins + timedelta(minutes=30):%Y%m%dT%H%M00Z}", f"SUMMARY:{word}",
                  "END:VEVENT"]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _answered(operation: Operation, answer: httpx2.Response) -> Operation:
    """Return the operation with what it was told; raises ValueError for an answer without sense."""
    status, kind = answer.status_code, operation.kind
    asked = replace(operation, status=status)
    if not answer.is_success:
        return replace(asked, outcome=_failed(kind, status))
    done = replace(asked, outcome=Outcome.DONE)
    if kind is Kind.LIST:
        return replace(done, seen=tuple(_seen(each) for each in answer.json()["events"]))
    if kind is Kind.BUSY:
        busy = ((minute_of(b["start"]), minute_of(b["end"])) for b in answer.json()["busy"])
        return replace(done, intervals=tuple(busy))
    if kind in {Kind.READ, Kind.PEEK_READ}:
        return replace(done, seen=(_seen(answer.json()),))
    if kind in {Kind.CREATE, Kind.CHANGE, Kind.PEEK_CHANGE}:
        told = answer.json()
        return replace(done, event=told["id"], version=told["version"])
    return done


def _failed(kind: Kind, status: int) -> Outcome:
    """Say what a refusal proves: of a look nothing but that there is no such event."""
    if kind in {Kind.READ, Kind.LIST, Kind.BUSY}:
        return Outcome.REFUSED if status == NOT_FOUND else Outcome.UNKNOWN
    return Outcome.REFUSED if status < _FAULT else Outcome.UNKNOWN


def _seen(told: Mapping[str, Any]) -> Seen:
    times = minute_of(told["start"]), minute_of(told["end"])
    return Seen(told["id"], told["version"], told["title"], *times)
