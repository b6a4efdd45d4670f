"""One service with a route for each of many behaviours, counted as prometheus-client counts."""

import socket
import struct
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
_CHUNKED: Final = b"Transfer-Encoding: chunked\r\n\r\n"
Answer = tuple[int, float]
"""A status, and the seconds that it takes."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a route answers its n-th request, and the objective that is judged by it.

    `how` is a method of the handler that speaks to the socket itself, empty for an ordinary answer.
    """

    name: str
    answer: Callable[[int], Answer]
    target: float = 0.95
    is_latency: bool = False
    how: str = ""
    method: str = "GET"

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
    Behaviour("lying", _always(200), how="lie"),
    Behaviour("chunked", _always(200), how="chunks"),
    Behaviour("closing", _always(200), how="close"),
    Behaviour("big", _always(200), how="much"),
    Behaviour("burst-of-failures", _half((500, 0.0))),
    Behaviour("quick", _always(200), is_latency=True, target=0.5),
    Behaviour("slow", _always(200, SLOW_S), is_latency=True),
    Behaviour("often-slow", _every(3, (200, SLOW_S)), is_latency=True, target=0.9),
    Behaviour("seldom-slow", _every(60, (200, SLOW_S)), is_latency=True, target=0.5),
    Behaviour("slow-and-broken", _always(500, SLOW_S), is_latency=True),
    Behaviour("quickly-broken", _always(500), is_latency=True, target=0.5),
    Behaviour("stalling", _half((200, SLOW_S)), is_latency=True, target=0.9),
    Behaviour("slow-at-first", lambda n: (200, SLOW_S if n < 60 else 0.0), is_latency=True),
    Behaviour("slow-head", _always(200), is_latency=True, how="drip_head"),
    Behaviour("slow-body", _always(200), is_latency=True, how="drip"),
    Behaviour("throttled-in-bursts", _half((429, 0.0))),
    Behaviour("refusing-in-bursts", _half((503, 0.0)), target=0.4),
    Behaviour("reset", _always(500), how="reset"),
    Behaviour("seldom-reset", _every(50, (500, 0.0)), how="reset_if_bad"),
    Behaviour("tired", _always(200), how="tire"),
    Behaviour("cut-short", _always(500), how="cut"),
    Behaviour("too-long", _always(200), how="exceed"),
    Behaviour("old", _always(200), how="old"),
    Behaviour("old-and-kept", _always(200), how="old_kept"),
    Behaviour("until-the-end", _always(200), how="until_the_end"),
    Behaviour("hinting", _always(200), how="hint"),
    Behaviour("huge", _always(200), how="huge"),
    Behaviour("many-headers", _always(200), how="many_headers"),
    Behaviour("without-a-reason", _always(200), how="without_reason"),
    Behaviour("with-trailers", _always(200), how="trail"),
    Behaviour("unchanged", _always(304), how="unchanged"),
    Behaviour("no-body", _always(200), how="no_body", method="HEAD"),
    Behaviour("refuses-early", _always(413), how="refuse_early", method="POST"),
    Behaviour("twice", _always(200), how="say_twice"),
    Behaviour("one-slow", _every(10, (200, SLOW_S)), is_latency=True, target=0.8),
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
            self.seconds.labels(one.path, one.method)
            for code in {one.answer(n)[0] for n in range(100)}:
                self.requests.labels(one.path, one.method, str(code))

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

    def handle_any(self) -> None:
        began, path = time.perf_counter(), urlsplit(self.path).path
        behaviour = self.server.by_path.get(path)
        if behaviour is None:
            self.say(200, generate_latest(self.server.registry) if path == "/metrics" else b"")
            return
        status, seconds = behaviour.answer(next(self.server.numbers[path]))
        time.sleep(seconds)
        speak = getattr(self, behaviour.how, None) if behaviour.how else None
        if behaviour.how.startswith("drip") and speak is not None:  # its time is in the answer
            speak(status)
        self.server.requests.labels(path, self.command, str(status)).inc()
        self.server.seconds.labels(path, self.command).observe(time.perf_counter() - began)
        if speak is None:
            self.say(status, b"" if status == 204 else b"{}")
        elif not behaviour.how.startswith("drip"):
            speak(status)

    do_GET = do_HEAD = do_POST = handle_any  # noqa: N815 -- the names http.server calls

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def raw(self, *parts: bytes, pause_s: float = 0.0, last: bool = False) -> None:
        for part in parts:
            self.wfile.write(part)
            time.sleep(pause_s)
        self.close_connection = self.close_connection or last

    def lie(self, status: int) -> None:
        self.say(status, b'{"error": "no"}')

    def much(self, status: int) -> None:
        self.say(status, b"x" * 200_000)

    def huge(self, status: int) -> None:
        self.say(status, b"x" * 5_000_000)

    def close(self, status: int) -> None:
        self.say(status, b"{}", Connection="close")
        self.close_connection = True

    def tire(self, status: int) -> None:
        """Close the connection after the answer without a word of it."""
        self.say(status, b"{}")
        self.close_connection = True

    def say_twice(self, status: int) -> None:
        self.say(status, b"{}")
        self.say(status, b"{}")

    def many_headers(self, status: int) -> None:
        self.say(status, b"{}", **{f"X-Number-{n}": "x" * 100 for n in range(200)})

    def unchanged(self, status: int) -> None:
        """Name the length of a body that does not come (RFC 9110 section 15.4.5)."""
        self.raw(b"HTTP/1.1 %d Not Modified\r\nContent-Length: 900\r\n\r\n" % status)

    def no_body(self, status: int) -> None:
        self.raw(b"HTTP/1.1 %d OK\r\nContent-Length: 900\r\n\r\n" % status)

    def chunks(self, status: int) -> None:
        self.raw(b"HTTP/1.1 %d OK\r\n%s2\r\nok\r\n0\r\n\r\n" % (status, _CHUNKED))

    def trail(self, status: int) -> None:
        self.raw(b"HTTP/1.1 %d OK\r\n%s2;a=b\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n" % (status, _CHUNKED))

    def drip(self, status: int) -> None:
        self.raw(b"HTTP/1.1 %d OK\r\n%s" % (status, _CHUNKED))
        self.raw(*(b"1\r\nx\r\n" for _ in range(6)), pause_s=SLOW_S / 6)
        self.raw(b"0\r\n\r\n")

    def drip_head(self, status: int) -> None:
        text = b"HTTP/1.1 %d OK\r\nContent-Length: 0\r\n\r\n" % status
        self.raw(*(text[n : n + 1] for n in range(len(text))), pause_s=SLOW_S / len(text))

    def without_reason(self, status: int) -> None:
        self.raw(b"HTTP/1.1 %d\r\ncontent-length: 2\r\n\r\nok" % status)

    def hint(self, status: int) -> None:
        self.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", pause_s=0.01)
        self.say(status, b"{}")

    def old(self, status: int) -> None:
        self.raw(b"HTTP/1.0 %d OK\r\nContent-Type: text/plain\r\n\r\nok" % status, last=True)

    def old_kept(self, status: int) -> None:
        kept = b"Connection: keep-alive\r\nContent-Length: 2\r\n\r\nok"
        self.raw(b"HTTP/1.0 %d OK\r\n%s" % (status, kept))

    def until_the_end(self, status: int) -> None:
        self.raw(b"HTTP/1.1 %d OK\r\nConnection: close\r\n\r\nok" % status, last=True)

    def exceed(self, status: int) -> None:
        """Send more than was announced; who counts the bytes has a whole answer."""
        self.raw(b"HTTP/1.1 %d OK\r\nContent-Length: 2\r\n\r\nokokok" % status, last=True)

    def cut(self, status: int) -> None:
        """Break off in the middle of what the service itself counts as a failure."""
        self.raw(b"HTTP/1.1 %d Oh\r\nContent-Length: 200\r\n\r\nok" % status, last=True)

    def reset(self, _status: int) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def reset_if_bad(self, status: int) -> None:
        if status >= 500:
            self.reset(status)
        else:
            self.say(status, b"{}")

    def refuse_early(self, status: int) -> None:
        """Answer before the body has come, and take no more of it."""
        self.say(status, b"{}", Connection="close")
        self.wfile.flush()
        time.sleep(0.05)
        self.reset(status)


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
