"""Traces of requests made up, as the service would write them: with what took how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.observe.conventions import Ended, spans_of
from service.observe.current import Piece, Trace
from service.observe.otlp_json import line_of
from service.observe.outbox import resource_of


@dataclass(frozen=True, slots=True)
class Made:
    """One request: seconds of a MongoDB find, and of all the rest."""

    ended_at: datetime
    find_s: float
    rest_s: float = 0.01
    route: str = "/events"
    method: str = "GET"
    status: int = 200
    why: str = "slow"
    version: str = "2.4.0"
    host: str = "a"


def line(number: int, made: Made) -> bytes:
    """Return the line of a request; its ids follow from its number."""
    trace = Trace.of(f"req-{number}", f"{number + 1:032x}{number + 1:016x}")
    seconds = made.find_s + made.rest_s
    call, find = trace.next_number(), trace.next_number()
    begin, end = made.rest_s / 2, made.rest_s / 2 + made.find_s
    details = ("events", "db.example", "27017")
    trace.note(Piece(find, call, "mongodb", "find", begin, end, "", details))
    trace.note(Piece(call, 0, "dependency", "mongodb", begin, end, "", ()))
    ended = Ended(trace, made.method, made.route, made.status, 0.0, seconds,
                  made.ended_at.timestamp(), made.why)  # fmt: skip
    resource = {**resource_of("api", made.version, "abc"), "service.instance.id": made.host}
    return line_of(resource, spans_of(ended))


def write(folder: Path, made: Sequence[Made], name: str = "traces.log") -> Path:
    """Write a log of these requests and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"".join(line(n, each) for n, each in enumerate(made)))
    return folder
