"""The JSON answers of load, golden, probe, drill and serve where a service or a set is needed."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.edge import records
from kit.edge.records import ROOT
from ops.drills.record import to_record
from slo.verdict import Verdict
from sre.answer import show
from sre.drill import answer_of
from sre.load import answer_of as answer_of_run
from sre.probe import exit_of
from synthetic.edge.journeys.prober import ProbeResult
from synthetic.edge.load.outcome import Outcome
from synthetic.golden.case import line_of
from synthetic.load.search import Try
from tests.cli.test_golden_verbs import entry, material
from tests.cli.test_run_verbs import sre
from tests.support import awkward
from tests.support.command import sre_here
from tests.support.golden_cases import shipped_cases
from tests.support.json_schemas import keeps_schema
from tests.support.small_calendar import SmallCalendar, small_calendar
from tests.support.waiting import HANGS_S
from tests.unit.ops.drills.test_outcome import good

PROFILE = (
    "name: mine\ndescription: a test\nrule: observed\nmax_lag_p99_ms: 60000\n"
    "stages: [{for_s: 2, per_s: 60}]\nrequests: [{path: /events}]\n"
)
RECORDED = records.read(str(ROOT / "tests/compat/1.0.0/runs/load/20261129T165741-pass-8d5e.json"))
"""A record of a run that passed."""
TROUBLE = {
    "code": "unreachable",
    "message": "cannot write /dev/full: No space left on device",
    "hint": "the disk is full: make room, or choose another place",
}


@pytest.fixture
def calendar() -> Iterator[SmallCalendar]:
    with small_calendar() as server:
        day = datetime.now(UTC).date() + timedelta(days=1)
        server.answer = {
            "title": "dentist",
            "start": f"{day}T10:30:00+00:00",
            "end": f"{day}T11:30:00+00:00",
        }
        yield server


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder of forty cases that the parser has right."""
    where = tmp_path / "set"
    where.mkdir()
    found = [case for case in shipped_cases() if case.id.startswith("days")][:40]
    (where / "cases.jsonl").write_text("".join(f"{line_of(case)}\n" for case in found))
    return where


def here(tmp_path: Path, *words: str, target: str = "") -> subprocess.CompletedProcess[str]:
    runs = str(tmp_path / "runs")
    return sre_here(words, folder=tmp_path, SRE_RUNS_DIR=runs, SRE_TARGET_URL=target)


