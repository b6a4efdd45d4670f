"""A small HTTP server that speaks OpenAI's chat completions, and misbehaves on demand."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD: dict[str, Any] = {
    "title": "Budget talk",
    "start": "2026-03-05T15:00:00",
    "end": "2026-03-05T16:00:00",
    "all_day": False,
    "recurrence": None,
    "location": "Room 4",
    "attendees": ["Ann"],
    "confidence": 0.999,
}


class ModelServer(ThreadingHTTPServer):
    """Answers as `behaviour` says, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour = "good"
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """Return the base URL of the protocol."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append(json.loads(body) | {"path": self.path})
        behaviour = self.server.behaviour
        if behaviour == "hangs":
            time.sleep(30)
        if behaviour == "closes":
            self.close_connection = True
            return
        if behaviour == "redirects":
            self._send(302, b"", {"location": "http://127.0.0.1:9/"})
        elif behaviour == "fails":
            self._send(500, b'{"error": "no"}')
        elif behaviour == "floods":
            self._send(200, b" " * 10_000_000)
        else:
            self._send(200, CONTENTS[behaviour])

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return  # the client had enough

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _completion(content: str) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps({"id": "1", "choices": [{"index": 0, "message": message}]}).encode()


def _event(**changes: object) -> bytes:
    return _completion(json.dumps({**GOOD, **changes}))


CONTENTS = {
    "good": _event(),
    "is_less_sure": _event(confidence=0.0),
    "speaks_prose": _completion("Sure! Here is the event you asked for."),
    "answers_no_json": b"<html>",
    "has_no_choices": b'{"choices": []}',
    "adds_a_field": _event(command="rm -rf /"),
    "leaves_out_a_field": _completion(json.dumps({k: v for k, v in GOOD.items() if k != "end"})),
    "is_too_sure": _event(confidence=7),
    "is_not_a_number": _completion(json.dumps(GOOD).replace("0.999", "NaN")),
    "invents_a_date": _event(start="2026-02-30T15:00:00"),
    "ends_before_it_begins": _event(end="2026-03-05T14:00:00"),
    "repeats_each_second": _event(recurrence="FREQ=SECONDLY"),
}


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run the server for as long as the block lasts."""
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
