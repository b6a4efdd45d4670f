"""The golden verbs as a shell sees them, on a small set of their own."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kit.pure.errors import RefusedError
from ops.in_process import InProcessParser
from synthetic.edge.golden.files import load_cases
from synthetic.edge.golden.proposals import auto_updated, proposals
from synthetic.edge.golden.runs import bless, read_baseline
from synthetic.golden.case import line_of
from tests.cli.test_run_verbs import one_error_line, sre
from tests.support.golden_cases import shipped_cases
from tests.support.small_calendar import small_calendar

IN_PROCESS = InProcessParser()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a hundred shipped cases that the parser has right, and no baseline."""
    cases = [case for case in shipped_cases() if case.id.startswith(("days", "edges"))]
    where = tmp_path / "set"
    where.mkdir()
    (where / "cases.jsonl").write_text("".join(f"{line_of(case)}\n" for case in cases[:100]))
    return where


def entry(text: str, day: str) -> str:
    outcome = {"title": "lunch", "start": f"{day}T12:00:00+01:00", "all_day": False}
    return json.dumps(
        {
            "kind": "review", "text": text, "now": "2026-03-11T09:00:00",
            "timezone": "Europe/Berlin", "outcome": outcome, "decision_id": "d-1",
        }
    )  # fmt: skip


def material(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "material.jsonl"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.thorough
def test_from_no_baseline_to_a_blessed_one_to_a_pass(folder: Path, tmp_path: Path) -> None:
    told = sre(tmp_path, "golden", "run", "--in-process", "--cases", str(folder))
    assert told.returncode == 5, told.stderr
    assert told.stdout.strip().splitlines()[-1].startswith("NO BASELINE")

    arguments = ("--in-process", "--cases", str(folder), "--name", "Ann", "--reason", "the start")
    told = sre(tmp_path, "golden", "bless", *arguments)
    assert told.returncode == 0, told.stderr

    outputs = ("--junit", "j.xml", "--markdown", "m.md", "--html", "h.html", "--json")
    told = sre(tmp_path, "golden", "run", "--in-process", "--cases", str(folder), *outputs)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["gate"]["baseline"]["by"] == "Ann"
    assert "<testsuites>" in (tmp_path / "j.xml").read_text()
    assert "PASS" in (tmp_path / "m.md").read_text()
    assert "Golden" in (tmp_path / "h.html").read_text()


@pytest.mark.thorough
def test_a_changed_set_is_not_compared_with_the_old_baseline(folder: Path, tmp_path: Path) -> None:
    bless(folder, IN_PROCESS, name="Ann", reason="the start")
    path = folder / "cases.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    told = sre(tmp_path, "golden", "run", "--in-process", "--cases", str(folder))
    one_error_line(told, 2, "of its 100 cases are among the 99 of this one")


@pytest.mark.thorough
def test_a_service_that_answers_nonsense_voids_the_run(folder: Path, tmp_path: Path) -> None:
    bless(folder, IN_PROCESS, name="Ann", reason="the start")
    with small_calendar() as calendar:
        calendar.status = 500
        told = sre(
            tmp_path, "golden", "run", "--cases", str(folder), "--junit", "j.xml",
            target=calendar.url,
        )  # fmt: skip
    assert told.returncode == 5, told.stderr
    assert "100 of 100 cases got no answer (HTTP 500)" in told.stdout
    assert "0.00 %" not in told.stdout
    assert 'errors="100"' in (tmp_path / "j.xml").read_text()


def test_a_check_names_duplicates_and_fails(folder: Path, tmp_path: Path) -> None:
    path = folder / "cases.jsonl"
    first = json.loads(path.read_text().splitlines()[0])
    with path.open("a") as out:
        out.write(json.dumps({**first, "id": "again"}) + "\n")
    told = sre(tmp_path, "golden", "check", "--cases", str(folder))
    assert told.returncode == 1
    assert "duplicate: again asks what" in told.stdout


@pytest.mark.thorough
def test_a_case_can_be_shown_and_an_unknown_one_suggests_the_nearest(tmp_path: Path) -> None:
    told = sre(tmp_path, "golden", "show", "days-001", "--json")
    assert json.loads(told.stdout)["blessed"]["right"] is True
    one_error_line(sre(tmp_path, "golden", "show", "day-001"), 2, "no golden case 'day-001'")


@pytest.mark.thorough
def test_reviews_become_cases_only_by_a_blessing_with_name_and_reason(
    folder: Path, tmp_path: Path
) -> None:
    path = material(tmp_path, entry("lunch at noon on the 14th of March", "2026-03-14"))
    where = ("--cases", str(folder), "--in-process")
    told = sre(tmp_path, "golden", "propose", str(path), "--out", "new.jsonl", "--json", *where)
    assert json.loads(told.stdout)["candidates"] == 1, told.stderr
    assert len(load_cases(folder)) == 100
    signed = ("--name", "Ann", "--reason", "seen live", "--accept", "new.jsonl")
    assert sre(tmp_path, "golden", "bless", *signed, *where).returncode == 0
    (added,) = [case for case in load_cases(folder) if case.id.startswith("live-")]
    assert added.provenance.by == "users (review), accepted by Ann"
    assert added.provenance.decision_id == "d-1"


def test_the_weekly_update_does_what_is_safe_and_lists_what_waits(
    folder: Path, tmp_path: Path
) -> None:
    bless(folder, IN_PROCESS, name="Ann", reason="the start")
    path = material(
        tmp_path,
        entry("lunch at noon on the 14th of March", "2026-03-14"),
        entry("lunch with Grandma Schmidt at noon on the 15th of March", "2026-03-15"),
    )
    candidates, _ = proposals([path], folder)
    assert [c.waits_for for c in candidates] == [
        None, "may name a person or a place: Grandma, Schmidt"
    ]  # fmt: skip
    update = auto_updated(candidates, folder, IN_PROCESS)
    assert (update.added, update.renewed, update.waits) == (1, True, None)
    assert len(load_cases(folder)) == 101
    baseline = read_baseline(folder)
    assert baseline is not None
    assert [one["by"] for one in baseline.history] == ["Ann", "auto-update"]


def lose_one(folder: Path) -> str:
    """Write a baseline in which a case that the parser has wrong was right."""
    path = folder / "cases.jsonl"
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    cases[0]["expected"]["title"] = "something that nobody said"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases))
    bless(folder, IN_PROCESS, name="Ann", reason="the start")
    baseline = folder / "baseline.json"
    data = json.loads(baseline.read_text())
    data["cases"][cases[0]["id"]]["right"] = True
    baseline.write_text(json.dumps(data))
    return str(cases[0]["id"])


