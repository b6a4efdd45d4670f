"""The process that sends the requests: Locust's engine following an open schedule.

Importing Locust patches the whole process, so this module is only ever run as
`python -m synthetic.load.generator`, never imported by the process that wants the result. It
reads one job from standard input, writes frames (`synthetic.load.wire`) to standard output, and
ends when the job is done, when it is told to (SIGTERM) or when the process that started it dies.
"""

import os
import signal
import sys

import gevent
from locust.env import Environment

from synthetic.load.arrivals import Arrivals
from synthetic.load.ending import die_with_parent
from synthetic.load.job import Job
from synthetic.load.users import user_class


def main() -> int:
    """Run one job; the exit code is 0 also when it was cut short."""
    die_with_parent()
    job = Job.from_line(sys.stdin.buffer.readline())
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break a frame
    arrivals = Arrivals(job, out)
    environment = Environment(
        user_classes=[user_class(arrivals)], host=job.target_url, catch_exceptions=False
    )
    runner = environment.create_local_runner()
    gevent.signal_handler(signal.SIGTERM, arrivals.cut_short)
    runner.start(1, spawn_rate=1)
    arrivals.done.wait()
    arrivals.finish(locust_requests=environment.stats.total.num_requests)
    runner.quit()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to say, and a stuck greenlet must not keep the process