@pytest.mark.thorough
def test_a_load_run_answers_with_its_record_and_its_comparison(
    calendar: SmallCalendar, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(PROFILE)
    run = ("load", "run", "mine.yaml", "--json")
    first = sre(tmp_path, *run, "--junit", "/dev/full", target=calendar.url)
    record = keeps_schema(first.stdout, "load-run")
    assert first.returncode == 3, first.stderr  # whatever a busy machine makes of the verdict
    assert record["trouble"] == TROUBLE
    assert f"error: {TROUBLE['message']}\nhint: {TROUBLE['hint']}\n" in first.stderr

    second = sre(tmp_path, *run, "--baseline", record["id"], target=calendar.url)
    after = keeps_schema(second.stdout, "load-run")
    assert after["comparison"]["before"] == record["id"]
    assert "trouble" not in after

    told = here(tmp_path, "load", "compare", record["id"], after["id"], "--json")
    compared = keeps_schema(told.stdout, "load-compare")
    assert compared["differences"] == after["comparison"]["differences"]
    told = here(tmp_path, "load", "list", "--json")
    listed = keeps_schema(told.stdout, "load-list")["runs"]
    assert [one["id"] for one in listed] == [after["id"], record["id"]]


def test_sets_of_runs_are_compared_by_folder_or_by_name(tmp_path: Path) -> None:
    asked = {
        route: [[n * 20 if place % 2 else n for place, n in enumerate(one)] for one in flats]
        for route, flats in RECORDED["blocks"]["routes"].items()
    }
    blocks = {**RECORDED["blocks"], "routes": asked}  # each request twenty times
    for number in range(8):
        side = "main" if number % 4 in {0, 3} else "branch"
        at = f"2026-03-02T09:0{number}:00+00:00"
        run = {**RECORDED, "id": f"run-{number}", "started_at": at, "blocks": blocks}
        where = tmp_path / side / "load" / f"run-{number}.json"
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(json.dumps(run))
    told = here(tmp_path, "load", "compare", "main", "branch", "--json")
    found = keeps_schema(told.stdout, "load-compare")
    assert (found["before"], found["after"]) == ("run-0 and 3 more", "run-1 and 3 more")
    assert (found["pairs"], found["verdict"], told.returncode) == (4, "PASS", 0)
    named = (",".join(map(str, sorted(tmp_path.glob(f"{n}/load/*")))) for n in ("main", "branch"))
    assert here(tmp_path, "load", "compare", *named, "--json").stdout == told.stdout
    shown = here(tmp_path, "load", "compare", "main", "branch", "--markdown", "c.md").stdout
    assert "from 4 pairs taken in turns" in shown
    assert "from 4 pairs taken in turns" in (tmp_path / "c.md").read_text()


def test_what_is_no_set_of_load_runs_is_said(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    golden = min((ROOT / "tests/compat/1.0.0/runs/golden").glob("*.json"))
    for words, code, says in (
        (("none", "none"), 2, "no run record in none"),
        ((str(golden), str(golden)), 2, "not of a load run"),
        (("a,b", "c,d"), 2, "no run record 'a'"),
    ):
        done = here(tmp_path, "load", "compare", *words)
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert says in done.stderr


def test_a_search_answers_with_its_runs(capsys: pytest.CaptureFixture[str]) -> None:
    tries = (Try(60, Verdict.PASS, ""), Try(120, Verdict.FAIL, "latency"))
    done = Outcome(RECORDED, None, tries=tries)
    assert show(answer_of_run(done, ""), as_json=True) == 0
    found = keeps_schema(capsys.readouterr().out, "load-run")["search"]
    assert (found["holds_per_s"], len(found["tries"])) == (60, 2)
    assert show(answer_of_run(replace(done, tries=tries[1:]), ""), as_json=False) == 1
    assert "no rate held" in capsys.readouterr().out


def test_a_run_that_was_interrupted_leaves_as_shells_expect(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = Outcome(RECORDED, None, interrupted=True)
    assert show(answer_of_run(done, ""), as_json=True) == 130
    keeps_schema(capsys.readouterr().out, "load-run")


@pytest.mark.thorough
def test_a_worker_that_finds_no_run_says_so_in_its_answer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = here(tmp_path, "load", "worker", "127.0.0.1:9", "--wait", "1", "--json")
    assert keeps_schema(told.stdout, "load-worker")["ended"] == "no work"
    assert told.returncode == 3
    assert "error: no run is waiting for workers on 127.0.0.1:9" in capfd.readouterr().err


@pytest.mark.thorough
def test_from_a_blessing_to_a_golden_run_and_a_proposal(cases: Path, tmp_path: Path) -> None:
    where = ("--in-process", "--cases", str(cases), "--json")
    told = sre(tmp_path, "golden", "bless", "--name", "Ann", "--reason", "the start", *where)
    assert keeps_schema(told.stdout, "golden-bless")["by"] == "Ann"

    told = sre(tmp_path, "golden", "run", "--html", "/dev/full", *where)
    run = keeps_schema(told.stdout, "golden-run")
    assert (run["gate"]["baseline"]["by"], run["trouble"]) == ("Ann", TROUBLE)
    assert told.returncode == 3
    assert (tmp_path / "runs" / "golden" / f"{run['id']}.json").is_file()

    told = sre(tmp_path, "golden", "show", "--cases", str(cases), "--json")
    assert keeps_schema(told.stdout, "golden-show")["history"][0]["by"] == "Ann"
    seen = material(tmp_path, entry("lunch at noon on the 14th of March", "2026-03-14"))
    told = sre(tmp_path, "golden", "propose", str(seen), "--auto-update", *where)
    assert keeps_schema(told.stdout, "golden-propose")["update"]["added"] == 1, told.stderr


def test_a_golden_set_with_a_duplicate_is_bad_and_the_answer_names_it(
    cases: Path, tmp_path: Path
) -> None:
    path = cases / "cases.jsonl"
    first = json.loads(path.read_text().splitlines()[0])
    with path.open("a") as out:
        out.write(json.dumps({**first, "id": "again"}) + "\n")
    told = sre(tmp_path, "golden", "check", "--cases", str(cases), "--json")
    found = keeps_schema(told.stdout, "golden-check")
    assert (told.returncode, found["cases"]) == (1, 41)
    assert found["findings"][0]["cases"] == [first["id"], "again"]


def walked(tmp_path: Path, url: str, *more: str) -> tuple[int, dict[str, Any]]:
    told = here(tmp_path, "probe", "once", "--json", *more, target=url)
    (found,) = keeps_schema(told.stdout, "probe-once")["journeys"]
    return told.returncode, found


def test_a_probe_exits_by_what_is_wrong(calendar: SmallCalendar, tmp_path: Path) -> None:
    code, found = walked(tmp_path, calendar.url)
    assert (code, found["success"], found["problem"]) == (0, True, None)
    calendar.status = 503
    code, found = walked(tmp_path, calendar.url)
    assert (code, found["answered"]) == (1, True)
    with awkward.awkward_server(awkward.hang) as url:
        code, found = walked(tmp_path, url, "--timeout", "0.3")
    assert (code, found["answered"]) == (3, False)
    assert found["problem"] == "understand: no answer within 0.3 s"


def test_one_journey_that_is_answered_wrongly_outweighs_those_without_an_answer() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    good_one = ProbeResult("a", at, 0.1, None)
    wrong, silent = (ProbeResult("b", at, 0.1, "x", None, answered) for answered in (True, False))
    assert [exit_of(results) for results in (
        [good_one], [good_one, silent], [silent, wrong]
    )] == [0, 3, 1]  # fmt: skip


def lines_of(tmp_path: Path, *words: str, **environment: str) -> tuple[str, int]:
    """Return the first answer of a verb without end, and how it ended after SIGINT.

    Lines of the service's log may come before it.
    """
    child = subprocess.Popen(
        [str(Path(sys.executable).parent / "sre"), *words],
        cwd=tmp_path,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    first = next((line for line in child.stdout if '"schema"' in line), "")
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=HANGS_S)
    return first, child.returncode


@pytest.mark.thorough
def test_the_prober_prints_a_line_of_json_for_each_walk(
    calendar: SmallCalendar, tmp_path: Path
) -> None:
    words = ("probe", "run", "--json", "--port", "0", "--golden-every", "0")
    line, code = lines_of(tmp_path, *words, SRE_TARGET_URL=calendar.url)
    assert keeps_schema(line, "probe-run")["success"] is True
    assert code == 130


@pytest.mark.thorough
def test_the_service_says_where_it_listens_as_a_line_of_json(tmp_path: Path) -> None:
    words = ("serve", "--port", "0", "--wait", "0", "--json", "--logs", str(tmp_path))
    environment = {"CALENDAR_AUTH": "off", "CALENDAR_MONGODB_URL": "mongodb://127.0.0.1:9/x"}
    line, code = lines_of(tmp_path, *words, **environment, CALENDAR_REDIS_URL="")
    assert keeps_schema(line, "serve")["url"].startswith("http://127.0.0.1:")
    assert code in {0, 130}


def test_drills_answer_with_their_records(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = to_record(good(), commit="abc", machine=records.machine())
    assert show(answer_of([(record, tmp_path / "x.json")]), as_json=True) == 0
    assert keeps_schema(capsys.readouterr().out, "drills-run")["drills"] == [record]
    ended = {**record, "interrupted": True, "verdict": "INCONCLUSIVE"}
    assert show(answer_of([(record, None), (ended, None)]), as_json=False) == 130
    said = capsys.readouterr().out
    assert said.count("redis-lost: Redis ends") == 2
    assert "record    not kept" in said


def test_a_port_that_is_taken_is_not_to_be_had_whoever_asks_for_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for words in (
            ("load", "run", "smoke", "--remote", f"127.0.0.1:{port}"),
            ("probe", "run", "--port", port),
            ("serve", "--port", port),
        ):
            told = here(tmp_path, *words, "--json", target="http://127.0.0.1:9")
            assert told.returncode == 3, told.stderr
            assert keeps_schema(told.stdout, "error")["error"]["code"] == "unreachable"
