"""Rules and their tests, as files hold them."""

import json
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from alerts.build import ESCALATION_PATH, RULES_PATH
from alerts.deploy.validate import parse_files
from alerts.edge.shipped import HOME
from alerts.edge.tools import read_rule_file
from kit.pure.errors import BadInputError

TESTS: Final = HOME / "generated" / "tests"
RECORDS: Final = TESTS / "records"


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
    own = made / TESTS.name
    tests = {**load_tests(), **(load_tests(own) if own.is_dir() else {})}
    alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
    wanted = {test_key(rule, tests) for rule in alerts}
    return groups, {key: test for key, test in tests.items() if key in wanted}


def test_key(rule: Mapping[str, Any], tests: Container[str]) -> str:
    """Return under which name an alert's test is: its own, or with its service after a dot."""
    name = str(rule["alert"])
    of_service = f"{name}.{(rule.get('labels') or {}).get('service', '')}"
    return of_service if of_service in tests else name


def load_tests(folder: Path = TESTS) -> dict[str, dict[str, Any]]:
    """Return the committed test file of each alert; BadInputError for a damaged one."""
    found = {path.stem: _test_of(path) for path in sorted(folder.glob("*.json"))}
    if not found:
        raise BadInputError(f"no tests in {folder}", hint="run: sre alerts test --bless")
    return found


def _test_of(path: Path) -> dict[str, Any]:
    hint = f"make it anew: sre alerts test --bless --only {path.stem}"
    try:
        test = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise BadInputError(f"{path} is no test file: {err}", hint=hint) from err
    if not isinstance(test, dict) or not isinstance(test.get("tests"), list):
        raise BadInputError(f"{path} is no test file: it has no list `tests`", hint=hint)
    if not all(isinstance(case, dict) for case in test["tests"]):
        raise BadInputError(f"{path} is no test file: a case is no mapping", hint=hint)
    return test
