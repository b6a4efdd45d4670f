"""What is built and tested for the calendar's own project."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from alerts.edge.behaviour_files import Behaviour, behaviour_of
from alerts.edge.generated import Where, rules_of
from alerts.edge.generated import generated as generated_for
from alerts.rule import RuleSet
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED, load_project
from slo.project.project import Project

CALENDAR: Final[Project] = load_project(SHIPPED)
SERVICE: Final = CALENDAR.name


def generated(objectives: Path | None = None) -> dict[str, str]:
    """Return what `sre alerts build` writes."""
    return generated_for(CALENDAR, Where(objectives)).texts


def shipped_rules() -> RuleSet:
    """Return the rules of the shipped objectives."""
    return rules_of(CALENDAR, load_objectives())


@cache
def behaviour() -> Behaviour:
    """Return the shipped rules with the cases of their alerts."""
    return behaviour_of(CALENDAR)


def shipped_tests() -> dict[str, dict[str, Any]]:
    """Return the test of each alert that ships."""
    return behaviour().tests()
