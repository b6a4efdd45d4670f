"""The load, golden, probe and report verbs as a shell sees them."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from synthetic.edge.golden.files import SHIPPED
from tests.support.command import sre_here
from tests.support.golden_cases import shipped_cases
from tests.support.small_calendar import SmallCalendar, small_calendar
from tests.support.warm import sre_warm

CHILDREN = {"load", "probe"}
"""Verbs with processes and signal handlers of their own; the others run in this process."""


@pytest.fixture
def calendar() -> Iterator[SmallCalendar]:
    """A small calendar behind a real HTTP server."""
    with small_calendar() as server:
        yield server


def sre(
    tmp_path: Path, *arguments: str, target: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    more = {"SRE_RUNS_DIR": str(tmp_path / "runs"), "SRE_TARGET_URL": target, **environment}
    if arguments[0] not in CHILDREN:
        return sre_here(arguments, folder=tmp_path, **more)
    return sre_warm(arguments, folder=tmp_path, environment={**os.environ, **more})


def one_error_line(told: subprocess.CompletedProcess[str], code: int, says: str) -> None:
    assert told.returncode == code, told.stderr
    lines = told.stderr.strip().splitlines()
    assert lines[0].startswith("error: ")
    assert says in lines[0]
    assert lines[1].startswith("hint: ")
    assert "Traceback" not in told.stderr


def test_a_run_is_judged_kept_listed_and_reported(calendar: SmallCalendar, tmp_path: Path) -> None:
    # Three profiles' worth of patience for a busy machine: this test is about the verbs.
    profile = tmp_path / "mine.yaml"
    profile.write_text(
        "name: mine\ndescription: a test\nrule: observed\nmax_lag_p99_ms: 5000\n"
        "objectives: [latency]\n"
        "stages: [{for_s: 3, per_s: 50}]\nmix: {parse: 2, create: 1, list: 1}\n"
    )
    told = sre(tmp_path, "load", "run", str(profile), "--json", target=calendar.url)
    record = json.loads(told.stdout)
    assert (told.returncode, record["verdict"]) == (0, "PASS"), told.stderr
    assert record["account"]["finished"] == 150
    assert not calendar.events

    listed = json.loads(sre(tmp_path, "load", "list", "--json").stdout)
    assert [one["id"] for one in listed["runs"]] == [record["id"]]

    told = sre(tmp_path, "report", "run", record["id"], "--out", "page.html", "--json")
    assert told.returncode == 0, told.stderr
    assert "<!doctype html>" in (tmp_path / "page.html").read_text()


def test_a_broken_service_fails_the_run_and_names_the_promise(
    calendar: SmallCalendar, tmp_path: Path
) -> None:
    calendar.status = 500
    told = sre(tmp_path, "load", "run", "smoke", "--duration", "5", target=calendar.url)
    assert told.returncode == 1, told.stderr
    assert any(line.startswith("Error rate") and "FAIL" in line for line in
               told.stdout.splitlines())  # fmt: skip
    assert told.stdout.strip().splitlines()[-1].startswith("FAIL")


def test_a_run_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    dead = "http://127.0.0.1:9"
    one_error_line(sre(tmp_path, "load", "run", "smoke", target=dead), 3, "cannot be reached")
    one_error_line(sre(tmp_path, "load", "run", "smok", target=dead), 2, "no load profile 'smok'")
    one_error_line(sre(tmp_path, "load", "run", "smoke", target="here"), 2, "is no URL")
    one_error_line(sre(tmp_path, "golden", "run", target=dead), 3, "cannot be reached")
    one_error_line(sre(tmp_path, "report", "run"), 5, "no run in")
    one_error_line(sre(tmp_path, "report", "run", "nothing"), 2, "no run record 'nothing'")
    wrong = sre(tmp_path, "load", "run", "smoke", target=dead, SRE_HEADERS="oops")
    one_error_line(wrong, 2, "SRE_HEADERS")


def test_a_golden_file_with_a_broken_line_is_refused_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text("{}\n")
    told = sre(tmp_path, "golden", "run", "--in-process", "--cases", "cases.jsonl")
    one_error_line(told, 2, "cases.jsonl:1: id is missing")


@pytest.mark.thorough
def test_the_golden_set_can_be_asked_in_process_and_is_kept(tmp_path: Path) -> None:
    told = sre(tmp_path, "golden", "run", "--in-process", "--json")
    record = json.loads(told.stdout)
    assert record["cases"] == len(shipped_cases())
    assert told.returncode == {"PASS": 0, "FAIL": 1}.get(record["verdict"], 5)
    assert (tmp_path / "runs" / "golden" / f"{record['id']}.json").is_file()


@pytest.mark.thorough
def test_a_full_or_read_only_disk_is_reported(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("in the way")
    cases = (SHIPPED / "zones.jsonl").read_text(encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text(cases, encoding="utf-8")
    told = sre(tmp_path, "golden", "run", "--in-process", "--cases", "cases.jsonl")
    one_error_line(told, 2, "cannot write")


def test_a_probe_says_which_step_failed(calendar: SmallCalendar, tmp_path: Path) -> None:
    calendar.answer = {"start": "2020-01-01T10:30:00+00:00"}
    told = sre(tmp_path, "probe", "once", "--json", target=calendar.url)
    (entry,) = json.loads(told.stdout)["journeys"]
    assert told.returncode == 1
    assert entry["problem"].startswith("understand: ")


def test_a_prober_whose_port_is_taken_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = sre(tmp_path, "probe", "run", "--port", port, target="http://127.0.0.1:9")
    one_error_line(told, 3, f"cannot listen on 127.0.0.1:{port}")


@pytest.mark.thorough
def test_output_in_a_pipe_is_plain(calendar: SmallCalendar, tmp_path: Path) -> None:
    told = sre(tmp_path, "load", "run", "smoke", "--duration", "4", target=calendar.url)
    assert "\x1b" not in told.stdout + told.stderr
    assert "160 requests done" in told.stderr
