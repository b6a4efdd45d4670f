"""The process that sends a share of a run which a master on another host directs."""

import os
import signal
import socket
import sys
import time
from typing import Any

import gevent
from gevent.event import Event

from kit.edge.ending import die_with_parent
from synthetic.edge.load.arrivals import Arrivals
from synthetic.edge.load.errors import end_at_the_first_error
from synthetic.edge.load.users import LoadEnvironment, ScheduledUser
from synthetic.load import messages
from synthetic.load.job import Job


class _Share:
    """Takes the place of `Arrivals` until the job has come."""

    def __init__(self) -> None:
        self.come, self.go = Event(), Event()
        self.arrivals: Arrivals | None = None

    @property
    def job(self) -> Job:
        """Return the job, waiting for it."""
        self.come.wait()
        if self.arrivals is None:
            raise AssertionError("the job comes before the event")
        return self.arrivals.job

    def walk(self, *of_the_user: Any) -> None:
        """Do the job."""
        if self.arrivals is not None:
            self.arrivals.walk(*of_the_user)


class Worker:
    """Does one job for one master."""

    def __init__(self, host: str, port: int) -> None:
        self._share = _Share()
        self._environment = LoadEnvironment(user_classes=[ScheduledUser], catch_exceptions=False)
        self._environment.arrivals = self._share
        self._runner: Any = self._environment.create_worker_runner(host, port)
        self._runner.register_message(messages.JOB, self._on_job)
        self._runner.register_message(messages.GO, lambda **_more: self._share.go.set())
        self._runner.register_message(messages.HALT, lambda **_more: self.halt())

    def work(self) -> int:
        """Return the exit code once the job is done, or the master is gone."""
        if not self._share.come.wait(messages.WORKERS_WITHIN_S + messages.GREETED_WITHIN_S):
            return _tell("the run gave no work", "did all its --workers come?")
        arrivals = self._share.arrivals
        if arrivals is None:
            return messages.EXIT_STOPPED
        while not arrivals.done.wait(messages.EVERY_S):
            if self._runner.worker_state == "missing" or not self._runner.greenlet:
                return messages.EXIT_ABANDONED
        arrivals.finish(locust_requests=self._environment.stats.total.num_requests)
        self._runner.send_message(messages.END, {})
        gevent.sleep(1.0)  # what was sent has to leave before the socket closes
        self._runner.quit()
        return 0

    def halt(self) -> None:
        """Send nothing more."""
        if self._share.arrivals is not None:
            self._share.arrivals.cut_short()
        self._share.go.set()
        self._share.come.set()

    def _on_job(self, *, msg: Any, **_more: Any) -> None:
        def emit(data: bytes) -> None:
            self._runner.send_message(messages.FRAMES, {messages.BYTES: data})

        def get_ready() -> None:
            self._runner.send_message(messages.PREPARED, {})
            self._share.go.wait()

        end_at_the_first_error()
        self._share.arrivals = Arrivals(Job.from_line(msg.data[messages.BYTES]), emit, get_ready)
        self._share.come.set()


def _tell(problem: str, hint: str) -> int:
    sys.stderr.write(f"error: {problem}\nhint: {hint}\n")
    return messages.EXIT_NO_MASTER


def _listens(host: str, port: int, *, wait_s: float) -> bool:
    """Return whether a master listens there within the time."""
    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        try:
            socket.create_connection((host, port), timeout=2).close()
        except (OSError, UnicodeError):
            gevent.sleep(messages.EVERY_S)
        else:
            return True
    return False


def main() -> int:
    """Work for the master whose host and port are the arguments."""
    die_with_parent()
    host, port, wait_s = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    sys.stderr.write(f"waiting for a run on {host}:{port}, for {wait_s:g} s at most\n")
    sys.stderr.flush()
    if not _listens(host, port, wait_s=wait_s):
        return _tell(
            f"no run is waiting for workers on {host}:{port} after {wait_s:g} s",
            "start it first: sre load run PROFILE --remote HOST:PORT",
        )
    try:
        with gevent.Timeout(wait_s + messages.GREETED_WITHIN_S):
            worker = Worker(host, port)
    except (gevent.Timeout, ConnectionError):
        return _tell(
            f"what listens on {host}:{port} is no load run that waits for workers",
            "give the address after --remote of sre load run",
        )
    gevent.signal_handler(signal.SIGTERM, worker.halt)
    return worker.work()


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to say, and a stuck greenlet must not keep the process
