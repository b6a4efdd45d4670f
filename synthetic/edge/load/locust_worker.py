"""The process that runs somebody's locustfile as it is, and reports each request exactly.

Started by `synthetic.edge.load.locustfiles`: the code in the file is the user's own. Writes frames
(`synthetic.load.wire`) to standard output, as the generator of our own profiles does.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import gevent
import locust
from locust import stats
from locust.argument_parser import parse_options
from locust.env import Environment
from locust.util.load_locustfile import load_locustfile

from kit.edge.ending import die_with_parent
from synthetic.edge.load.record_buffer import RecordBuffer
from synthetic.load import wire
from synthetic.load.samples import Outcome

FLUSH_S: Final = 0.1
LOOK_S: Final = 0.1
Emit = Callable[[bytes], None]


class Recorder:
    """Hears of every request that Locust ends, and keeps it as a sample."""

    def __init__(self, emit: Emit) -> None:
        self._emit, self._buffer = emit, RecordBuffer(0)
        self.routes: dict[str, int] = {}
        self.count, self.began = 0, time.time()

    def hear(
        self,
        request_type: str,
        name: str,
        response_time: float,
        exception: BaseException | None = None,
        response: Any = None,
        start_time: float | None = None,
        **_more: Any,
    ) -> None:
        """Keep one request; Locust's own statistics round what is exact here."""
        route = self.routes.setdefault(f"{request_type} {name}", len(self.routes))
        latency_s = float(response_time or 0.0) / 1000
        sent_s = (time.time() - latency_s if start_time is None else start_time) - self.began
        status = int(getattr(response, "status_code", 0) or 0)
        outcome = _outcome(status, exception)
        due_s = max(sent_s, 0.0)
        self._buffer.add(due_s, due_s, latency_s, status, route, outcome, int(exception is None))
        self.count += 1

    def flush(self) -> None:
        """Hand over what was kept."""
        if data := self._buffer.take():
            self._emit(wire.frame(wire.SAMPLES, data))

    def flush_for_ever(self) -> None:
        """Hand over again and again."""
        while True:
            gevent.sleep(FLUSH_S)
            self.flush()


def _outcome(status: int, exception: BaseException | None) -> Outcome:
    """Return how a request ended, by what Locust says of it."""
    if status or exception is None:
        return Outcome.ANSWERED
    kind = f"{type(exception).__name__} {exception}".lower()
    if "timeout" in kind or "timed out" in kind:
        return Outcome.TIMEOUT
    return Outcome.REFUSED if "refused" in kind or "getaddrinfo" in kind else Outcome.BROKEN


def main() -> int:
    """Run the file that the order on standard input names; 0 also when it was cut short."""
    die_with_parent()
    order: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the file prints must break no frame

    def emit(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(out, view) :]

    os.chdir(order["folder"])
    try:
        environment: Any = _environment(order)
    except (Exception, SystemExit) as err:  # noqa: BLE001 -- whatever somebody's code raises
        emit(wire.message({"type": "refused", "why": _why(order["file"], err)}))
        return 0
    recorder = Recorder(emit)
    environment.events.request.add_listener(recorder.hear)
    _follow(environment, recorder, order, emit)
    return 0


def _environment(order: dict[str, Any]) -> Any:
    """Return Locust's environment of a file, as Locust's own command makes it."""
    sys.dont_write_bytecode = True  # nothing is left beside somebody's file
    if order["ca_file"]:
        os.environ["REQUESTS_CA_BUNDLE"] = order["ca_file"]
    users, shapes = load_locustfile(order["file"])
    if not users:
        raise ValueError("it has no user class")
    for user in users.values() if order["authorization"] else ():
        _authorize(user, order["authorization"])
    words = ["-f", order["file"], "--headless", "--host", order["host"]]
    words += ["-u", str(order["users"]), "-r", str(order["spawn_rate"])]
    options = parse_options(args=words)
    environment: Any = Environment(
        user_classes=list(users.values()),
        shape_class=shapes[0] if shapes else None,
        events=locust.events,
        host=order["host"],
        parsed_options=options,
        available_user_classes=users,  # type: ignore[arg-type]  # Locust's own annotation is wrong
        stop_timeout=order["stop_timeout_s"],
        locustfile=Path(order["file"]).name,
    )
    environment.create_local_runner()
    return environment


def _authorize(user: Any, value: str) -> None:
    """Let the users of a class begin with the target's credentials, as `locust --host` does."""
    made = user.__init__

    def begin(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        client: Any = getattr(self, "client", None)
        if hasattr(client, "auth_header"):  # FastHttpUser's
            client.auth_header = value
        elif hasattr(client, "headers"):
            client.headers["Authorization"] = value

    user.__init__ = begin


def _pages(environment: Any, port: int) -> Any:
    """Return Locust's own pages, which the file may add some to before they are served."""
    gevent.spawn(stats.stats_history, environment.runner)
    csv = stats.StatsCSV(environment, stats.PERCENTILES_TO_REPORT)
    return environment.create_web_ui("127.0.0.1", port, stats_csv_writer=csv, delayed_start=True)


def _follow(environment: Any, recorder: Recorder, order: dict[str, Any], emit: Emit) -> None:
    """Start the users, wait for the end, and write the account."""
    runner: Any = environment.runner
    web = _pages(environment, order["web_port"]) if order["web_port"] else None
    environment.events.init.fire(environment=environment, runner=runner, web_ui=web)
    if web is not None:
        web.start()
    emit(wire.message({"type": "started", "arrivals": 0}))
    asked = gevent.event.Event()
    gevent.signal_handler(signal.SIGTERM, asked.set)
    recorder.began, cpu = time.time(), time.process_time()
    flusher = gevent.spawn(recorder.flush_for_ever)
    if environment.shape_class is not None:
        runner.start_shape()
    else:
        runner.start(order["users"], spawn_rate=order["spawn_rate"])
    until = time.monotonic() + order["duration_s"]
    while time.monotonic() < until and runner.state not in {"stopped", "stopping"}:
        if asked.wait(LOOK_S):
            break
    wall_s = time.time() - recorder.began
    environment.events.quitting.fire(environment=environment, reverse=True)
    runner.quit()
    environment.events.quit.fire(exit_code=environment.process_exit_code or 0)
    flusher.kill()
    recorder.flush()
    if web is not None:
        web.stop()
    emit(
        wire.message(
            {
                "type": "finished", "worker": 0, "scheduled": recorder.count,
                "sent": recorder.count, "dropped": 0, "seeded": 0, "left": [], "retried": 0,
                "cut_short": asked.is_set(), "cpu_s": time.process_time() - cpu, "wall_s": wall_s,
                "routes": list(recorder.routes), "locust_requests": recorder.count,
            }
        )
    )  # fmt: skip


def _why(file: str, err: BaseException) -> str:
    """Return what a file's code raised, and where."""
    frames = [one for one in traceback.extract_tb(err.__traceback__) if one.filename == file]
    place = f" (line {frames[-1].lineno})" if frames else ""
    return f"{type(err).__name__}: {str(err).strip() or 'no message'}{place}"


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # a stuck greenlet of somebody's code must not keep the process
