"""An exporter of whatever a test wants Prometheus to see, and the list of its targets."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

_POLL_S: Final = 0.05
Value = float | Callable[[float], float]
"""A level, or a level by the time in seconds."""


@dataclass(slots=True)
class Exporter:
    """Gauges and counters by target; a counter goes on from where it is when its rate changes."""

    address: str = ""
    gauges: dict[tuple[str, str], Value] = field(default_factory=dict)
    counters: dict[tuple[str, str], tuple[float, float, float]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    targets: dict[str, list[str]] = field(default_factory=dict)

    def level(self, target: str, series: str, value: Value | None) -> None:
        """Set a gauge; None takes it away."""
        if value is None:
            self.gauges.pop((target, series), None)
        else:
            self.gauges[target, series] = value

    def rate(self, target: str, series: str, per_s: float) -> None:
        """Let a counter grow by so much a second from now on."""
        now = time.monotonic()
        self.counters[target, series] = (self._counted((target, series), now), now, per_s)

    def text(self, target: str) -> str:
        """Return what a scrape of the target gets."""
        now = time.monotonic()
        lines = [
            f"{series} {value(now) if callable(value) else value!r}"
            for (of, series), value in sorted(self.gauges.items())
            if of == target
        ]
        lines += [
            f"{key[1]} {self._counted(key, now)!r}"
            for key in sorted(self.counters)
            if key[0] == target
        ]
        return "\n".join([*lines, ""])

    def found(self, job: str) -> list[dict[str, Any]]:
        """Return the targets of a job as Prometheus's service discovery by HTTP reads them."""
        return [
            {
                "targets": [self.address],
                "labels": {"__metrics_path__": f"/at/{name}", "instance": name},
            }
            for name in self.targets.get(job, [])
            if name not in self.unknown
        ]

    def scrapes(self) -> list[dict[str, Any]]:
        """Return the scrape job of every job that has targets."""
        url = f"http://{self.address}/found"
        return [
            {"job_name": job,
             "http_sd_configs": [{"url": f"{url}/{job}", "refresh_interval": "1s"}]}
            for job in self.targets
        ]  # fmt: skip

    def _counted(self, key: tuple[str, str], now: float) -> float:
        count, since, per_s = self.counters.get(key, (0.0, now, 0.0))
        return count + (now - since) * per_s


@contextmanager
def listening_exporter(address: str) -> Iterator[Exporter]:
    """Listen on a free port of `address` and answer scrapes and the question for targets."""
    exporter = Exporter()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _, kind, name = self.path.split("/", 2)
            if kind == "found":
                self.answer(200, "application/json", json.dumps(exporter.found(name)))
            elif name in exporter.broken:
                self.answer(500, "text/plain", "")
            else:
                self.answer(200, "text/plain; version=0.0.4", exporter.text(name))

        def answer(self, status: int, kind: str, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((address, 0), Handler) as server:
        exporter.address = f"{address}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,))
        thread.start()
        try:
            yield exporter
        finally:
            server.shutdown()
            thread.join()
