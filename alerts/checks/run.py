"""Run every check on rule files, and say the result in text, JSON or SARIF."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, Final
from urllib.parse import quote

from alerts.checks import (
    alerts_annotations,
    alerts_compare,
    alerts_service,
    labels_match,
    labels_survive,
    promql_cost,
    promql_histogram,
    promql_parse,
    promql_rate,
    promql_window,
    rules_duplicate,
    series_exists,
)
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject, read_rules

Check = Callable[[Subject, Around], Iterator[Problem]]
CHECKS: Final[Mapping[str, Check]] = {
    module.NAME: module.check
    for module in (
        promql_parse, promql_rate, promql_histogram, promql_window, promql_cost, series_exists,
        labels_survive, labels_match, rules_duplicate, alerts_compare, alerts_annotations,
        alerts_service,
    )
}  # fmt: skip


_WITHOUT_TREE: Final = frozenset({promql_parse.NAME, rules_duplicate.NAME, alerts_annotations.NAME})
"""The checks that also look at a rule whose expression does not parse."""


def run_checks(sources: Iterable[tuple[str, str]], around: Around) -> tuple[Problem, ...]:
    """Return every problem of (file name, text) pairs, in the order of the files."""
    subjects, problems = read_rules(sources)
    recorded = frozenset(each.name for each in subjects if not each.is_alert)
    firsts = {each.writes: each for each in reversed(subjects)}
    around = replace(
        around, rules=tuple(subjects), recorded=around.recorded | recorded, firsts=firsts
    )
    around = replace(around, strange=series_exists.strange_metrics(around))
    found = [
        problem
        for each in subjects
        for name, check in CHECKS.items()
        if each.tree is not None or name in _WITHOUT_TREE
        for problem in check(each, around)
    ]
    return (*problems, *found)


def as_plain(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems for JSON."""
    return [asdict(each) for each in problems]


def as_sarif(problems: Iterable[Problem]) -> dict[str, Any]:
    """Return problems as SARIF 2.1.0, which code hosts show beside the line."""
    results = [
        {
            "ruleId": each.check,
            "level": "error" if each.level is Level.ERROR else "warning",
            "message": {"text": f"{each.rule}: {each.message}; {each.fix}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(each.file)},
                        "region": {"startLine": each.line},
                    }
                }
            ],
        }
        for each in problems
    ]
    rules = [{"id": name} for name in sorted({*CHECKS, *(str(r["ruleId"]) for r in results)})]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": {"name": "sre alerts check", "rules": rules}}, "results": results}
        ],
    }