@pytest.mark.thorough
def test_a_loss_is_refused_unless_it_is_accepted_by_name(folder: Path, tmp_path: Path) -> None:
    lost = lose_one(folder)
    before = (folder / "baseline.json").read_text()
    with pytest.raises(RefusedError, match=lost):
        bless(folder, IN_PROCESS, name="Ann", reason="no")
    update = auto_updated((), folder, IN_PROCESS)
    assert not update.renewed
    assert lost in (update.waits or "")
    assert (folder / "baseline.json").read_text() == before
    signed = ("--name", "Ann", "--reason", "a new convention", "--accept-lost")
    told = sre(tmp_path, "golden", "bless", "--in-process", "--cases", str(folder), *signed)
    assert told.returncode == 0, told.stderr
    assert f"accepted as lost: {lost}" in told.stdout


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.thorough
def test_a_blessing_that_is_killed_loses_nothing_and_can_be_finished(
    folder: Path, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bless(folder, IN_PROCESS, name="Ann", reason="the start")
    path = material(tmp_path, entry("lunch at noon on the 14th of March", "2026-03-14"))
    candidates, _ = proposals([path], folder)
    real, calls = Path.replace, iter(range(1, 100))

    def die_at_a_step(self: Path, target: Any) -> Any:
        if next(calls) == step:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", die_at_a_step)
        with pytest.raises(KeyboardInterrupt):
            bless(folder, IN_PROCESS, name="Ann", reason="more",
                  accepted=[candidates[0].case])  # fmt: skip
    baseline = read_baseline(folder)
    assert baseline is not None
    assert len(baseline.history) == 1
    assert len(load_cases(folder)) == 100 + (step == 2)
    bless(folder, IN_PROCESS, name="Ann", reason="more", accepted=[candidates[0].case])
    assert len(load_cases(folder)) == 101
    assert sorted(p.name for p in folder.iterdir()) == [
        "accepted.jsonl", "baseline.json", "cases.jsonl"
    ]  # fmt: skip


def test_a_blessing_needs_a_name_and_a_reason(tmp_path: Path) -> None:
    told = sre(tmp_path, "golden", "bless", "--in-process", "--name", " ", "--reason", "x")
    one_error_line(told, 2, "a name and a reason")


def test_every_shipped_case_says_who_wrote_it_when_and_why() -> None:
    for case in shipped_cases():
        assert case.provenance.by
        assert case.provenance.why
        assert date.fromisoformat(case.provenance.on) <= date(2100, 1, 1)


def test_a_blessing_of_a_file_or_of_nothing_is_refused(folder: Path, tmp_path: Path) -> None:
    signed = ("--in-process", "--name", "Ann", "--reason", "x")
    told = sre(tmp_path, "golden", "bless", *signed, "--cases", str(folder / "cases.jsonl"))
    one_error_line(told, 2, "is a file, and a baseline is of a whole folder")
    told = sre(tmp_path, "golden", "bless", *signed, "--cases", "/nope/x.jsonl")
    one_error_line(told, 2, "there is no folder /nope/x.jsonl")
    assert not (folder / "baseline.json").exists()


@pytest.mark.thorough
def test_a_proposal_of_nothing_says_so(tmp_path: Path) -> None:
    one_error_line(sre(tmp_path, "golden", "propose"), 5, "nothing to look at")
    path = material(tmp_path, "")
    one_error_line(sre(tmp_path, "golden", "propose", str(path)), 5, "nothing to look at")


def test_a_report_that_cannot_be_written_is_reported_before_the_run(
    folder: Path, tmp_path: Path
) -> None:
    where = ("--in-process", "--cases", str(folder))
    told = sre(tmp_path, "golden", "run", *where, "--html", "set/cases.jsonl/r.html")
    one_error_line(told, 2, "cannot write set/cases.jsonl/r.html")
    assert not (tmp_path / "runs").exists()


def test_a_record_that_cannot_be_kept_costs_no_verdict(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    told = sre(tmp_path, "golden", "run", "--in-process", "--cases", str(folder))
    assert told.returncode == 2
    assert told.stdout.strip().splitlines()[-1].startswith("NO BASELINE")
    assert "error: cannot write" in told.stderr
    assert "Traceback" not in told.stderr
