"""Say what was found: in JSON, in SARIF, or as annotations of a run on GitHub."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final
from urllib.parse import quote

from alerts.checks.problem import Level, Problem
from alerts.checks.run import NAMES
from kit.pure.json_values import JsonObject

_SARIF: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
_GITHUB: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}


def as_plain(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Return problems for JSON."""
    return [asdict(each) for each in problems]


def as_sarif(problems: Iterable[Problem]) -> JsonObject:
    """Return problems as SARIF 2.1.0, which code hosts show beside the line."""
    results = [
        {
            "ruleId": each.check,
            "level": _SARIF[each.level],
            "message": {"text": f"{_of(each)}{each.message}; {each.fix}"},
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
    rules = [{"id": name} for name in sorted({*NAMES, *(str(r["ruleId"]) for r in results)})]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": {"name": "sre alerts check", "rules": rules}}, "results": results}
        ],
    }


def as_github(problem: Problem) -> str:
    """Return a problem as a workflow command of GitHub, which shows it beside the line."""
    shown = f": {problem.fragment}" if problem.fragment else ""
    said = f"{_of(problem)}{problem.message}{shown}; {problem.fix}"
    return (
        f"::{_GITHUB[problem.level]} file={_property(problem.file)},line={problem.line}"
        f",title={_property(problem.check)}::{_data(said)}"
    )


def _of(problem: Problem) -> str:
    return f"{problem.rule}: " if problem.rule else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
