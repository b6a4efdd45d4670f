"""The process that directs the workers of a distributed run: Locust's master, with our messages.

Started by `synthetic.edge.load.remote`: reads the jobs from standard input, waits for as many
workers, gives each its share, and writes their frames to standard output.
"""

import os
import signal
import sys
import time
from typing import Any

import gevent
from locust.env import Environment

from kit.edge.ending import die_with_parent
from kit.pure.words import counted
from synthetic.edge.load.users import ScheduledUser
from synthetic.load import messages, wire
from synthetic.load.job import Job


class Master:
    """Directs one run."""

    def __init__(self, jobs: list[Job], host: str, port: int, out: int) -> None:
        self._jobs, self._out = jobs, out
        environment = Environment(user_classes=[ScheduledUser], host=jobs[0].target_url)
        self._runner: Any = environment.create_master_runner(host, port)
        self._workers: dict[str, int] = {}
        self._prepared: set[str] = set()
        self._ended: set[str] = set()
        self._lost: set[str] = set()
        self._halted_at: float | None = None
        self._runner.register_message(messages.PREPARED, self._on_prepared)
        self._runner.register_message(messages.FRAMES, self._on_frames)
        self._runner.register_message(messages.END, self._on_end)

    def direct(self) -> int:
        """Return the exit code once every worker has ended or is lost."""
        if not self._gather_workers():
            return messages.EXIT_NO_WORKERS
        for client, number in self._workers.items():
            data = {messages.BYTES: self._jobs[number].to_line()}
            self._runner.send_message(messages.JOB, data, client_id=client)
        self._runner.start(len(self._jobs), spawn_rate=len(self._jobs))
        while not self._is_over():
            gevent.sleep(messages.EVERY_S)
            self._look_for_the_lost()
        self._runner.quit()
        return 0

    def halt(self) -> None:
        """Tell every worker to send nothing more."""
        if self._halted_at is None:
            self._halted_at = time.monotonic()
            for client in self._workers:
                self._runner.send_message(messages.HALT, {}, client_id=client)

    def _gather_workers(self) -> bool:
        wanted, until = len(self._jobs), time.monotonic() + messages.WORKERS_WITHIN_S
        while self._runner.worker_count < wanted and self._halted_at is None:
            if time.monotonic() > until:
                sys.stderr.write(
                    f"only {self._runner.worker_count} of {counted(wanted, 'worker')} came "
                    f"within {messages.WORKERS_WITHIN_S:g} s\n"
                )
                return False
            gevent.sleep(messages.EVERY_S)
        self._workers = {c: n for n, c in enumerate(sorted(self._runner.clients)[:wanted])}
        return len(self._workers) == wanted

    def _is_over(self) -> bool:
        late = self._halted_at is not None and (
            time.monotonic() - self._halted_at > messages.HALT_WITHIN_S
        )
        return late or self._ended | self._lost >= set(self._workers)

    def _look_for_the_lost(self) -> None:
        missing = {node.id for node in self._runner.clients.missing}
        here = set(self._runner.clients) - missing
        for client in set(self._workers) - here - self._ended - self._lost:
            self._lost.add(client)
            said = {"worker": self._workers[client], "why": "its host: nothing is heard of it"}
            self._write(wire.message({"type": "lost", **said}))

    def _on_prepared(self, *, msg: Any, **_more: Any) -> None:
        self._prepared.add(str(msg.node_id))
        if self._prepared >= set(self._workers):
            for client in self._workers:
                self._runner.send_message(messages.GO, {}, client_id=client)

    def _on_frames(self, *, msg: Any, **_more: Any) -> None:
        self._write(msg.data[messages.BYTES])

    def _on_end(self, *, msg: Any, **_more: Any) -> None:
        self._ended.add(str(msg.node_id))

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._out, view) :]


def main() -> int:
    """Direct the run that standard input describes."""
    die_with_parent()
    source = sys.stdin.buffer
    jobs = [Job.from_line(source.readline()) for _ in range(int(source.readline()))]
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break a frame
    master = Master(jobs, sys.argv[1], int(sys.argv[2]), out)
    gevent.signal_handler(signal.SIGTERM, master.halt)
    return master.direct()


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to say, and a stuck greenlet must not keep the process
