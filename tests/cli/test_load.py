"""`sre load` from outside: its files, its exit codes, and how it ends when it is ended."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import psutil
import pytest

from synthetic.edge.load.children import ROOT
from tests.support.small_calendar import SmallCalendar, small_calendar
from tests.support.waiting import HANGS_S
from tests.support.warm import sre_warm

PROFILE = """
name: small
description: a profile for these tests
stages: [{for_s: 6, per_s: 50}]
requests: [{path: /events}]
max_lag_p99_ms: 5000
rule: observed
"""
LATENCY = "objectives: [latency]\n"
"""Of 99.9 % some hundred requests say nothing."""
SRE = [sys.executable, "-c", "from sre.main import main; main()", "load"]
SMALL_BYTES = 2_000
"""Less than a record or a report has."""


@pytest.fixture
def calendar() -> Iterator[SmallCalendar]:
    with small_calendar() as server:
        yield server


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(PROFILE + LATENCY)
    return tmp_path


def settings(place: Path, calendar: SmallCalendar) -> dict[str, str]:
    return {
        **os.environ,
        "SRE_RUNS_DIR": str(place / "runs"),
        "SRE_TARGET_URL": calendar.url,
        "PYTHONPATH": str(ROOT),
    }


def sre(
    place: Path, calendar: SmallCalendar, *words: str, **more: Any
) -> subprocess.CompletedProcess[str]:
    if not more:
        return sre_warm(["load", *words], folder=place, environment=settings(place, calendar))
    return subprocess.run(
        [*SRE, *words],
        cwd=place,
        env=settings(place, calendar),
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
        **more,
    )


def records(place: Path) -> list[dict[str, Any]]:
    return [json.loads(p.read_text()) for p in sorted((place / "runs" / "load").glob("*.json"))]


@pytest.mark.thorough
@pytest.mark.long
def test_a_run_writes_every_kind_of_output_and_is_compared_with_the_last(
    place: Path, calendar: SmallCalendar
) -> None:
    files = ("--html", "r.html", "--junit", "r.xml", "--markdown", "r.md")
    first = sre(place, calendar, "run", "small.yaml", *files)
    assert first.returncode == 0, first.stderr
    assert "PASS" in first.stdout.splitlines()[-1]
    assert ET.parse(place / "r.xml").getroot().get("failures") == "0"  # noqa: S314 -- our own
    assert (place / "r.md").read_text().startswith("## Load test small: PASS")
    assert "<!doctype html>" in (place / "r.html").read_text()
    calendar.delay_s = 0.2
    second = sre(place, calendar, "run", "small.yaml", "--baseline", "last")
    assert second.returncode == 1, second.stdout
    assert "all requests: slower by" in second.stdout
    before, after = (record["id"] for record in records(place))
    told = sre(place, calendar, "compare", before, after, "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout)["differences"][0]["change"] == "slower"


@pytest.mark.thorough
def test_ctrl_c_leaves_a_partial_record_says_so_and_leaves_no_process(
    place: Path, calendar: SmallCalendar
) -> None:
    child = subprocess.Popen(
        [*SRE, "run", "small.yaml", "--duration", "60"],
        cwd=place,
        env=settings(place, calendar),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    line = child.stderr.readline()
    while "s  " not in line:  # the first line of progress
        assert line, "it ended early"
        line = child.stderr.readline()
    family = psutil.Process(child.pid).children(recursive=True)
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=HANGS_S)
    assert child.returncode == 130
    assert "interrupted: a partial run" in out
    (record,) = records(place)
    assert record["interrupted"] is True
    assert record["overall"]["requests"] > 0
    assert not any(process.is_running() for process in family)


@pytest.mark.thorough
def test_a_full_disk_costs_the_record_but_not_the_verdict(
    place: Path, calendar: SmallCalendar
) -> None:
    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_BYTES, SMALL_BYTES))

    done = sre(place, calendar, "run", "small.yaml", "--duration", "2", preexec_fn=small_files)
    assert done.returncode == 3
    assert "PASS" in done.stdout
    assert "error: cannot write" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((place / "runs" / "load").iterdir())


def test_what_cannot_be_run_or_compared_is_reported_with_its_exit_code(
    place: Path, calendar: SmallCalendar
) -> None:
    (place / "wrong.yaml").write_text(PROFILE.replace("per_s: 50", "per_s: 0"))
    for words, code, says in (
        (("run", "stedy"), 2, "did you mean steady?"),
        (("run", "wrong.yaml"), 2, "stages give 0 requests"),
        (("run", "small.yaml", "--target", "http://127.0.0.1:9"), 3, "cannot be reached"),
        (("compare", "one", "two"), 2, "no run record 'one'"),
    ):
        done = sre(place, calendar, *words)
        assert done.returncode == code, done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr


def test_what_would_fail_after_the_run_is_refused_before_anything_is_sent(
    place: Path, calendar: SmallCalendar
) -> None:
    (place / "folder").mkdir()
    (place / "file").write_text("")
    for words, code, says in (
        (("--baseline", "nope"), 2, "no run record 'nope'"),
        (("--baseline", "last"), 5, "no earlier run of small that passed"),
        (("--push-to", "no-such-host.invalid"), 3, "has no address"),
        (("--html", "folder"), 2, "it is a folder"),
        (("--junit", "file/r.xml"), 2, "cannot write file/r.xml"),
        (("--rate", "inf"), 2, "rate inf/s cannot be applied"),
        (("--rate", "1e9"), 2, "too many for one run"),
    ):
        done = sre(place, calendar, "run", "small.yaml", *words)
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr
    assert calendar.paths == []


@pytest.mark.thorough
def test_the_last_line_names_the_rule_and_one_line_counts_the_undecided_routes(
    place: Path, calendar: SmallCalendar
) -> None:
    two = PROFILE.replace("[{path: /events}]", "[{path: /events}, {path: /slots, weight: 9}]")
    (place / "two.yaml").write_text(two + LATENCY)
    (place / "small.yaml").write_text(PROFILE + LATENCY)
    done = sre(place, calendar, "run", "two.yaml", "--duration", "3")
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert lines[-1] == "PASS  judged by the shares observed (rule: observed), which is no proof"
    assert [line for line in lines if line.startswith("routes")] == [
        "routes    1 of 2 routes INCONCLUSIVE alone: fewer than 6 bad ones allowed each"
    ]
    short = sre(place, calendar, "run", "small.yaml", "--duration", "1")
    assert short.returncode == 5
    assert "70 more requests would decide" in short.stdout
    sure = (PROFILE + LATENCY).replace("rule: observed", "rule: proven")
    (place / "sure.yaml").write_text(sure)
    done = sre(place, calendar, "run", "sure.yaml", "--duration", "1")
    assert done.stdout.splitlines()[-1].startswith("INCONCLUSIVE  judged by the whole 95 % range")


def test_a_push_that_fails_is_a_warning_beside_the_verdict(
    place: Path, calendar: SmallCalendar
) -> None:
    (place / "small.yaml").write_text(PROFILE + LATENCY)
    done = sre(
        place, calendar, "run", "small.yaml", "--duration", "2.5", "--push-to", "127.0.0.1:9"
    )
    assert done.returncode == 0, done.stderr
    assert "PASS" in done.stdout
    assert "warning: the run's metrics were not pushed to http://127.0.0.1:9" in done.stderr
    assert len(records(place)) == 1
