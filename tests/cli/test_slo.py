"""`sre slo` as it is typed."""

import json
import shutil
from pathlib import Path

import pytest

from ops.cli.main import run
from ops.objectives import SHIPPED


def test_the_shipped_objectives_are_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", "validate"]) == 0
    assert "4 objectives are valid" in capsys.readouterr().out


def test_a_wrong_target_is_one_line_with_a_hint_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(SHIPPED, tmp_path / "slo")
    path = tmp_path / "slo/errors.yaml"
    path.write_text(path.read_text().replace("target: 0.99", "target: 99"))
    assert run(["slo", "validate", str(tmp_path / "slo")]) == 2
    error, hint = capsys.readouterr().err.strip().splitlines()
    assert "errors.yaml: spec.objectives[0].target: 99" in error
    assert "0.99" in hint


def test_show_tells_what_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", "show", "--json"]) == 0
    shown = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert shown["availability"]["target"] == 0.999
    assert shown["latency"]["tiers"][0]["bad_share"] == pytest.approx(0.2355, abs=0.001)
    assert run(["slo", "show"]) == 0
    assert "availability" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["errors", "--bad", "5", "--total", "1000"], 0),
        (["errors", "--bad", "20", "--total", "1000"], 1),
        (["errors", "--bad", "0", "--total", "0"], 5),
        (["errors", "--bad", "5", "--total", "0"], 5),
        (["errors", "--bad", "5", "--total", "1"], 2),
        (["--bad", "1", "--total", "3000"], 2),
        (["--bad", "5", "--total", "3"], 2),
        (["eror", "--bad", "1", "--total", "10"], 2),
        (["errors"], 2),
        (["errors", "--prometheus", "http://127.0.0.1:9"], 3),
    ],
)
def test_the_budget_verb_exits_by_the_documented_codes(
    arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SRE_PROMETHEUS_URL", raising=False)
    assert run(["slo", "budget", *arguments]) == code


def test_counts_of_nobody_ask_whose_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", "budget", "--bad", "1", "--total", "3000"]) == 2
    assert "name one of accuracy, availability, errors, latency" in capsys.readouterr().err


def test_counts_of_the_only_objective_of_a_file_need_no_name() -> None:
    one = str(SHIPPED / "errors.yaml")
    assert run(["slo", "budget", "--bad", "1", "--total", "1000", "--objectives", one]) == 0


def test_nothing_counted_is_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", "budget", "errors", "--bad", "5", "--total", "0"]) == 5
    told = capsys.readouterr()
    assert "NO DATA" in told.out
    assert "swap" not in told.err


@pytest.mark.parametrize("verb", [["show"], ["budget", "errors", "--bad=1", "--total=1000"]])
def test_tables_are_plain_when_piped(verb: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", *verb]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.startswith("objective ")


def test_one_objective_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", "validate", str(SHIPPED / "errors.yaml")]) == 0
    assert capsys.readouterr().out == "1 objective is valid: errors\n"
