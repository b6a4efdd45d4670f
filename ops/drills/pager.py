"""The receiver of a drill's pages: a webhook that notes who got what, and when."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from ops.drills.containers import LOOPBACK

_POLL_S: Final = 0.05
_MOST_BYTES: Final = 2**22


@dataclass(frozen=True, slots=True)
class Page:
    """One alert as a receiver got it; `at_s` is this machine's monotonic clock."""

    at_s: float
    receiver: str
    alert: str
    status: str
    severity: str
    priority: str


@dataclass(slots=True)
class Pager:
    """What arrived so far, oldest first.

    `unmeasured` are alerts that fire on a stack on which nobody measures what they are about.
    """

    url: str = ""
    pages: list[Page] = field(default_factory=list)
    unmeasured: frozenset[str] = frozenset()

    def first(self, alert: str, status: str, since_s: float) -> Page | None:
        """Return the first page about an alert with a status ("firing", "resolved") since then."""
        return next(
            (p for p in self.pages if (p.alert, p.status) == (alert, status) and p.at_s >= since_s),
            None,
        )

    def names(self, since_s: float = 0.0) -> set[str]:
        """Return every alert that fired since then."""
        return {p.alert for p in self.pages if p.status == "firing" and p.at_s >= since_s}

    def firing(self) -> set[str]:
        """Return every alert that was not resolved since it fired last."""
        last = {page.alert: page.status for page in self.pages}
        return {alert for alert, status in last.items() if status == "firing"}

    def calm(self, still: frozenset[str] = frozenset()) -> bool:
        """Return whether all but the Watchdog are resolved, and the Watchdog has arrived.

        Alerts that are `still` firing from a drill before, and the `unmeasured`, may go on.
        """
        return self.firing() - still - self.unmeasured == {"Watchdog"}

    def take(self, body: bytes) -> None:
        """Note a notification as Alertmanager posts it; ValueError or KeyError when it is none."""
        answer, now_s = json.loads(body), time.monotonic()
        for alert in answer["alerts"]:
            labels = alert["labels"]
            name, status = labels["alertname"], alert["status"]
            words = (labels.get("severity", ""), labels.get("priority", ""))
            self.pages.append(Page(now_s, answer["receiver"], name, status, *words))


@contextlib.contextmanager
def listening_pager() -> Iterator[Pager]:
    """Listen on a free loopback port for as long as the block lasts."""
    pager = Pager()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
            try:
                pager.take(self.rfile.read(length))
                code = 200
            except (ValueError, KeyError, TypeError):
                code = 400
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing; what arrived is kept."""

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        pager.url = f"http://{LOOPBACK}:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,), daemon=True)
        thread.start()
        try:
            yield pager
        finally:
            server.shutdown()
            thread.join()
