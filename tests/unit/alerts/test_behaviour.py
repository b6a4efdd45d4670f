"""Every alert does what its tests say, and no change to a rule goes unnoticed."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from alerts.behaviour.catalogue import all_cases
from alerts.behaviour.mutants import expressions, mutants
from ops.alerts.behaviour import load_groups, load_tests, mutate_all, shipped_groups, verify
from ops.objectives import load_objectives
from slo.errors import BadInputError

PromTool = Callable[[Sequence[Path]], list[str]]
RULES = [rule for group in shipped_groups() for rule in group["rules"]]
ALERTS = sorted(rule["alert"] for rule in RULES if "alert" in rule)
# Budgets are watched over days, which takes minutes to replay for every mutant.
QUICK = [name for name in ALERTS if "Budget" not in name and not name.endswith("Missing")
         and name not in {"SeriesGone", "AccuracyUnknown", "AccuracySliceDropped"}]  # fmt: skip


def test_every_alert_has_tests_and_every_test_has_an_alert() -> None:
    assert sorted(load_tests()) == ALERTS
    assert sorted(all_cases(load_objectives())) == ALERTS


def test_every_alert_is_put_into_a_situation_where_it_fires_and_one_where_it_does_not() -> None:
    for name, cases in all_cases(load_objectives()).items():
        fires = {case.fires for case in cases}
        assert fires == ({True} if name == "Watchdog" else {True, False}), name


@pytest.mark.timeout(900)
@pytest.mark.long
def test_every_alert_does_what_its_tests_say(promtool: PromTool) -> None:
    assert promtool([])
    assert verify(load_tests(), shipped_groups()) == []


@pytest.mark.timeout(900)
@pytest.mark.long
@pytest.mark.thorough
def test_a_changed_threshold_window_or_comparison_is_noticed(promtool: PromTool) -> None:
    """One in six of the alerts that are quick to replay; all of those with SRE_ALL_MUTANTS=1."""
    assert promtool([])
    chosen = QUICK if os.environ.get("SRE_ALL_MUTANTS") else QUICK[::6]
    tests = load_tests()
    alive, tried = mutate_all({name: tests[name] for name in chosen}, shipped_groups(), print)
    assert alive == []
    assert tried > 3 * len(chosen)


def test_a_mutant_changes_every_number_window_comparison_and_waiting_time() -> None:
    told = [what for what, _ in mutants(
        {"alert": "A", "expr": 'sum(rate(x{a="5"}[5m])) / 2 > 0.5', "for": "4m"})]  # fmt: skip
    assert len(told) == 2 + 2 + 2 + 1 + 2
    assert all('a="5"' in expr for _, expr in expressions('x{a="5"} > 1'))


def test_a_test_that_expects_nothing_is_no_pass() -> None:
    test = load_tests()["Watchdog"]
    empty = [{**case, "promql_expr_test": []} for case in test["tests"]]
    for tests in ([], empty, [*test["tests"], *empty[:1]]):
        (said,) = verify({"Watchdog": {**test, "tests": tests}}, shipped_groups())
        assert said == "Watchdog: its test expects nothing"


def test_a_wrong_answer_and_a_broken_rule_both_fail(promtool: PromTool) -> None:
    assert promtool([])
    test = load_tests()["Watchdog"]
    assert verify({"Watchdog": test}, shipped_groups()) == []
    (said,) = verify({"Watchdog": test}, [{"name": "a", "rules": []}])
    assert said.startswith("Watchdog: promtool exits with 1")
    broken = [{"name": "a", "rules": [{"alert": "Watchdog", "expr": "sum(("}]}]
    (said,) = verify({"Watchdog": test}, broken)
    assert said.startswith("Watchdog: promtool exits with 1")


@pytest.mark.parametrize("text", ["{", "[]", '{"tests": 3}', '{"tests": [1]}', "\xff"])
def test_a_damaged_test_file_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "Watchdog.json").write_text(text, encoding="latin-1")
    with pytest.raises(BadInputError, match=r"Watchdog\.json is no test file") as told:
        load_tests(tmp_path)
    assert told.value.hint == "make it anew: sre alerts test --bless --only Watchdog"


@pytest.mark.parametrize("text", ["groups: [", "", "groups:\n- name: a\n", "- 1\n", "\xff"])
def test_a_damaged_rule_file_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(BadInputError, match=r"calendar\.yaml: "):
        load_groups([path])
