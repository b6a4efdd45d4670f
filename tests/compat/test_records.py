"""Run records, the golden set and rule states of earlier releases, read by the verbs of today."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.compat import product
from tests.compat.frozen import RELEASES, unpacked

Captured = pytest.CaptureFixture[str]
KINDS = ("load", "golden", "drill")


@pytest.fixture(params=RELEASES, ids=lambda release: release.name)
def old(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a release's files in a place where they may be written to."""
    place = tmp_path / "old"
    place.mkdir()
    for part in ("runs", "golden", "rules", "dashboards"):
        unpacked(request.param / part, place / part)
    monkeypatch.setenv("SRE_RUNS_DIR", str(place / "runs"))
    monkeypatch.delenv("SRE_PROMETHEUS_URL", raising=False)
    return place


def told(capsys: Captured, *arguments: str) -> tuple[int, Any]:
    code = product.run(arguments)
    out, err = capsys.readouterr()
    assert out, err
    return code, json.loads(out)


def test_every_record_is_read(old: Path) -> None:
    for kind in KINDS:
        found = sorted((old / "runs" / kind).glob("*.json"))
        assert found
        for path in found:
            assert product.read_record(str(path))["id"] == path.stem


def test_load_runs_are_listed_and_compared(old: Path, capsys: Captured) -> None:
    names = {path.stem for path in (old / "runs" / "load").glob("*.json")}
    _, listed = told(capsys, "load", "list", "--limit", "100", "--json")
    assert {run["id"] for run in listed["runs"]} == names
    before, after = sorted(name for name in names if "-pass-" in name)
    code, _ = told(capsys, "load", "compare", before, after, "--json")
    assert code in {0, 1, 5}


def test_a_page_is_made_of_each_run_with_the_verdict_it_had(
    old: Path, tmp_path: Path, capsys: Captured
) -> None:
    exits = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 5, "NO DATA": 5}
    found = sorted((old / "runs" / "load").glob("*.json"))
    of_verdict = {json.loads(path.read_text(encoding="utf-8"))["verdict"]: path for path in found}
    assert of_verdict.keys() == exits.keys()
    for verdict, path in of_verdict.items():
        page = tmp_path / f"{path.stem}.html"
        code, _ = told(capsys, "report", "run", str(path), "--out", str(page), "--json")
        assert code == exits[verdict]
        assert path.stem in page.read_text(encoding="utf-8")


def test_the_golden_set_and_its_baseline_are_read(old: Path, capsys: Captured) -> None:
    _, run = told(capsys, "golden", "run", "--in-process", "--cases", str(old / "golden"), "--json")
    assert run["cases"] == 17
    assert run["gate"] is not None
    assert len(json.loads((old / "golden/baseline.json").read_text("utf-8"))["history"]) == 2


def test_the_history_of_deploys_is_read_also_with_what_a_later_release_adds(
    old: Path, capsys: Captured
) -> None:
    code, entries = told(capsys, "alerts", "history", str(old / "rules"), "--json")
    assert (code, len(entries["deploys"])) == (0, 2)
    path = old / "rules" / ".sre-alerts" / "history.jsonl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"who"', '"ticket": 7, "who"'), encoding="utf-8")
    assert told(capsys, "alerts", "history", str(old / "rules"), "--json") == (0, entries)
    path.write_text(text.replace('"who"', '"by"'), encoding="utf-8")
    assert product.run(["alerts", "history", str(old / "rules")]) == 2
    assert "use that release" in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_of_a_later_release_is_named_and_what_to_do_with_it(
    old: Path, kind: str, capsys: Captured
) -> None:
    path = min((old / "runs" / kind).glob("*.json"))
    known = f"calendar-sre/{kind}-run/v1"
    later = known.replace("/v1", "/v12")
    path.write_text(path.read_text(encoding="utf-8").replace(known, later), encoding="utf-8")
    assert product.run(["report", "run", str(path)]) == 2
    said = capsys.readouterr().err
    assert f"a later release wrote {later}, this one reads {known}: use that release" in said


def test_a_golden_baseline_of_a_later_release_is_named(old: Path, capsys: Captured) -> None:
    path = old / "golden" / "baseline.json"
    text = path.read_text(encoding="utf-8").replace("golden-baseline/v1", "golden-baseline/v2")
    path.write_text(text, encoding="utf-8")
    assert product.run(["golden", "run", "--in-process", "--cases", str(old / "golden")]) == 2
    assert "a later release wrote" in capsys.readouterr().err
