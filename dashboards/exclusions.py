"""Exceptions to the rules, each with its reason, in dashboard-linter's `.lint` format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from dashboards.problem import Problem
from kit.pure.errors import BadInputError

Raw = Any  # Any: what YAML holds; another shape is a BadInputError of the file


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a rule does not hold; what is empty matches everything."""

    dashboard: str = ""
    panel: str = ""
    target: str = ""

    def matches(self, problem: Problem, title: str) -> bool:
        """Tell whether a problem is meant; a dashboard goes by its title or its file."""
        return (
            self.dashboard in {"", problem.dashboard, title}
            and self.panel in {"", problem.panel}
            and self.target in {"", problem.target}
        )


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Entries by rule."""

    by_rule: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    def excuse(self, problem: Problem, title: str) -> bool:
        """Tell whether a problem is a declared exception."""
        return any(entry.matches(problem, title) for entry in self.by_rule.get(problem.rule, ()))


def read_exclusions(path: str, content: str, rules: frozenset[str]) -> Exclusions:
    """Return the exclusions of a file: `exclusions: {RULE: {reason, entries: [...]}}`.

    BadInputError for what is not that shape, for a rule that does not exist, and for an
    exception without a reason.
    """
    try:
        raw = yaml.safe_load(content) or {}
        listed = raw.get("exclusions") or {}
        return Exclusions(
            {
                name.removesuffix("-rule"): _entries(path, name, one, rules)
                for name, one in listed.items()
            }
        )
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError, TypeError) as err:
        raise BadInputError(
            f"{path} is no list of exclusions: {err}",
            hint="write `exclusions: {RULE: {reason: why, entries: [{dashboard: …, panel: …}]}}`",
        ) from err


def _entries(path: str, rule: str, raw: Raw, rules: frozenset[str]) -> tuple[Entry, ...]:
    name = rule.removesuffix("-rule")
    if name not in rules:
        raise BadInputError(
            f"{path} excludes the unknown rule {rule!r}",
            hint=f"the rules are {', '.join(sorted(rules))}",
        )
    raw = raw or {}
    listed = raw.get("entries") or [{}]
    found = []
    for item in listed:
        if not (item.get("reason") or raw.get("reason")):
            raise BadInputError(
                f"{path} excludes {rule} without a reason", hint="add `reason: …` to the entry"
            )
        found.append(Entry(*(str(item.get(key, "")) for key in ("dashboard", "panel", "target"))))
    return tuple(found)
