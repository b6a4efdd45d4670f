"""Rules and their tests, as files hold them."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from alerts.about import About, about_of
from alerts.behaviour.case import Case
from alerts.behaviour.cases_escalation import escalation_cases
from alerts.behaviour.cases_records import record_cases
from alerts.behaviour.catalogue import all_cases
from alerts.behaviour.promtool import record_test, test_value
from alerts.deploy.validate import parse_files
from alerts.edge.generated import (
    built_paths,
    home_of,
    objectives_of,
    receivers_of,
    rules_of,
)
from alerts.edge.own_cases import EXPECTED, own_cases, own_expected, read_expected
from alerts.edge.rule_checks import read_rule_file
from alerts.edge.shipped import load_own_rules
from alerts.names import burn_alert
from alerts.ruleset import own_of
from alerts.thresholds import Thresholds
from kit.pure.errors import BadInputError
from slo.project.project import Project
from slo.recorded import SERVICE_LABEL

_TESTS: Final = "tests"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The rules of a project, the cases of its alerts, and what is expected of them.

    `made` are the tests of alerts that have no cases: those that follow from an objective alone.
    """

    groups: list[dict[str, Any]]
    cases: dict[str, list[Case]]
    own: frozenset[str]
    expected: dict[tuple[str, str], dict[int, int]]
    about: About
    rule_files: tuple[str, ...]
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def is_own(self, alert: str) -> bool:
        """Say whether an alert is of this project alone: its own, or on one of its objectives."""
        names = [each.name for each in self.about.objectives]
        burns = {burn_alert(name, fast=fast) for name in names for fast in (True, False)}
        return alert in self.own or alert in burns

    def tests(self) -> dict[str, dict[str, Any]]:
        """Return the test of each alert, from its cases and from what it is expected to do.

        A case that nobody has looked at yet has no expectations, which is no pass.
        """
        return self.made | {
            alert: test_value(
                alert,
                cases,
                self.rule_files,
                {case.name: self.expected.get((alert, case.name), {}) for case in cases},
            )
            for alert, cases in self.cases.items()
        }

    def record_tests(self) -> dict[str, dict[str, Any]]:
        """Return the test of each recording rule; what it expects is computed, not observed.

        What the queries of an objective that stands alone count is not known here.
        """
        rules = [rule for group in self.groups for rule in group["rules"] if not is_alone(rule)]
        return {
            key: record_test(cases, self.rule_files)
            for key, cases in record_cases(rules, self.about).items()
        }


def behaviour_of(project: Project) -> Behaviour:
    """Return the rules that were built for a project, with their cases."""
    paths = built_paths(project)[:2]
    groups = load_groups(paths)
    names = {str(rule["alert"]) for group in groups for rule in group["rules"] if "alert" in rule}
    own = own_cases(project)
    limits = Thresholds()
    causes = load_own_rules(project, asdict(limits)).causes
    about = about_of(project, own_of(project, objectives_of(project)), limits, causes)
    expected = {**read_expected(EXPECTED), **own_expected(project)}
    cases = all_cases(about, names, own)
    if project.first:
        alerts = rules_of(project, objectives_of(project)).alerts()
        cases |= escalation_cases(project.name, alerts, receivers_of(project).times)
    files = tuple(str(PurePosixPath(*path.parts[-2:])) for path in paths)
    folder = home_of(project) / "generated" / _TESTS
    made = load_tests(folder) if folder.is_dir() else {}
    made = {key: test for key, test in made.items() if key in names - cases.keys()}
    return Behaviour(groups, cases, frozenset(own), expected, about, files, made)


def load_groups(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return the groups of rule files; BadInputError naming the file that is damaged."""
    texts = {str(path): read_rule_file(path) for path in paths}
    return [group for parsed in parse_files(texts).values() for group in parsed["groups"]]


def built(
    folder: Path, shipped: Mapping[str, dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the groups and the tests of a folder that `sre alerts build --out` wrote.

    Of the `shipped` alerts among them the tests are not in the folder. What the queries of others
    count is not known here, so that their recording rules have no tests.
    """
    made = folder / "generated"
    paths = [*sorted(made.glob("*.yaml")), *sorted((made / "routing").glob("*.yaml"))]
    if not paths:
        hint = f"run: sre alerts build --objectives OBJECTIVES --out {folder}"
        raise BadInputError(f"no rule files in {made}", hint=hint)
    groups = load_groups(paths)
    own = made / _TESTS
    tests = {**shipped, **(load_tests(own) if own.is_dir() else {})}
    alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
    wanted = {test_key(rule, tests) for rule in alerts}
    return groups, {key: test for key, test in tests.items() if key in wanted}


def is_alone(rule: Mapping[str, Any]) -> bool:
    """Say whether a rule records an objective that stands alone, which names its service."""
    return "record" in rule and SERVICE_LABEL in (rule.get("labels") or {})


def test_key(rule: Mapping[str, Any], tests: Container[str]) -> str:
    """Return under which name an alert's test is: its own, or with its service after a dot."""
    name = str(rule["alert"])
    of_service = f"{name}.{(rule.get('labels') or {}).get('service', '')}"
    return of_service if of_service in tests else name


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
