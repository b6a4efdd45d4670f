"""Another team's service: orders, counted with prometheus-client under names of their own."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, cycle
from typing import Final
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

PROJECT: Final = """
schema = "sre.project/v1"
[service]
name = "orders"
job = "orders"
ready = "/live"
uncounted = ["/live", "/metrics"]
[metrics.requests]
counter = "http_requests_total"
route = "handler"
method = "method"
status = "code"
[metrics.latency]
histogram = "http_request_duration_seconds"
route = "handler"
method = "method"
[metrics.accuracy]
gauge = "orders_accuracy_ratio"
"""
_ANSWERS: Final = {
    ("GET", "/orders"): (200,),
    ("POST", "/orders"): (201, 201, 302, 429, 201),
    ("GET", "/reports"): (200, 200, 200, 200, 503),
}
SLOW_S: Final = 0.5


class Orders(ThreadingHTTPServer):
    """Answers each route with its statuses in turn; /reports takes half a second."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: str) -> None:
        super().__init__((address, 0), _Handler)
        self.registry, self.lock = CollectorRegistry(), threading.Lock()
        self.statuses = {key: cycle(values) for key, values in _ANSWERS.items()}
        self.made, self.numbers = dict[str, dict[str, object]](), count(1)
        self.requests = Counter(
            "http_requests_total",
            "Requests.",
            ("handler", "method", "code"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "http_request_duration_seconds",
            "Latency.",
            ("handler", "method"),
            buckets=(0.1, 0.3, 1.0),
            registry=self.registry,
        )
        Gauge("orders_accuracy_ratio", "Accuracy.", registry=self.registry).set(0.4)
        for (method, path), codes in _ANSWERS.items():  # counted from zero: nothing is missed
            self.seconds.labels(path, method)
            for code in codes:
                self.requests.labels(path, method, str(code))

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"http://{self.server_address[0]!s}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Orders
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"{}") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self) -> None:
        began = time.perf_counter()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        if path == "/live":
            self.answer(200)
        elif path == "/metrics":
            self.answer(200, generate_latest(self.server.registry))
        elif (self.command, path) in self.server.statuses:
            with self.server.lock:
                status = next(self.server.statuses[self.command, path])
            time.sleep(SLOW_S if path == "/reports" else 0.0)
            self.server.requests.labels(path, self.command, str(status)).inc()
            self.server.seconds.labels(path, self.command).observe(time.perf_counter() - began)
            self.answer(status)
        else:
            self.answer(404)

    do_GET = do_POST = handle_any  # noqa: N815 -- the names http.server calls


@contextmanager
def orders_service(address: str = "127.0.0.1") -> Iterator[Orders]:
    """Yield the running service on a free port of `address`."""
    server = Orders(address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
