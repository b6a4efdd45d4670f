"""`sre alerts tune` from end to end: a real search, its front, and what it proposes."""

from pathlib import Path

import pytest

from alerts.edge.shipped import HOME
from sre.running import run
from tests.support.json_schemas import keeps_schema

SCENARIOS = """
- name: memory-nearly-gone
  about: Five sixths of the memory are in use, then the process is killed.
  expect: page
  length: 1h
  faults: [{kind: memory, at: 20m, for: 20m, level: 0.84}]
- name: memory-as-usual
  about: A little more memory than usual.
  expect: quiet
  length: 1h
  faults: [{kind: memory, at: 20m, for: 20m, level: 0.65}]
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    path = tmp_path / "mine.yaml"
    path.write_text(SCENARIOS)
    return ["alerts", "tune", "--scenarios", str(path), "--threshold", "memory_ratio",
            "--factor", "0.6", "--factor", "0.88"]  # fmt: skip


@pytest.mark.thorough
def test_a_better_threshold_is_found_and_proposed_and_nothing_is_changed(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    written = [HOME / "thresholds.py", HOME / "own/rules.yaml", HOME / "generated/calendar.yaml"]
    before = [path.read_bytes() for path in written]
    assert run([*asked, "--json"]) == 0
    told = keeps_schema(capsys.readouterr().out, "alerts-tune")
    assert told["tried"] == 3
    # As it is, the incident is missed; at 0.54 the quiet hour pages as well.
    assert [each["change"] for each in told["front"]] == [{"memory_ratio": 0.792}]
    assert told["proposal"] == [
        "-  memory_ratio: 0.9",
        "+  memory_ratio: 0.792",
    ]
    assert [path.read_bytes() for path in written] == before


@pytest.mark.thorough
def test_people_read_the_front_and_the_proposed_change(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*asked[:-2], "--factor", "0.88"]) == 0
    front, *change, record = capsys.readouterr().out.strip().splitlines()
    assert front.startswith("memory_ratio=0.792: precision 1.000, recall 1.000")
    assert change[-1] == "+  memory_ratio: 0.792"
    assert Path(record.removeprefix("record: ")).is_file()


@pytest.mark.thorough
def test_when_nothing_is_better_that_is_said(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*asked[:-4], "--factor", "1.05"]) == 0
    assert "nothing tried is better than what there is" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--threshold", "memory_rate"], "no threshold is called 'memory_rate'"),
        (["--only", "memory-nearly-gon"], "no scenario is called 'memory-nearly-gon'"),
    ],
)
def test_what_does_not_exist_is_named(
    more: list[str], says: str, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*asked, *more]) == 2
    assert says in capsys.readouterr().err
