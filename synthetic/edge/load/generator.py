"""The process that sends: Locust runs one user, whose task follows the schedule.

Started by `synthetic.edge.load.children` with a job on its standard input, since importing Locust
changes the whole process (gevent). Writes frames (`synthetic.load.wire`) to standard output, and
ends when the job is done, when it is told to (SIGTERM) or when the process that started it dies.
"""

import os
import signal
import sys

import gevent
import gevent.os
import gevent.socket

from kit.edge.ending import die_with_parent
from synthetic.edge.load.arrivals import Arrivals
from synthetic.edge.load.users import LoadEnvironment, ScheduledUser
from synthetic.load import wire
from synthetic.load.job import Job


def main() -> int:
    """Run one job; the exit code is 0 also when it was cut short."""
    die_with_parent()
    job = Job.from_line(_read_line(sys.stdin.fileno()))
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break a frame

    def emit(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(out, view) :]

    def get_ready() -> None:
        emit(wire.message({"type": "ready"}))
        gevent.socket.wait_read(sys.stdin.fileno())
        _read_line(sys.stdin.fileno())

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


def _read_line(file: int) -> bytes:
    """Return a line, reading no byte behind it."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(file, 1)
        if not byte:
            break
        line += byte
    return bytes(line)


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to say, and a stuck greenlet must not keep the process
