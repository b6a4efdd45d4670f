"""One service with a route for each of many behaviours, counted as prometheus-client counts."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Final
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

SLOW_S: Final = 0.6
QUICK_S: Final = "0.3"
Answer = tuple[int, float]
"""A status, and the seconds that it takes."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a route answers its n-th request, and the objective that is judged by it."""

    name: str
    answer: Callable[[int], Answer]
    target: float = 0.95
    is_latency: bool = False
    how: str = "plain"  # plain, chunked, closing, big, lying

    @property
    def path(self) -> str:
        return f"/{self.name}"


def _always(status: int, seconds: float = 0.0) -> Callable[[int], Answer]:
    return lambda _n: (status, seconds)


def _every(step: int, bad: Answer) -> Callable[[int], Answer]:
    return lambda n: bad if n % step == step - 1 else (200, 0.0)


def _half(bad: Answer) -> Callable[[int], Answer]:
    """Of each hundred, fifty in a row."""
    return lambda n: bad if n % 100 < 50 else (200, 0.0)


BEHAVIOURS: Final = (
    Behaviour("fine", _always(200)),
    Behaviour("broken", _always(500)),
    Behaviour("half-broken", _every(2, (503, 0.0))),
    Behaviour("seldom-broken", _every(100, (500, 0.0))),
    Behaviour("throttled", _always(429)),
    Behaviour("moved", _always(302)),
    Behaviour("gone", _always(404)),
    Behaviour("unimplemented", _always(501)),
    Behaviour("odd-status", _always(599)),
    Behaviour("empty", _always(204)),
    Behaviour("lying", _always(200), how="lying"),
    Behaviour("chunked", _always(200), how="chunked"),
    Behaviour("closing", _always(200), how="closing"),
    Behaviour("big", _always(200), how="big"),
    Behaviour("burst-of-failures", _half((500, 0.0))),
    Behaviour("quick", _always(200), is_latency=True, target=0.5),
    Behaviour("slow", _always(200, SLOW_S), is_latency=True),
    Behaviour("often-slow", _every(3, (200, SLOW_S)), is_latency=True, target=0.9),
    Behaviour("seldom-slow", _every(60, (200, SLOW_S)), is_latency=True, target=0.5),
    Behaviour("slow-and-broken", _always(500, SLOW_S), is_latency=True),
    Behaviour("quickly-broken", _always(500), is_latency=True, target=0.5),
    Behaviour("stalling", _half((200, SLOW_S)), is_latency=True, target=0.9),
)


class Behaving(ThreadingHTTPServer):
    """Counts by path, method and status before it answers."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, address: str) -> None:
        super().__init__((address, 0), _Handler)
        self.registry = CollectorRegistry()
        self.numbers = {one.path: count() for one in BEHAVIOURS}
        self.by_path = {one.path: one for one in BEHAVIOURS}
        labels = ("handler", "method", "code")
        self.requests = Counter("http_requests_total", "All.", labels, registry=self.registry)
        self.seconds = Histogram(
            "http_request_duration_seconds", "Latency.", ("handler", "method"),
            buckets=(0.1, float(QUICK_S), 1.0), registry=self.registry,
        )  # fmt: skip
        for one in BEHAVIOURS:  # counted from zero: nothing is missed
            self.seconds.labels(one.path, "GET")
            for code in {one.answer(n)[0] for n in range(100)}:
                self.requests.labels(one.path, "GET", str(code))

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Behaving
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        began, path = time.perf_counter(), urlsplit(self.path).path
        behaviour = self.server.by_path.get(path)
        if behaviour is None:
            self._say(200, generate_latest(self.server.registry) if path == "/metrics" else b"")
            return
        status, seconds = behaviour.answer(next(self.server.numbers[path]))
        time.sleep(seconds)
        self.server.requests.labels(path, "GET", str(status)).inc()
        self.server.seconds.labels(path, "GET").observe(time.perf_counter() - began)
        self._answer(behaviour.how, status)

    def _answer(self, how: str, status: int) -> None:
        if how == "chunked":
            self.send_response(status)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"2\r\nok\r\n0\r\n\r\n")
            return
        bodies = {"big": b"x" * 200_000, "lying": b'{"error": "no"}'}
        body = b"" if status == 204 else bodies.get(how, b"{}")
        self._say(status, body, closing=how == "closing")

    def _say(self, status: int, body: bytes, *, closing: bool = False) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        if closing:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def behaving_service(address: str = "127.0.0.1") -> Iterator[Behaving]:
    """Yield the running service on a free port of `address`."""
    server = Behaving(address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
