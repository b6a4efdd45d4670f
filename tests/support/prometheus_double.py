"""A Prometheus and an Alertmanager that answer what a test says, count questions, and can hang."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

_ROW: Final = re.compile(r'label_replace\((.*?), "console_row", "(\d+)", "", ""\)', re.DOTALL)
Rows = list[tuple[dict[str, str], float | None]]


def steady(expression: str) -> Rows:
    """Return a service with 100 requests a second of which one in 5,000 fails."""
    if "dependency_up" in expression:
        return [({}, 1.0)]
    if "probe_success" in expression:
        return [
            ({}, 1440.0 if "count_over" in expression else 0.0 if "1 - " in expression else 1.0)
        ]
    if "ALERTS" in expression or "service_mode" in expression:
        return []
    if "service_build_info" in expression:
        return [({"version": "1.4.2", "instance": "api-1"}, 1.0)]
    label = next((name for name in ("route", "instance") if f"by ({name})" in expression), None)
    parts = {"route": ["/parse", "/events"], "instance": ["api-1", "api-2"]}.get(label or "", [""])
    bad = (
        "status=~" in expression or "le=~" in expression or expression.startswith(("1 - ", "(1 -"))
    )
    share = 0.0002 if ("/ (" in expression or "parsing" in expression) else 0.02
    value = share if bad else 100.0
    return [({label: part} if label else {}, value) for part in parts]


@dataclass(slots=True)
class Double:
    """What is answered: `rows` by expression; `alerts` and `silences` as Alertmanager has them."""

    url: str
    rows: Callable[[str], Rows] = steady
    alerts: list[Any] = field(default_factory=list)
    silences: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    hangs: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def double(rows: Callable[[str], Rows] = steady) -> Iterator[Double]:
    """Give both servers at one address."""
    made: list[Double] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: value[0] for name, value in parse_qs(body).items()})

        def _answer(self, asked: dict[str, str]) -> None:
            (one,) = made
            path = urlsplit(self.path).path
            one.asked.append(asked.get("query", path))
            if one.hangs.is_set():
                one.released.wait(60)
            found = _found(one, path, asked)
            body = json.dumps(found).encode()
            try:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.append(Double(f"http://127.0.0.1:{server.server_port}", rows))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made[0]
    finally:
        made[0].released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _found(one: Double, path: str, asked: dict[str, str]) -> Any:
    if path == "/api/v2/alerts":
        return one.alerts
    if path == "/api/v2/silences":
        return one.silences
    if path == "/api/v1/alerts":
        return {"status": "success", "data": {"alerts": one.alerts}}
    start, end, step = (float(asked.get(name, 0)) for name in ("start", "end", "step"))
    times = [start + step * n for n in range(int((end - start) / step) + 1)] if step else []
    result: list[dict[str, Any]] = []
    for labels, value in _rows(one, asked["query"]):
        shown = str(float("nan") if value is None else value)
        if times:
            result.append({"metric": labels, "values": [[at, shown] for at in times]})
        else:
            result.append({"metric": labels, "value": [float(asked["time"]), shown]})
    kind = "matrix" if times else "vector"
    return {"status": "success", "data": {"resultType": kind, "result": result}}


def _rows(one: Double, query: str) -> Rows:
    joined = _ROW.findall(query)
    if not joined:
        return one.rows(query)
    return [
        ({**labels, "console_row": number}, value)
        for expression, number in joined
        for labels, value in one.rows(expression)
    ]
