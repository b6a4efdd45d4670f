"""Rules that many teams use: each error about them is true, and nothing makes a check fail."""

from pathlib import Path

import pytest

from alerts.checks.problem import Level
from alerts.checks.reading import read_rules
from alerts.checks.run import run_checks
from alerts.checks.subject import Around
from tests.support.yaml_text import from_yaml

CORPORA = Path(__file__).parent / "corpora"
TRUE = {tuple(each) for each in from_yaml((CORPORA / "true.yaml").read_text())}
FILES = sorted(path.name for path in CORPORA.glob("*.yaml") if path.name != "true.yaml")


@pytest.mark.parametrize("name", FILES)
def test_every_error_about_rules_in_use_is_a_true_one(name: str) -> None:
    problems = run_checks([(name, (CORPORA / name).read_text())], Around())
    errors = {(name, p.rule, p.check, p.fragment) for p in problems if p.level is Level.ERROR}
    assert errors - TRUE == set()
    assert {each for each in TRUE if each[0] == name} - errors == set()


def test_there_are_collections_enough_to_tell() -> None:
    rules, unread = read_rules([(name, (CORPORA / name).read_text()) for name in FILES])
    assert unread == []
    assert len(FILES) >= 6
    assert len(rules) >= 200


def test_most_rules_in_use_have_nothing_that_is_worth_a_look() -> None:
    """A warning is not an error, and still costs whoever reads it."""
    problems = run_checks([(name, (CORPORA / name).read_text()) for name in FILES], Around())
    warned = {(p.file, p.line) for p in problems if p.level is Level.WARNING}
    rules, _ = read_rules([(name, (CORPORA / name).read_text()) for name in FILES])
    assert len(warned) / len(rules) < 0.25
