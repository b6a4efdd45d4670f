"""Memory, record and report of a load run of ten minutes at 1,000 a second, weighed for real.

The 600,000 samples are drawn, not sent; everything else is the run's own: frames through the
pipe's reader, live figures, verdict, record and report. The generator's process is weighed with
the whole schedule in it. Prints its figures; run by `bench_load` as a process of its own.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime

import numpy as np
import psutil

from reports.edge.run_page import run_report
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED, load_project
from synthetic.edge.load.gathering import Gathered
from synthetic.load import wire
from synthetic.load.counting import measurable
from synthetic.load.live import Live
from synthetic.load.record import to_record as load_to_record
from synthetic.load.request import FixedRequest
from synthetic.load.run_value import LoadRun, account_of, generator_of
from synthetic.load.samples import SAMPLE, from_bytes, from_gathered
from synthetic.load.shape import Profile, Stage
from synthetic.load.verdicts import judge_run
from synthetic.load.watch import Watch
from tests.bench.targets import ROOT

RATE, SECONDS = 1000, 600
MB = 1e6
REQUESTS = tuple(FixedRequest("GET", f"/{name}", 1.0) for name in "abcdef")


def _chunk(random: np.random.Generator, begin_s: float) -> bytes:
    """Return the frame of a tenth of a second."""
    count = RATE // 10
    found = np.zeros(count, SAMPLE)
    found["due_s"] = found["sent_s"] = begin_s + np.arange(count) / RATE
    found["latency_s"] = random.lognormal(-3.5, 0.8, count)
    found["status"], found["expected"] = 200, 1
    found["route"] = random.integers(0, len(REQUESTS), count)
    return wire.frame(wire.SAMPLES, found.tobytes())


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB


def _generator_mb() -> float:
    """Return the memory of a generator that has the whole schedule before it."""
    code = (
        "import sys, os, psutil; from locust.env import Environment;"
        "from synthetic.edge.load.arrivals import Arrivals;"
        "from synthetic.edge.load.users import *;"
        "from synthetic.load.job import Job; from synthetic.load.request import FixedRequest;"
        "from synthetic.load.shape import *;"
        f"p = Profile('b', 'b', (Stage({SECONDS}, {RATE}, {RATE}),),"
        " requests=(FixedRequest('GET', '/a', 1.0),));"
        "a = Arrivals(Job(p, 'http://127.0.0.1:9', 't'), len, len);"
        "print(psutil.Process().memory_info().rss)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(told.stdout) / MB


def main() -> None:
    """Print the figures."""
    profile = Profile("memory", "a bench", (Stage(SECONDS, RATE, RATE),), requests=REQUESTS)
    objectives = load_objectives()
    random, gathered, frames = np.random.default_rng(1), Gathered(), wire.Frames()
    project = load_project(SHIPPED)
    routes = tuple(f"{one.method} {one.path}" for one in REQUESTS)
    watched = measurable(objectives, project)
    live, watch = Live(watched, routes), Watch(profile, watched, routes, abort_on_fail=True)
    for tenth in range(SECONDS * 10):
        for _, payload in frames.feed(_chunk(random, tenth / 10)):
            gathered.data += payload
            live.take(from_bytes(payload))
            watch.take(from_bytes(payload))
    began, cpu = time.monotonic(), time.process_time()
    samples = from_gathered(gathered.data)
    gathered.data = bytearray()
    account = account_of(samples, scheduled=len(samples), sent=len(samples))
    result = LoadRun(
        id="bench",
        started_at=datetime.now(UTC),
        profile=profile,
        target_url="http://127.0.0.1:9",
        routes=routes,
        account=account,
        generator=generator_of(samples, [(1.0, float(SECONDS))], 1),
        wall_s=float(SECONDS),
        interrupted=False,
        removed_events=0,
        void_reason=None,
        samples=samples,
    )
    rows = judge_run(result, objectives, project)
    machine = {"memory_bytes": psutil.virtual_memory().total}
    record = load_to_record(result, rows, commit="bench", machine=machine)
    record_s = time.monotonic() - began
    page = run_report(record, None)
    report_s = time.monotonic() - began - record_s
    cpu_s = time.process_time() - cpu
    own, sender = _peak_mb(), _generator_mb()
    print(
        f"10 min at 1,000/s: {own:.0f} MB here and {sender:.0f} MB in the generator, "
        f"{own + sender:.0f} in all (under 300 MB); record {len(json.dumps(record)) / 1e6:.2f} MB "
        f"in {record_s:.1f} s; report {len(page.encode()) / 1e6:.2f} MB in {report_s:.1f} s; "
        f"judging and report of {len(samples):,} samples: {cpu_s:.1f} s of CPU (under 5)"
    )


if __name__ == "__main__":
    main()
