"""A shop that is no calendar: log-in by form, redirects, texts, lists, and answers that lie."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TOKEN = "t-71"


class Shop(ThreadingHTTPServer):
    """Remembers what it was asked: method, path, headers and body of each request."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.connections: set[int] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def bodies(self, path: str) -> list[bytes]:
        return [body for _, where, _, body in self.asked if where == path]


class _Handler(BaseHTTPRequestHandler):
    server: Shop
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        self.server.connections.add(self.client_address[1])
        path = self.path.partition("?")[0]
        if path == "/login":
            fine = parse_qs(body.decode()).get("password") == ["hunter2"]
            self.say(200 if fine else 403, {"token": TOKEN} if fine else {})
        elif path.startswith("/items/") and headers.get("authorization") != f"Bearer {TOKEN}":
            self.say(401, {})
        elif path == "/old":
            self.say(302, None, Location="/items/9")
        elif path == "/elsewhere":
            self.say(302, None, Location="http://127.0.0.1:9/")
        elif path == "/lies":
            self.say(200, {"error": "out of stock"})
        elif path == "/words":
            self.say(200, "order 4711 is sent", **{"Content-Type": "text/plain"})
        else:
            self.say(200, {"path": path, "id": path.rpartition("/")[2]})

    def say(self, status: int, content: Any, **headers: str) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        body = b"" if content is None else text.encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 -- the names http.server calls


@contextmanager
def shop() -> Iterator[Shop]:
    """Yield a shop that is open."""
    with Shop() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
