"""What stands in for a Prometheus while the demonstration stays open: its API over pages at hand.

It answers the part of PromQL that the reports' evaluator knows, from the last hour only, and has
no rules: asked for alerts it refuses, so that nobody takes their absence for good news.
"""

import contextlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from kit.pure.answers import Answer
from kit.pure.json_values import JsonMapping
from kit.pure.query import Query
from reports.edge.gathering import Target, page_of
from reports.gathered.evaluate import answer
from reports.gathered.samples import Labels, Page, Samples, table_of

EVERY_S: Final = 5
_KEPT: Final = 3600 // EVERY_S
_MOST_BYTES: Final = 2**20
Scrape = Callable[[], str | None]


@dataclass(slots=True)
class Monitoring:
    """The pages of the last hour; `scrapes` says how each target's page is had."""

    scrapes: Sequence[tuple[Target, Scrape]]
    _pages: deque[Page] = field(default_factory=deque)
    _known: dict[tuple[Target, str], Labels] = field(default_factory=dict)
    _table: Samples | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        """Ask every target once."""
        at_s = round(time.time())
        for target, scrape in self.scrapes:
            page = page_of(at_s, target, scrape(), self._known)
            with self._lock:
                self._pages.append(page)
                self._table = None
                while len(self._pages) > _KEPT * len(self.scrapes):
                    self._pages.popleft()

    def found(self, query: Query) -> Answer:
        """Return the answer to a query; nothing is worked out for before the first page."""
        with self._lock:
            if self._table is None:
                self._table = table_of(self._pages)
            table = self._table
        if not len(table.times):
            return Answer()
        skipped = max(0, int(table.times[0] - query.start_s) // query.step_s)
        start_s = query.start_s + skipped * query.step_s
        if start_s > query.end_s:
            return Answer()
        return answer(
            table, Query(query.name, query.expression, start_s, query.end_s, query.step_s)
        )


@contextlib.contextmanager
def monitoring(scrapes: Sequence[tuple[Target, Scrape]]) -> Iterator[str]:
    """Look at the targets every few seconds, and give the address of what answers about them."""
    looked, ended = Monitoring(scrapes), threading.Event()
    looked.look()

    def look_on() -> None:
        while not ended.wait(EVERY_S):
            looked.look()

    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(looked))
    threads = [
        threading.Thread(target=look_on, daemon=True),
        threading.Thread(target=server.serve_forever, daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join(2 * EVERY_S)


def _handler(looked: Monitoring) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()})

        def do_POST(self) -> None:
            size = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
            body = self.rfile.read(size).decode(errors="replace")
            self._answer({k: v[0] for k, v in parse_qs(body).items()})

        def _answer(self, asked: Mapping[str, str]) -> None:
            status, found = _answered(looked, urlsplit(self.path).path, asked)
            body = json.dumps(found).encode()
            with contextlib.suppress(OSError):  # whoever asked has gone
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _answered(looked: Monitoring, path: str, asked: Mapping[str, str]) -> tuple[int, JsonMapping]:
    if path not in {"/api/v1/query", "/api/v1/query_range"}:
        return 422, _refusal("the demonstration evaluates no alert rules")
    try:
        query = _query(path.endswith("range"), asked)
        found = looked.found(query)
    except (KeyError, ValueError, ArithmeticError) as err:
        return 400, _refusal(str(err))
    if found.problem is not None:
        return 422, _refusal(found.problem)
    rows = [
        {
            "metric": dict(each.labels),
            **_points(each.times.tolist(), each.values.tolist(), is_instant=query.is_instant),
        }
        for each in found.series
    ]
    kind = "vector" if query.is_instant else "matrix"
    return 200, {"status": "success", "data": {"resultType": kind, "result": rows}}


def _query(is_range: bool, asked: Mapping[str, str]) -> Query:  # noqa: FBT001 -- one of two paths
    if not is_range:
        at_s = int(float(asked["time"]))
        return Query("asked", asked["query"], at_s, at_s)
    start_s, end_s = (int(float(asked[name])) for name in ("start", "end"))
    return Query("asked", asked["query"], start_s, end_s, max(1, int(float(asked["step"]))))


def _points(
    times: Sequence[float], values: Sequence[float], *, is_instant: bool
) -> dict[str, object]:
    points = [[at_s, str(value)] for at_s, value in zip(times, values, strict=True)]
    return {"value": points[-1]} if is_instant else {"values": points}


def _refusal(reason: str) -> JsonMapping:
    return {"status": "error", "errorType": "bad_data", "error": reason}
