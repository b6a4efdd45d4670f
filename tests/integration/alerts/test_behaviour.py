"""Every rule does what its tests say, and no change to a rule goes unnoticed."""

import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import promql_parser
import pytest

from alerts.behaviour.mutants import expressions, mutants
from alerts.edge import mutating
from alerts.edge.behaviour import Watched, verify, watched_rules
from alerts.edge.behaviour_files import is_alone, load_groups, load_tests
from alerts.edge.mutating import mutate_all
from kit.pure.errors import BadInputError
from tests.support.calendar_alerts import behaviour, shipped_tests
from tests.support.shortest_cases import fires, minutes_of, shortest

PromTool = Callable[[Sequence[Path]], list[str]]
GROUPS = behaviour().groups
RULES = [rule for group in GROUPS for rule in group["rules"]]
ALERTS = sorted(rule["alert"] for rule in RULES if "alert" in rule)


def shipped(*only: str) -> list[Watched]:
    return watched_rules(GROUPS, shipped_tests(), behaviour().record_tests(), only)


def test_every_rule_has_tests_and_every_test_has_a_rule() -> None:
    assert len(shipped()) == len([rule for rule in RULES if not is_alone(rule)])
    assert sorted(shipped_tests()) == ALERTS
    assert sorted([*behaviour().cases, *behaviour().made]) == ALERTS
    for fewer in (shipped_tests(), behaviour().record_tests()):
        name = min(fewer)
        del fewer[name]
        alerts, records = (
            (fewer, behaviour().record_tests()) if name in ALERTS else (shipped_tests(), fewer)
        )
        with pytest.raises(BadInputError, match=f"{name} has no test") as caught:
            watched_rules(GROUPS, alerts, records)
        assert "cases" in caught.value.hint
    with pytest.raises(BadInputError, match="Stray is a test without a rule"):
        watched_rules(GROUPS, {**shipped_tests(), "Stray": {}}, behaviour().record_tests())


def test_every_alert_is_put_into_a_situation_where_it_fires_and_one_where_it_does_not() -> None:
    for name, cases in behaviour().cases.items():
        fires = {case.fires for case in cases}
        assert fires == ({True} if name == "Watchdog" else {True, False}), name
        assert len({case.name for case in cases}) == len(cases), name


@pytest.mark.long
def test_every_rule_does_what_its_shortest_cases_say(promtool: PromTool) -> None:
    """All others are for `sre alerts test` and `make thorough`."""
    assert promtool([])
    assert verify([shortest(each) for each in shipped()]) == []


def test_every_alert_fires_in_its_shortest_cases_and_they_are_a_small_part_of_all() -> None:
    every, some = shipped(), [shortest(each) for each in shipped()]
    alerts = [each for each in some if "alert" in each.rule]
    assert all(any(map(fires, each.test["tests"])) for each in alerts)
    minutes = [
        sum(minutes_of(case) for each in of if "alert" in each.rule for case in each.test["tests"])
        for of in (some, every)
    ]
    assert minutes[0] < minutes[1] / 4


@pytest.mark.timeout(7200)
@pytest.mark.long
@pytest.mark.thorough
def test_every_rule_does_what_its_tests_say(promtool: PromTool) -> None:
    assert promtool([])
    assert verify(shipped()) == []


@pytest.mark.timeout(7200)
@pytest.mark.long
@pytest.mark.thorough
def test_what_is_left_out_below_a_rule_changes_none_of_its_answers(promtool: PromTool) -> None:
    """With all recording rules below it, not only those that it reads, an alert does the same."""
    assert promtool([])
    every = [rule for rule in RULES if "record" in rule]
    assert verify([replace(each, below=every) for each in shipped() if each.below]) == []


