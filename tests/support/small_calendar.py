"""A calendar of thirty lines behind a real HTTP server, for the parts that only speak HTTP."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit


class SmallCalendar(ThreadingHTTPServer):
    """Keeps events in memory; `delay_s`, `status` and `frozen` make it misbehave."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: dict[str, dict[str, Any]] = {}
        self.numbers = count(1)
        self.created_titles: list[str] = []
        self.paths: list[str] = []
        self.openings: list[str | None] = []  # the header Authorization of each request
        self.delay_s = 0.0
        self.status = 0  # answer everything but health with this
        self.forgets = self.careless = False
        self.health: dict[str, Any] | None = None
        self.slots: list[dict[str, str]] = []
        self.frozen = threading.Event()
        self.answer: dict[str, Any] = {"start": "2026-11-22T10:30:00+00:00", "end": None}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: SmallCalendar
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def answer(self, status: int, content: object = None, etag: str = "") -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.paths.append(self.path)
        self.server.openings.append(self.headers.get("Authorization"))
        if self.path in {"/", "/healthz"}:
            self.answer(200, {})
            return
        if self.path == "/health" and self.server.health is not None:
            self.answer(200, self.server.health)
            return
        while self.server.frozen.is_set():
            time.sleep(0.005)
        time.sleep(self.server.delay_s)
        if self.server.status:
            self.answer(self.server.status, {"code": "told so"})
            return
        try:
            content = json.loads(body) if body else None
        except ValueError:
            self.answer(400, {"code": "no_json"})
            return
        self.route(content)

    def route(self, body: Any) -> None:
        where = urlsplit(self.path)
        events, identifier = self.server.events, where.path.rpartition("/")[2]
        if where.path == "/parse":
            event = {"title": "check", "timezone": "UTC", **self.server.answer}
            self.answer(200, {"event": event, "confidence": 0.9, "source": "rules"})
        elif where.path == "/events" and self.command == "POST":
            identifier = f"e{next(self.server.numbers)}"
            self.server.created_titles.append(body["title"])
            if not self.server.forgets:
                events[identifier] = {**body, "id": identifier}
            self.answer(201, {**body, "id": identifier})
        elif where.path == "/events":
            wanted = parse_qs(where.query).get("q", [""])[0]
            found = [event for event in list(events.values()) if wanted in event["title"]]
            self.answer(200, {"events": found[:100], "next_cursor": None})
        elif where.path == "/slots":
            self.answer(200, {"slots": self.server.slots})
        elif identifier not in events:
            self.answer(404, {"code": "not_found"})
        elif self.command == "DELETE":
            events.pop(identifier, None)
            self.answer(204)
        elif self.command == "PATCH":
            self.change(events[identifier], body)
        else:
            event = events.get(identifier, {})
            self.answer(200, event, f'"{event.get("version", 1)}"')

    def change(self, event: dict[str, Any], body: Any) -> None:
        version = event.get("version", 1)
        if self.headers.get("If-Match") != f'"{version}"' and not self.server.careless:
            self.answer(412, {"code": "changed"})
            return
        event.update(body, version=version + 1)
        self.answer(200, event, f'"{version + 1}"')

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 -- the names http.server calls


@contextmanager
def small_calendar() -> Iterator[SmallCalendar]:
    """Yield a running calendar on a free loopback port."""
    server = SmallCalendar()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.frozen.clear()
        server.shutdown()
        server.server_close()
        thread.join()
