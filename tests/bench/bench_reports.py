"""How long a weekly report takes on a week of 30 s scrapes, and what it costs us and the server.

The week is that of as many instances as it takes to have `SRE_BENCH_SERIES` series (default 2,500,
which are ready in three minutes; 10,000 take ten). `SRE_BENCH_KIND=monthly` takes a month, whose
limit is twice as much processor time.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from tests.bench.past import prometheus_with
from tests.support.month import Drawn, exposed, machine, recorded, routes_of
from tests.support.service_process import running_service

END: Final = datetime(2026, 2, 9, tzinfo=UTC)
EVERY_S: Final = 30
KIND: Final = os.environ.get("SRE_BENCH_KIND", "weekly")
DAY, DAYS, NAME, LIMIT_S = {
    "weekly": ("2026-02-04", 7, "week-2026-W06", 10),
    "monthly": ("2026-01-14", 39, "month-2026-01", 20),
}[KIND]
COMMAND: Final = ("report", KIND, "--of", DAY)
LIMIT_MIB, LIMIT_KB, LIMIT_QUERIES = 300, 500, 40


def main() -> None:
    """Fill a Prometheus, make the report in a process of its own, and print what it took."""
    wanted = int(os.environ.get("SRE_BENCH_SERIES", "2500"))
    series, end = list(_series(wanted)), int(END.timestamp())
    with prometheus_with(series, end=end, days=DAYS, every_s=EVERY_S) as url:
        print(
            f"{'':<8}{'time':>9}{'processor':>11}{'server':>9}{'both':>9}{'peak':>9}{'HTML':>9}"
            f"{'queries':>9}"
        )
        for turn in ("first", "second", "third"):
            _measure(url, turn)
        print(
            f"{'limit':<8}{'':>29}{LIMIT_S:>7} s{LIMIT_MIB:>5} MiB{LIMIT_KB:>6} kB"
            f"{LIMIT_QUERIES:>9}"
        )


def _measure(url: str, turn: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun, server = time.perf_counter(), _used_by(url)
        child = subprocess.Popen(
            [str(Path(sys.executable).with_name("sre")), *COMMAND, "--prometheus", url],
            env={**os.environ, "SRE_RUNS_DIR": folder},
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(child.pid, 0)
        took, server = time.perf_counter() - begun, _used_by(url) - server
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in {0, 1, 5}:
            raise SystemExit(f"sre {' '.join(COMMAND)} left with {child.returncode}")
        report = Path(folder) / "report" / f"{NAME}.html"
        size = report.stat().st_size
        quality = json.loads(report.with_suffix(".json").read_text())["quality"]
    own = used.ru_utime + used.ru_stime
    print(
        f"{turn:<8}{took:>7.2f} s{own:>9.2f} s{server:>7.2f} s{own + server:>7.2f} s"
        f"{used.ru_maxrss / 1024:>5.0f} MiB{size / 1000:>6.0f} kB{quality['queries']:>9}"
    )
    for problem in quality["problems"]:
        print(f"  problem: {problem}")


def _used_by(url: str) -> float:
    """Return the processor time that a Prometheus has used so far, by its own metrics."""
    with urlopen(f"{url}/metrics") as page:  # noqa: S310 -- a server of ours
        lines = page.read().decode().splitlines()
    return float(next(x for x in lines if x.startswith("process_cpu_seconds_total ")).split()[1])


def _series(wanted: int) -> Iterator[Drawn]:
    """Yield what one instance after another exposes, what is recorded, and what is around it."""
    with running_service() as service:
        text = service.ask("GET", "/metrics").text
    one = list(exposed(text, "calendar-api", "api-0:8000"))
    yield from (*recorded(routes_of(one)), *machine())
    for number in range(max(1, round(wanted / len(one)))):
        yield from exposed(text, "calendar-api", f"api-{number}:8000")
