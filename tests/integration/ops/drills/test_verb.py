"""The verb lists, refuses and explains without starting anything."""

import json
from pathlib import Path

import pytest

from kit.edge import records
from kit.pure.errors import BadInputError
from ops.drills.files import shipped_drills
from ops.drills.outcome import Outcome
from ops.drills.record import to_record
from sre.running import run
from tests.unit.ops.drills.test_outcome import good


@pytest.fixture(autouse=True)
def _own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))


def test_the_list_has_every_drill_with_its_alert(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["drill", "list", "--json"]) == 0
    listed = {each["name"]: each for each in json.loads(capsys.readouterr().out)["drills"]}
    assert listed.keys() == shipped_drills().keys()
    assert listed["service-killed"]["expects"][0]["priority"] == "P1"
    assert run(["drill", "list"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in shipped_drills())


@pytest.mark.parametrize(
    ("arguments", "code", "said", "hint"),
    [
        (
            ["redis-lost", "--target", "http://prod"],
            4,
            "would be broken for real",
            "leave --target",
        ),
        (["redis-lots"], 2, "no drill is called 'redis-lots'", "redis-lost"),
        (["redis-lost", "--rules", "/nowhere.yaml"], 2, "holds no rules", "rule file"),
    ],
)
def test_what_is_wrong_is_reported_before_anything_is_broken(
    arguments: list[str], code: int, said: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["drill", "run", *arguments]) == code
    error, advice = capsys.readouterr().err.splitlines()
    assert said in error
    assert hint in advice


def _saved(outcome: Outcome) -> Path:
    return records.save("drill", to_record(outcome, commit="abc", machine=records.machine()))


def test_a_record_is_found_by_its_id_and_as_the_newest() -> None:
    _saved(good())
    assert records.read("20261101T100000-redis-lost")["verdict"] == "PASS"
    assert records.read("drill") == records.latest("drill")


def test_a_damaged_record_is_no_record() -> None:
    path = _saved(good())
    path.write_text(path.read_text().replace('"PASS"', '"MAYBE"'))
    with pytest.raises(BadInputError, match="verdict"):
        records.read(str(path))


def test_a_page_of_runs_does_not_take_a_drill(capsys: pytest.CaptureFixture[str]) -> None:
    _saved(good())
    assert run(["report", "run", "drill"]) == 2
    assert "is a drill" in capsys.readouterr().err
    assert run(["report", "run"]) == 5
