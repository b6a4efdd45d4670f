"""What a check looks at: one rule with its place, and what is known around it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from alerts.checks.problem import Level, Problem
from slo.catalogue import Metric
from slo.series import parse

Series = tuple[bool, str, frozenset[tuple[str, str]]]
"""Whether it is an alert, its name, its labels."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One rule; `tree` is promql-parser's and None when the expression does not parse."""

    file: str
    line: int
    group: str
    body: Mapping[str, Any]
    expr: str
    tree: Any

    @property
    def name(self) -> str:
        """Return the name of the alert or of the recorded series."""
        return str(self.body.get("alert") or self.body.get("record") or "")

    @property
    def is_alert(self) -> bool:
        """Return whether it is an alerting rule."""
        return "alert" in self.body

    @property
    def writes(self) -> Series:
        """Return what tells the series that it writes from those of other rules."""
        labels = self.body.get("labels") or {}
        return (self.is_alert, self.name, frozenset((k, str(v)) for k, v in labels.items()))

    def problem(
        self, check: str, message: str, fix: str, *, fragment: str = "", level: Level = Level.ERROR
    ) -> Problem:
        """Return a problem of this rule."""
        return Problem(check, level, self.file, self.line, self.name, fragment, message, fix)


@dataclass(frozen=True, slots=True)
class Strange:
    """The metrics of another service in a file, and line and text of the first rule to read one.

    `mostly` says that most of the file is about it, so that names which it shares with the
    project's metrics are its own.
    """

    metrics: tuple[str, ...] = ()
    first: tuple[int, str] = (0, "")
    mostly: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What is known: all rules, the metrics that exist, how often is scraped, the pages.

    `service` is whose rules these are; without `catalogued` nobody wrote down which metrics it has.
    `live` are the metrics of a server with their labels; None when no server was asked. `strange`
    is by file what is another service's, `firsts` the first rule that writes each series.
    """

    rules: tuple[Subject, ...]
    metrics: Mapping[str, Metric]
    live: Mapping[str, frozenset[str]] | None = None
    scrape_s: float = 15.0
    service: str = ""
    catalogued: bool = True
    pages: frozenset[str] | None = None
    recorded: frozenset[str] = field(default=frozenset())
    strange: Mapping[str, Strange] = field(default_factory=dict)
    firsts: Mapping[Series, Subject] = field(default_factory=dict)


def read_rules(sources: Iterable[tuple[str, str]]) -> tuple[list[Subject], list[Problem]]:
    """Return the rules of (file name, text) pairs, and what kept others from being read."""
    subjects: list[Subject] = []
    problems: list[Problem] = []
    for file, text in sources:
        try:
            node = yaml.compose(text, yaml.SafeLoader)
            value = yaml.safe_load(text)
        except yaml.YAMLError as err:
            line = getattr(getattr(err, "problem_mark", None), "line", 0) + 1
            problems.append(_unreadable(file, line, "is not YAML", "fix the syntax"))
            continue
        try:
            found = list(_rules(file, node, value))
        except (AttributeError, KeyError, TypeError, IndexError):
            found = []
        if not found:
            problems.append(_unreadable(file, 1, "is no rule file", "is it empty, or cut short?"))
        subjects += found
    return subjects, problems


def _unreadable(file: str, line: int, message: str, fix: str) -> Problem:
    return Problem("file/readable", Level.ERROR, file, line, "", "", message, fix)


def _rules(file: str, node: Any, value: Any) -> Iterator[Subject]:
    lines = _lines(node)
    for g, group in enumerate(value["groups"]):
        for r, rule in enumerate(group.get("rules") or ()):
            expr = str(rule["expr"])
            try:
                tree = parse(expr)
            except ValueError:
                tree = None
            yield Subject(file, lines[g][r], group["name"], rule, expr, tree)


def _lines(node: Any) -> list[list[int]]:
    """Return the line of each rule of each group, counted from one."""

    def child(mapping: Any) -> dict[str, Any]:
        if not isinstance(mapping, yaml.MappingNode):
            raise TypeError("a rule file is made of mappings")
        return {name.value: value for name, value in mapping.value}

    groups = [child(group) for group in child(node)["groups"].value]
    return [
        [rule.start_mark.line + 1 for rule in group["rules"].value] if "rules" in group else []
        for group in groups
    ]
