"""The demonstration proves the product in one command and leaves nothing behind."""

import os
import random
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.json_schemas import keeps_schema
from tests.support.waiting import HANGS_S

SRE = str(Path(sys.executable).parent / "sre")
LONGEST_S = 25.0
_TILE = r"<b>([^<]*)</b><span>([^<]*)</span>"


@dataclass(frozen=True)
class Place:
    """A working folder of its own, and a mark by which every process started in it is found."""

    folder: Path
    mark: str

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        self.temporary.mkdir(exist_ok=True)
        return subprocess.Popen(
            [SRE, *arguments],
            cwd=self.folder,
            env={**os.environ, "TMPDIR": str(self.temporary), "SRE_TEST_MARK": self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def left_running(self) -> list[str]:
        return [
            " ".join(process.cmdline())
            for process in psutil.process_iter()
            if self._is_ours(process)
        ]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("SRE_TEST_MARK") == self.mark
        except psutil.Error:
            return False


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    it = Place(tmp_path, uuid.uuid4().hex)
    yield it
    for process in psutil.process_iter():
        if it._is_ours(process):
            process.kill()


class _Outside(HTMLParser):
    """Collects what a browser would fetch to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            loads = name == "src" or (tag == "link" and name == "href")
            if loads and value and not value.startswith("data:"):
                self.fetched.append(value)


def _judged(demo: subprocess.Popen[str]) -> tuple[dict[str, Any], str]:
    """Return a demonstration's answer, checked against its schema and its exit code, and stderr."""
    out, err = demo.communicate(timeout=HANGS_S)
    summary = keeps_schema(out, "demo")
    assert (demo.returncode == 0) == (summary["verdict"] == "PASS"), err
    return summary, err


@pytest.mark.long
def test_the_demo_judges_what_it_can_and_writes_a_page_that_needs_no_network(
    place: Place,
) -> None:
    for _ in range(3):  # a machine that stands still for a second makes requests fail, in one run
        summary, err = _judged(place.start("demo", "--duration", "16", "--json"))
        if not sum(row["bad"] for row in summary["rows"] if row["objective"] == "errors"):
            break
        assert summary["verdict"] != "PASS", err
    verdicts = {row["objective"]: row["verdict"] for row in summary["rows"]}
    assert verdicts == {
        "availability": "NO DATA",  # some hundred requests say nothing of 99.9 %, and it says so
        "errors": "PASS",
        "latency": "PASS",
        "accuracy": "PASS",
    }, err
    assert summary["verdict"] == "PASS"
    outside, period = _Outside(), (place.folder / summary["period"]).read_text()
    for page in ((place.folder / summary["report"]).read_text(), period):
        outside.feed(page)
    assert outside.fetched == []
    assert summary["headline"].startswith("Every objective is met")
    told = {
        name: figure
        for figure, name in re.findall(_TILE, period.replace("\N{NO-BREAK SPACE}", " "))
    }
    sent = {row["objective"]: row["total"] for row in summary["rows"]}
    asked = sent["errors"] + sent["accuracy"]
    assert asked <= int(told["requests"].replace(",", "")) < asked + 150  # and cleaned up after
    assert told["uptime"] == "100 %"
    understood = next(
        r["measured"]["value"] for r in summary["rows"] if r["objective"] == "accuracy"
    )
    assert float(told["parsing accuracy"].rstrip(" %")) / 100 == pytest.approx(understood, abs=1e-4)
    assert place.left_running() == []
    assert list(place.temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (signal.SIGINT, 0),
        pytest.param(signal.SIGTERM, 1, marks=pytest.mark.thorough),
        pytest.param(signal.SIGINT, 2, marks=pytest.mark.thorough),
        pytest.param(signal.SIGTERM, 3, marks=pytest.mark.thorough),
        pytest.param(signal.SIGINT, 4, marks=pytest.mark.thorough),
    ],
)
def test_a_signal_at_any_moment_leaves_no_process_and_no_folder(
    place: Place, number: signal.Signals, moment: int
) -> None:
    after_s = random.SystemRandom().uniform(0.3, 9) if moment else 0.5
    demo = place.start("demo", "--duration", "6")
    time.sleep(after_s)  # the moment itself is what is tested
    demo.send_signal(number)
    began = time.monotonic()
    _, err = demo.communicate(timeout=HANGS_S)
    said = (
        f"{number.name} after {after_s:.2f} s, gone {time.monotonic() - began:.2f} s later: {err}"
    )
    ended_before_it_could_listen = demo.returncode == -number
    assert demo.returncode == 128 + number or ended_before_it_could_listen, said
    assert place.left_running() == [], said
    assert list(place.temporary.iterdir()) == [], said
    assert ended_before_it_could_listen or "Traceback" not in err, said
