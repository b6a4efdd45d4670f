"""How truthful, fast and small the load generator is, on targets whose truth is known."""

import contextlib
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

import numpy as np

from synthetic.edge.load.running import run as load_run
from synthetic.estimates import percentile
from synthetic.load.request import FixedRequest
from synthetic.load.run_value import LoadRun
from synthetic.load.shape import Profile, Stage
from tests.bench import k6
from tests.bench.targets import ROOT, target

FORGIVING_LAG_MS = 1e6
"""A bench prints the lag; it voids nothing."""


def profile(per_s: float, for_s: float, **more: Any) -> Profile:
    """Return a profile of one constant rate of the same request."""
    request = (FixedRequest("GET", "/bench", 1.0),)
    stages = (Stage(for_s, per_s, per_s),)
    more = {"max_lag_p99_ms": FORGIVING_LAG_MS, "ready_path": "/", **more}
    return Profile("bench", "a bench", stages, requests=request, **more)


def percentiles_ms(run: LoadRun, *levels: float) -> list[float]:
    """Return percentiles of a run's latency in milliseconds."""
    ordered = np.sort(run.finished_samples["latency_s"].astype(np.float64)) * 1000
    return [percentile(ordered, level).value for level in levels]


def throughput() -> None:
    """Hold 5,000 arrivals a second against a target that answers at once."""
    with target() as url:
        run = load_run(profile(5000, 6), url)
    own = run.generator
    finished_s = float(np.max(run.samples["due_s"] + run.samples["latency_s"]))
    print(
        f"5,000 arrivals/s for 6 s: {run.account.finished:,} answered by {finished_s:.2f} s, "
        f"{own.cpu_us_per_request:.0f} µs of CPU each (at most 100), "
        f"lag p50 {own.lag_p50_ms:.2f} ms, p99 {own.lag_p99_ms:.2f} ms (at most 10)"
    )


def known_delay() -> None:
    """Measure a target that takes 50 ms."""
    with target(delay_s=0.05) as url:
        run = load_run(profile(1000, 6), url)
    (p50,) = percentiles_ms(run, 0.5)
    print(
        f"50 ms target at 1,000/s: p50 {p50:.2f} ms, {p50 / 50 - 1:+.1%} (at most 3 %), "
        f"{run.generator.cpu_us_per_request:.0f} µs of CPU each"
    )


def stalls() -> None:
    """Measure a target frozen 2 s of every 10 s, with two independent clients beside ours."""
    rate, seconds = 200, 40
    with ExitStack() as stack:
        url = stack.enter_context(target(stall_s=2.0, every_s=10.0))
        command = [sys.executable, "-m", "tests.bench.open_loop", url, str(rate), str(seconds)]
        other = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        program = k6.binary()
        third = None
        if program is not None:  # with room for all that a stall holds back
            more = k6.running(program, url, rate, seconds, waiting=1_000)
            third = stack.enter_context(more)
        run = load_run(profile(rate, seconds), url)
        output, _ = other.communicate(timeout=60)
        seen = None if third is None else third.result()
    truth = np.sort(np.array(json.loads(output))) * 1000
    for level in (0.95, 0.99):
        (ours,) = percentiles_ms(run, level)
        true = percentile(truth, level).value
        beside = "not installed" if seen is None else f"{seen.percentiles_ms[level]:,.0f} ms"
        print(
            f"stalls of 2 s in 10 s at 200/s: p{level * 100:g} {ours:,.0f} ms, independently "
            f"{true:,.0f} ms, {ours / true - 1:+.1%} (at most 5 %); k6 {beside}"
        )


def beside_k6() -> None:
    """Compare the cost of a request with that of k6, one after the other on the same target."""
    program = k6.binary()
    if program is None:
        print("k6 could not be installed: tests/bench/requirements.txt")
        return
    with target() as url:
        run = load_run(profile(1000, 10), url)
        with k6.running(program, url, 1000, 10) as other:
            found = other.result()
    print(
        f"1,000 arrivals/s for 10 s: {run.generator.cpu_us_per_request:.0f} µs of CPU each here, "
        f"{found.cpu_us_per_request:.0f} of k6 with its start; "
        f"p50 {percentiles_ms(run, 0.5)[0]:.2f} and {found.percentiles_ms[0.5]:.2f} ms"
    )


def exactness() -> None:
    """Compare recorded percentiles with those of the numbers before they were recorded."""
    random = np.random.default_rng(5)
    truth = np.sort(random.lognormal(-3, 1, 100_000))
    recorded = np.sort(truth.astype(np.float32).astype(np.float64))
    levels = (0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
    worst = max(
        abs(percentile(recorded, q).value / truth[int(np.ceil(q * len(truth) - 1e-9)) - 1] - 1)
        for q in levels
    )
    print(f"percentiles p50 to p99.9 of 100,000: error at most {worst:.1e} (at most 1e-03)")


def memory() -> None:
    """Weigh the processes of a run of ten minutes at 1,000/s, its record and its report."""
    command = [sys.executable, "-m", "tests.bench.load_memory"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    print(told.stdout.strip())


def comparison() -> None:
    """Simulate how often a comparison cries wolf and how often it finds a loss."""
    command = [sys.executable, "-m", "tests.bench.compare_power"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    print(told.stdout.strip())


def main() -> None:
    """Print all figures; with the right to it, ahead of whatever else this machine does."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for part in (throughput, known_delay, stalls, beside_k6, exactness, memory, comparison):
        began = time.monotonic()
        part()
        print(f"  ({part.__name__}: {time.monotonic() - began:.0f} s)")


if __name__ == "__main__":
    main()
