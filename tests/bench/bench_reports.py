"""How long a weekly report takes on a week of 30 s scrapes, and what it costs.

`BENCH_REPORT_SERIES` is how many series Prometheus holds (default 400); it takes about two minutes
a thousand to make them.
"""

import dataclasses
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ops.containers.docker import remove_labelled
from ops.containers.images import ImageLadder
from ops.containers.session import SESSION_LABEL
from tests.support.environment import prepare_environment, session_name

prepare_environment()

from tests.support.backfill import backfill, keeping_everything  # noqa: E402 the same
from tests.support.monitoring import prometheus_spec  # noqa: E402 testcontainers reads it
from tests.support.starting import start_server  # noqa: E402 the same

START: Final = datetime(2026, 2, 2, tzinfo=UTC)
WEEK_S: Final = 7 * 86_400
SCRAPE_S: Final = 30
BLOCK_S: Final = 7200
EDGES: Final = ("0.1", "0.25", "0.5", "1.0", "2.0", "4.0", "+Inf")
STATUSES: Final = ("200", "404", "503")


def main() -> None:
    """Fill a Prometheus, make the report in a process of its own, and print what it took."""
    wanted = int(os.environ.get("BENCH_REPORT_SERIES", "400"))
    names = list(_series(wanted))
    spec = prometheus_spec({})
    spec = dataclasses.replace(spec, command=keeping_everything(spec.command))
    try:
        server = start_server(spec, ImageLadder(lambda _line: None).ensure("prometheus"))
        backfill(server, _texts(names))
        _measure(f"http://{server.host}:{server.port}", len(names))
    finally:
        remove_labelled(f"{SESSION_LABEL}={session_name()}")


def _measure(url: str, series: int) -> None:
    print(f"{series} series, a week at {SCRAPE_S} s: {series * WEEK_S // SCRAPE_S:,} samples")
    for turn in ("first", "second"):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            child = subprocess.Popen(
                [str(Path(sys.executable).with_name("sre")), *_command(url)],
                env={**os.environ, "SRE_RUNS_DIR": folder},
                stdout=subprocess.DEVNULL,
            )
            _, status, used = os.wait4(child.pid, 0)
            took = time.perf_counter() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            size = (Path(folder) / "report" / "week-2026-W06.html").stat().st_size
        print(
            f"{turn:<8}{took:6.2f} s   processor {used.ru_utime + used.ru_stime:5.2f} s   "
            f"peak {used.ru_maxrss / 1024:4.0f} MiB   HTML {size / 1000:4.0f} kB"
        )


def _command(url: str) -> list[str]:
    return ["report", "weekly", "--of", "2026-02-04", "--prometheus", url]


def _series(wanted: int) -> Iterator[tuple[str, float]]:
    """Yield (series, increase a scrape): per route a histogram and its statuses, per instance."""
    yield 'up{job="calendar-api",instance="api-1"}', 0.0
    made, number = 1, 0
    while made < wanted:
        own = f'route="/r{number % 40}",job="calendar-api",instance="api-{number // 40 + 1}"'
        for place, edge in enumerate(EDGES):
            name = f'http_request_duration_seconds_bucket{{method="GET",le="{edge}",{own}}}'
            yield name, 10.0 + place
        for status in STATUSES:
            share = 16.0 if status == "200" else 0.01
            yield f'http_requests_total{{method="GET",status="{status}",{own}}}', share
        made += len(EDGES) + len(STATUSES)
        number += 1


def _texts(names: list[tuple[str, float]]) -> Iterator[str]:
    start = int(START.timestamp())
    for begin in range(start, start + WEEK_S + 1, BLOCK_S):
        end = min(begin + BLOCK_S, start + WEEK_S + SCRAPE_S)
        lines = [
            f"{name} {1 if not step else (at - start) // SCRAPE_S * step:g} {at}"
            for name, step in names
            for at in range(begin, end, SCRAPE_S)
        ]
        yield "\n".join([*lines, "# EOF", ""])
