"""The table of what drills proved: no alert without a proof or a reason, none with both."""

import json
from pathlib import Path
from typing import Any

import pytest

from kit.pure.errors import BadInputError
from ops.drills import proof
from ops.drills.files import shipped_drills
from ops.drills.proof import BEGIN, END, Proof, keep, proofs_of, table, with_table

ONE = Proof("A", "a-drill", "it breaks", 4.2, 119, "2026-11-30")


def record(**more: Any) -> dict[str, Any]:
    return {
        "verdict": "PASS",
        "started_at": "2026-11-30T03:00:00+00:00",
        "config": {"drill": "a-drill", "breaks": "it breaks"},
        "alerts": [{"alert": "A", "told_after_s": 4.2, "told_after_as_shipped_s": 119}],
        **more,
    }


def test_a_record_that_passed_proves_what_arrived() -> None:
    assert list(proofs_of(record())) == [ONE]


@pytest.mark.parametrize("verdict", ["FAIL", "INCONCLUSIVE", "NO DATA"])
def test_any_other_record_proves_nothing(verdict: str) -> None:
    assert list(proofs_of(record(verdict=verdict))) == []


def test_what_did_not_arrive_is_not_proved() -> None:
    silent = {"alert": "A", "told_after_s": None, "told_after_as_shipped_s": None}
    assert list(proofs_of(record(alerts=[silent]))) == []


def test_the_table_has_a_row_for_each_alert_and_counts() -> None:
    text = table({"A": True, "B": False}, [ONE], {"B": "nobody can"})
    assert text.startswith("1 of 2 alerts are proved")
    assert "| A | [a-drill](../drills/records/a-drill.json) | after 4 s, as shipped" in text
    assert "| B | no drill | nobody can |" in text


@pytest.mark.parametrize("why_not", [{}, {"A": "no", "B": "no"}])
def test_an_alert_with_neither_or_both_is_refused(why_not: dict[str, str]) -> None:
    with pytest.raises(BadInputError, match=r"has neither|has a proof, and a reason"):
        table({"A": True, "B": False}, [ONE], why_not)


def test_an_alert_of_an_objective_that_no_drill_is_about_is_not_listed() -> None:
    text = table({"A": True, "SlotsBudgetBurnFast": True}, [ONE], {})
    assert text.startswith("1 of 1 alerts are proved")
    assert "Slots" not in text


def test_only_what_stands_between_the_marks_changes() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_table(page, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    with pytest.raises(BadInputError, match="no place"):
        with_table("a page", "new")


def test_the_records_that_are_kept_are_of_the_drills_as_they_are() -> None:
    drills = shipped_drills()
    for each in proof.kept_records():
        drill = drills[each["config"]["drill"]]
        assert each["config"]["breaks"] == drill.breaks, drill.name
        assert each["config"]["settings"] == dict(drill.settings), drill.name
        assert [(a["alert"], a["priority"], a["receiver"]) for a in each["alerts"]] == [
            (a.alert, a.priority, a.receiver) for a in drill.expects
        ], drill.name


def test_records_that_failed_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "RECORDS", tmp_path / "kept")
    monkeypatch.setattr(proof, "problems", lambda _record: [])
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "1-a.json").write_text(json.dumps(record()))
    (runs / "2-a.json").write_text(json.dumps(record(verdict="FAIL")))
    keep(runs)
    kept = json.loads((tmp_path / "kept" / "a-drill.json").read_text())
    assert kept["verdict"] == "PASS"
