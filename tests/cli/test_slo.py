"""`sre slo` as it is typed."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slo.edge.files import SHIPPED
from sre.running import run
from tests.support.examples import EXAMPLES


def test_the_shipped_objectives_are_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", "validate"]) == 0
    stated = len(list(SHIPPED.glob("*.yaml")))
    assert f"{stated} objectives are valid: accuracy, availability," in capsys.readouterr().out


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
    shown = {each["name"]: each for each in json.loads(capsys.readouterr().out)["objectives"]}
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
        (["errors", "--bad", "1", "--total", "inf"], 2),
        (["errors", "--bad", "nan", "--total", "10"], 2),
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


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("5", "5 of 1,000 events were bad; 5 more may be at this traffic"),
        ("50", "50 of 1,000 events were bad; that is 40 more than the budget has at this traffic"),
    ],
)
def test_what_is_left_or_overspent_is_reported_in_events(
    bad: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["slo", "budget", "errors", "--bad", bad, "--total", "1000"])
    assert says in capsys.readouterr().out


@pytest.mark.parametrize("verb", [["show"], ["budget", "errors", "--bad=1", "--total=1000"]])
def test_tables_are_plain_when_piped(verb: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", *verb]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.startswith("objective ")


def test_one_objective_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", "validate", str(SHIPPED / "errors.yaml")]) == 0
    assert capsys.readouterr().out == "1 objective is valid: errors\n"


def test_every_mistake_of_a_folder_is_reported_at_once_with_its_next_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, wrong in (("queue-lag", "target: 1.0"), ("checkout-month", "target: 0")):
        text = (EXAMPLES / f"{name}.yaml").read_text()
        (tmp_path / f"{name}.yaml").write_text(re.sub(r" target: .*", f" {wrong}", text))
    assert run(["slo", "validate", str(tmp_path)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == ["error", "hint"] * 2
    assert "checkout-month.yaml (document 1): spec.objectives[0].target: 0" in told[0]
    assert run(["slo", "validate", str(tmp_path), "--json"]) == 2
    plain = json.loads(capsys.readouterr().out)
    assert not plain["valid"]
    assert len(plain["problems"]) == 2


def test_metrics_that_nobody_looked_for_are_said_to_be_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["slo", "validate", str(EXAMPLES)]) == 0
    told = capsys.readouterr()
    assert "objectives are valid" in told.out
    assert "payments" in told.err
    assert "--prometheus" in told.err


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_text("x" * 10_000_000), "9.5 MiB"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "is no text"),
        (lambda path: path.write_text(""), "is empty"),
        (lambda path: path.write_text("apiVersion: openslo/v1\nkind: SLO\nmeta"), "is not YAML"),
        (lambda path: path.mkdir(), "is a directory"),
        (lambda path: path.symlink_to("nowhere"), "No such file"),
    ],
)
def test_a_file_that_cannot_be_one_is_reported_in_a_line(
    make: Callable[[Path], Any], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "objective.yaml")
    assert run(["slo", "validate", str(tmp_path)]) == 2
    error, hint = capsys.readouterr().err.splitlines()
    assert says in error
    assert hint.startswith("hint: ")


def test_show_says_what_each_kind_of_promise_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slo", "show", str(EXAMPLES)]) == 0
    out = capsys.readouterr().out
    for words in (
        "99.5 % of 5m slices each 99 % good", "1M from 2026-01-01, Europe/Zurich",
        "99 % of minutes <= 60", "95 % on average over 1h slices", "99.95 %",
    ):  # fmt: skip
        assert words in out
    assert run(["slo", "show", str(EXAMPLES), "--json"]) == 0
    shown = {each["name"]: each for each in json.loads(capsys.readouterr().out)["objectives"]}
    assert shown["mail-delivery"]["policies"] == ["mail-policy", "mail-slow-burn"]
    assert shown["checkout-month"]["budgeting"] == "Timeslices"


SLOTH = EXAMPLES / "sloth" / "getting-started.yaml"


def test_an_import_prints_openslo_and_says_what_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["slo", "import", str(SLOTH)]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("apiVersion: openslo/v1")
    assert "not carried over" in told.err
    assert run(["slo", "import", str(SLOTH), "--out", str(tmp_path / "new")]) == 0
    written = tmp_path / "new" / "getting-started.yaml"
    assert written.read_text() == told.out
    assert run(["slo", "validate", str(written)]) == 0
    assert run(["slo", "import", str(SLOTH), "--out", str(tmp_path / "new")]) == 4
    again = ["slo", "import", str(SLOTH), "--out", str(tmp_path / "new"), "--overwrite", "--json"]
    capsys.readouterr()
    assert run(again) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(written)


@pytest.mark.parametrize(
    "arguments",
    [
        [str(EXAMPLES / "queue-lag.yaml")],
        [str(EXAMPLES)],
        ["nowhere.yaml"],
        [str(SLOTH), "--window", "30 days"],
    ],
)
def test_what_cannot_be_imported_is_a_bad_input(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["slo", "import", *arguments]) == 2
    error, hint = capsys.readouterr().err.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")


WHERE = ["--objectives", str(EXAMPLES)]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["booking-2", "--bad", "40", "--total", "1000"], 0, "80.0%"),
        (["checkout-month", "--bad", "40", "--total", "1000", "--at", "2026-03-16T11:00:00Z"], 1,
         "passed, ends 2026-04-01 00:00"),
        (["checkout-month", "--bad", "4", "--total", "1000", "--at", "2026-03-16T11:00:00Z"], 0,
         "lasts"),
        (["checkout-month", "--bad", "0", "--total", "0"], 5, "NO DATA"),
        (["checkout-month", "--bad", "0", "--total", "9", "--at", "2025-01-01T00:00:00Z"], 2,
         "has not begun"),
        (["booking", "--bad", "4", "--total", "1000"], 2, "name one of booking-1, booking-2"),
        (["queue-freshness", "--bad", "4"], 2, "--total is missing"),
        (["queue-freshness", "--bad", "4", "--total", "9", "--at", "now"], 2, "is not a time"),
        (["queue-freshness", "--bad", "4", "--total", "9", "--at", "2026-11-01"], 2, "no offset"),
        (["queue-freshness", "--bad", "4", "--total", "9", "--maintenance", "m"], 2, "given"),
        (["--prometheus", "http://127.0.0.1:9", "--maintenance", "nowhere.yaml"], 2, "nowhere"),
        (["--prometheus", "http://127.0.0.1:9", "--maintenance", str(SLOTH)], 2, "not a known"),
    ],
)  # fmt: skip
def test_budgets_of_other_promises(
    arguments: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["slo", "budget", *arguments, *WHERE]) == code
    told = capsys.readouterr()
    assert says in told.out + told.err
