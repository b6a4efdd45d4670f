"""Rules and their tests, as files hold them."""

import json
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from alerts.behaviour.cases_records import record_cases
from alerts.behaviour.catalogue import all_cases
from alerts.behaviour.promtool import TOTAL, record_test, test_value
from alerts.build import ESCALATION_PATH, RULES_PATH
from alerts.deploy.validate import parse_files
from alerts.edge.rule_checks import read_rule_file
from alerts.edge.shipped import HOME
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError
from slo.edge.files import load_objectives

EXPECTED: Final = HOME / "behaviour" / "expected.jsonl"
"""What each shipped alert does in each of its cases: when how many instances of it fire."""
RULE_FILES: Final = ("calendar.yaml", "routing/escalation.yaml")
_TESTS: Final = "tests"


def shipped_groups() -> list[dict[str, Any]]:
    """Return the groups of the generated rule files."""
    return load_groups([HOME / RULES_PATH, HOME / ESCALATION_PATH])


def load_groups(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return the groups of rule files; BadInputError naming the file that is damaged."""
    texts = {str(path): read_rule_file(path) for path in paths}
    return [group for parsed in parse_files(texts).values() for group in parsed["groups"]]


def built(folder: Path) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the groups and the tests of a folder that `sre alerts build --out` wrote.

    Of the shipped alerts among them the tests ship as well. What the queries of others count is
    not known here, so that their recording rules have no tests.
    """
    made = folder / RULES_PATH.rpartition("/")[0]
    paths = [*sorted(made.glob("*.yaml")), *sorted((made / "routing").glob("*.yaml"))]
    if not paths:
        hint = f"run: sre alerts build --objectives OBJECTIVES --out {folder}"
        raise BadInputError(f"no rule files in {made}", hint=hint)
    groups = load_groups(paths)
    own = made / _TESTS
    tests = {**shipped_tests(), **(load_tests(own) if own.is_dir() else {})}
    alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
    wanted = {test_key(rule, tests) for rule in alerts}
    return groups, {key: test for key, test in tests.items() if key in wanted}


def test_key(rule: Mapping[str, Any], tests: Container[str]) -> str:
    """Return under which name an alert's test is: its own, or with its service after a dot."""
    name = str(rule["alert"])
    of_service = f"{name}.{(rule.get('labels') or {}).get('service', '')}"
    return of_service if of_service in tests else name


def shipped_tests() -> dict[str, dict[str, Any]]:
    """Return the test of each shipped alert, from its cases and from what it is expected to do.

    A case that nobody has looked at yet has no expectations, which is no pass.
    """
    expected = read_expected()
    return {
        alert: test_value(
            alert,
            cases,
            RULE_FILES,
            {case.name: expected.get((alert, case.name), {}) for case in cases},
        )
        for alert, cases in all_cases(load_objectives()).items()
    }


def record_tests(groups: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the test of each recording rule; what it expects is computed, not observed."""
    rules = [rule for group in groups for rule in group["rules"]]
    return {
        key: record_test(cases, RULE_FILES)
        for key, cases in record_cases(rules, load_objectives()).items()
    }


def read_expected(path: Path = EXPECTED) -> dict[tuple[str, str], dict[int, int]]:
    """Return by alert and case how many instances fire at which minute, under TOTAL in all."""
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            pinned = {int(minute): int(count) for minute, count in row["firing"].items()}
            total = {TOTAL: int(row["total"])} if "total" in row else {}
            found[str(row["alert"]), str(row["case"])] = {**pinned, **total}
        except (ValueError, KeyError, TypeError, AttributeError) as err:
            raise BadInputError(
                f"{path}:{number}: no expectation: {err}", hint="run: sre alerts test --bless"
            ) from err
    return found


def write_expected(
    expected: Mapping[tuple[str, str], Mapping[int, int]], path: Path = EXPECTED
) -> None:
    """Write what every alert is expected to do, a line a case."""
    rows = []
    for (alert, case), counts in sorted(expected.items()):
        firing = {str(minute): count for minute, count in counts.items() if minute >= 0}
        total = {"total": counts[TOTAL]} if TOTAL in counts else {}
        row = {"alert": alert, "case": case, "firing": firing, **total}
        rows.append(json.dumps(row, ensure_ascii=False))
    write_whole(path, "\n".join(rows) + "\n")


def load_tests(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the test of each alert that `sre alerts build --out` wrote beside its rules.

    Raises BadInputError for a damaged one.
    """
    found = {path.stem: _test_of(path) for path in sorted(folder.glob("*.json"))}
    if not found:
        raise BadInputError(f"no tests in {folder}", hint="run `sre alerts build` again")
    return found


def _test_of(path: Path) -> dict[str, Any]:
    hint = "make it anew: sre alerts build --objectives OBJECTIVES --out FOLDER"
    try:
        test = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise BadInputError(f"{path} is no test file: {err}", hint=hint) from err
    if not isinstance(test, dict) or not isinstance(test.get("tests"), list):
        raise BadInputError(f"{path} is no test file: it has no list `tests`", hint=hint)
    if not all(isinstance(case, dict) for case in test["tests"]):
        raise BadInputError(f"{path} is no test file: a case is no mapping", hint=hint)
    return test