@pytest.mark.timeout(7200)
@pytest.mark.long
@pytest.mark.thorough
def test_every_changed_threshold_window_or_comparison_is_noticed(promtool: PromTool) -> None:
    assert promtool([])
    found = mutate_all(shipped(), print)
    assert (found.alive, found.undecided) == ((), ())
    assert found.killed == found.tried > 10 * len(RULES)


def test_a_changed_rule_that_no_test_notices_is_named(promtool: PromTool) -> None:
    assert promtool([])
    (watched,) = shipped("ReviewQueueLong")
    silent = [case for case in watched.test["tests"] if case["name"] == "no data at all"]
    blind = Watched(watched.name, watched.below, watched.rule, {**watched.test, "tests": silent})
    found = mutate_all([blind], print)
    assert len(found.alive) == found.tried > 0
    assert any(told.endswith("> 200 to 220") for told in found.alive)
    assert found.said() == f"0 of {found.tried} mutants killed"


def test_a_slow_machine_leaves_changes_undecided_and_never_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "promtool"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(slow.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    for name in ("_PATIENCE_S", "_ALONE_S"):
        monkeypatch.setattr(mutating, name, 0.05)
    found = mutate_all(shipped("ReviewQueueLong"), print)
    assert found.alive == ()
    assert len(found.undecided) == found.tried > 0
    assert found.said() == f"0 of {found.tried} mutants killed, {found.tried} not decided in time"


def test_every_changed_rule_is_a_rule_that_prometheus_would_take() -> None:
    """Otherwise a mutant would count as noticed because it is refused."""
    changed: list[dict[str, Any]] = []
    for rule in RULES:
        tried = list(mutants(rule))
        assert len({told for told, _ in tried}) == len(tried)
        assert all(each != rule for _, each in tried)
        changed += [each for _, each in tried]
    for each in changed:
        promql_parser.parse(each["expr"])


def test_a_mutant_changes_every_number_window_comparison_and_waiting_time() -> None:
    told = [what for what, _ in mutants(
        {"alert": "A", "expr": 'sum(rate(x{a="5"}[5m])) / 2 > 0.5', "for": "4m"})]  # fmt: skip
    assert len(told) == 2 + 2 + 2 + 2 + 2
    assert len(list(expressions("histogram_quantile(0.95, x) >= 2"))) == 2 + 2 + 2
    assert all('a="5"' in expr for _, expr in expressions('x{a="5"} > 1'))


def test_a_test_that_expects_nothing_is_no_pass() -> None:
    (watched,) = shipped("Watchdog")
    test = watched.test
    empty = [{**case, "promql_expr_test": []} for case in test["tests"]]
    for tests in ([], empty, [*test["tests"], *empty[:1]]):
        (said,) = verify([Watched("Watchdog", [], watched.rule, {**test, "tests": tests})])
        assert said.startswith("Watchdog: its test expects nothing; run: sre alerts test --bless ")


def test_a_wrong_answer_and_a_broken_rule_both_fail(promtool: PromTool) -> None:
    assert promtool([])
    (watched,) = shipped("Watchdog")
    assert verify([watched]) == []
    for expr in ("vector(1) > 2", "sum(("):
        broken = {"alert": "Watchdog", "expr": expr}
        (said,) = verify([Watched("Watchdog", [], broken, watched.test)])
        assert said.startswith("Watchdog: promtool says FAILED")


@pytest.mark.parametrize("text", ["{", "[]", '{"tests": 3}', '{"tests": [1]}', "\xff"])
def test_a_damaged_test_file_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "Watchdog.json").write_text(text, encoding="latin-1")
    with pytest.raises(BadInputError, match=r"Watchdog\.json is no test file") as told:
        load_tests(tmp_path)
    assert told.value.hint.startswith("make it anew: sre alerts build --objectives")


@pytest.mark.parametrize("text", ["groups: [", "", "groups:\n- name: a\n", "- 1\n", "\xff"])
def test_a_damaged_rule_file_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(BadInputError, match=r"calendar\.yaml: "):
        load_groups([path])
