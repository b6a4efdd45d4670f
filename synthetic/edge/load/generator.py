"""The process that sends: Locust runs one user, whose task follows the schedule.

Started by `synthetic.edge.load.children` with a job on its standard input, since importing Locust
changes the whole process (gevent). Writes frames (`synthetic.load.wire`) to standard output, and
ends when the job is done, when it is asked to (SIGTERM) or when the process that started it dies.
"""

import os
import signal
import sys
from typing import Final

import gevent
import gevent.os
import gevent.socket

from kit.edge.ending import die_with_parent
from synthetic.edge.load.arrivals import Arrivals
from synthetic.edge.load.errors import end_at_the_first_error
from synthetic.edge.load.users import LoadEnvironment, ScheduledUser
from synthetic.load import wire
from synthetic.load.job import Job

READ_BYTES: Final = 1 << 16


def main() -> int:
    """Run one job; the exit code is 0 also when it was cut short."""
    die_with_parent()
    end_at_the_first_error()
    lines = _Lines(sys.stdin.fileno())
    job = Job.from_line(lines.read())
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break a frame

    def emit(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(out, view) :]

    def get_ready() -> None:
        emit(wire.message({"type": "ready"}))
        lines.read()

    arrivals = Arrivals(job, emit, get_ready)
    environment = LoadEnvironment(
        user_classes=[ScheduledUser], host=job.target_url, catch_exceptions=False
    )
    environment.arrivals = arrivals
    runner = environment.create_local_runner()
    gevent.signal_handler(signal.SIGTERM, arrivals.cut_short)
    runner.start(1, spawn_rate=1)
    arrivals.done.wait()
    arrivals.finish(locust_requests=environment.stats.total.num_requests)
    runner.quit()
    return 0


class _Lines:
    """The lines of a pipe; what a read brings beyond one is kept for the next."""

    def __init__(self, file: int) -> None:
        self._file, self._rest = file, b""

    def read(self) -> bytes:
        """Return the next line, or what there is when the pipe ends; other greenlets go on."""
        parts = [self._rest]
        while b"\n" not in parts[-1]:
            gevent.socket.wait_read(self._file)
            parts.append(os.read(self._file, READ_BYTES))
            if not parts[-1]:
                break
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to say, and a stuck greenlet must not keep the process
