"""Run the behaviour tests of every rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from alerts.behaviour.cases_records import key_of
from alerts.behaviour.promtool import said_of_files
from alerts.behaviour.pruning import pruned
from alerts.edge.behaviour_files import is_alone, test_key
from alerts.edge.bench import Bench, RuleTests, bench
from alerts.edge.own_cases import cases_file
from kit.pure.errors import BadInputError
from slo.series import selectors

_AT_ONCE: Final = 8
"""How many rules one run of promtool tests: a run in a container costs half a second to start."""
_SUCCESS: Final = "SUCCESS"
_NEVER_RECORDED: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE", "up"})

Groups = Sequence[Mapping[str, Any]]
Tests = Mapping[str, Mapping[str, Any]]
Pins = Mapping[int, int]
_Rules = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Watched:
    """A rule, the recording rules below it in their order, and its test file."""

    name: str
    below: Sequence[Mapping[str, Any]]
    rule: Mapping[str, Any]
    test: Mapping[str, Any]


def watched_rules(
    groups: Groups, tests: Tests, records: Tests | None = None, only: Sequence[str] = (),
    *, cases: str = "",
) -> list[Watched]:  # fmt: skip
    """Return every rule with its test; `only` limits it to alerts and records of these names.

    `cases` is the file of those of the project's own alerts.

    Without tests of `records` only the alerts are watched. Raises BadInputError for a rule without
    a test and for a test without a rule.
    """
    rules = [rule for group in groups for rule in group["rules"]]
    if records is None:
        rules, records = [rule for rule in rules if "alert" in rule], {}
    found, used = [], set[str]()
    for rule in (each for each in rules if not is_alone(each)):
        name = str(rule.get("alert") or key_of(rule))
        key = test_key(rule, tests) if "alert" in rule else name
        test = (tests if "alert" in rule else records).get(key)
        if test is None:
            raise BadInputError(f"{name} has no test", hint=_where_to_test(name, rule, cases))
        used.add(key)
        below = [each for each in pruned(groups, name)["groups"][0]["rules"] if "record" in each]
        made = "alert" in rule and (_gives_raw(test) or _lacks(rule, below, test))
        if not only or name in only:
            found.append(Watched(name, below if made else [], rule, test))
    for name in sorted({*tests, *records} - used):
        raise BadInputError(
            f"{name} is a test without a rule",
            hint="remove its cases, or write the rule",
        )
    return found


def _where_to_test(name: str, rule: Mapping[str, Any], cases: str) -> str:
    """Return which file says what a rule should do."""
    if "record" in rule:
        return "compute what it records, in alerts/behaviour/cases_records.py"
    return (
        f"say when it fires and when not, in {cases or cases_file(None)}, "
        f"then: sre alerts test --bless --only {name}"
    )


def _gives_raw(test: Mapping[str, Any]) -> bool:
    """Say whether some case gives raw series alone, of which recorded ones are to be made."""
    return any(_is_raw(case) for case in test["tests"])


def _is_raw(case: Mapping[str, Any]) -> bool:
    names = _given(case)
    return bool(names - _NEVER_RECORDED) and not any(":" in name for name in names)


def _lacks(rule: Mapping[str, Any], below: _Rules, test: Mapping[str, Any]) -> bool:
    """Say whether the alert reads a recorded series that no case gives: it is made of the others.

    Without it the test would run on less than what its expectations were noted from.
    """
    reads = {each.metric for each in selectors(str(rule["expr"]))}
    given = set[str]().union(*(_given(case) for case in test["tests"]))
    return bool(reads & {each["record"] for each in below} - given)


def _given(case: Mapping[str, Any]) -> set[str]:
    return {each["series"].partition("{")[0] for each in case["input_series"]}


def verify(watched: Sequence[Watched]) -> list[str]:
    """Run committed tests, each with only the rules it needs; return what failed.

    A test that expects nothing is no pass, nor is one that promtool does not call a success.
    """
    count = -(-len(watched) // _AT_ONCE)  # neighbours are alike, so each run gets some of each kind
    batches = [watched[start::count] for start in range(count)]
    with bench() as used:
        found = used.pool.map(partial(_failures, used), batches)
        return [failure for failures in found for failure in failures]


def _failures(used: Bench, watched: Sequence[Watched]) -> list[str]:
    """Return what is wrong with some rules, all tested by one run of promtool."""
    empty = [each.name for each in watched if not expectations(each.test)]
    asked = [each for each in watched if each.name not in empty]
    said = said_of_each(used, [(_rules(each), each.test) for each in asked]) if asked else []
    failed = [
        f"{each.name}: promtool says {answer[:600] or 'nothing of it'}"
        for each, answer in zip(asked, said, strict=True)
        if answer != _SUCCESS
    ]
    hint = "sre alerts test --bless --only"
    return [*(f"{name}: its test expects nothing; run: {hint} {name}" for name in empty), *failed]


def said_of_each(used: Bench, tests: RuleTests) -> list[str]:
    """Return what promtool says of each test."""
    paths, said = used.said(tests)
    of_file = said_of_files(said)
    return [of_file.get(path, "") for path in paths]


def _rules(each: Watched) -> dict[str, Any]:
    return {"groups": [{"name": "pruned", "rules": [*each.below, each.rule]}]}


def expectations(test: Mapping[str, Any]) -> int:
    """Return how many answers a test file asks for; 0 when one of its cases asks for none."""
    kinds = ("promql_expr_test", "alert_rule_test")
    counts = [sum(len(case.get(kind) or ()) for kind in kinds) for case in test["tests"]]
    return sum(counts) if all(counts) else 0
