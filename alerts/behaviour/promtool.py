"""Cases to promtool's test files, and what promtool says about them."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from alerts.behaviour.case import Case
from alerts.behaviour.cases_records import RecordCase
from kit.pure.json_values import JsonObject

TOTAL: Final = -1
"""The key under which a case keeps how many samples of the alert fire in all."""
_FILE: Final = re.compile(r"Unit Testing:\s+(\S+)")


def test_value(alert: str, cases: Sequence[Case], rule_files: Sequence[str],
               expected: Mapping[str, Mapping[int, int]]) -> JsonObject:  # fmt: skip
    """Return a test file: for each case, how many instances of the alert fire at which minute."""
    return {
        "rule_files": list(rule_files),
        "evaluation_interval": "1m",
        "tests": [_test(alert, case, expected[case.name]) for case in cases],
    }


def record_test(cases: Sequence[RecordCase], rule_files: Sequence[str]) -> JsonObject:
    """Return a test file: what a recording rule records at one moment of each case."""
    ((every_s, at_s),) = {(case.every_s, case.at_s) for case in cases}
    return {
        "rule_files": list(rule_files),
        "evaluation_interval": f"{at_s + every_s // 2}s",
        "tests": [
            {
                "interval": f"{every_s}s",
                "name": case.name,
                "input_series": [{"series": k, "values": v} for k, v in case.series.items()],
                "promql_expr_test": [
                    _recorded(series, value, at_s + every_s // 2)
                    for series, value in case.answers.items()
                ],
            }
            for case in cases
        ],
    }


def _recorded(series: str, value: float | None, at_s: int) -> JsonObject:
    """Return the check that a series has this value, to a millionth, or is not there."""
    expr = f"count({series}) or vector(0)"
    if value is not None:
        # One series and no other: whatever is there beside it counts against it.
        right = f"count(abs({series} / {value:.12g} - 1) < 1e-6)"
        expr = f"({right} or vector(0)) - count({series}) + 1"
    count = 0 if value is None else 1
    samples = [{"labels": "{}", "value": count}]
    return {"expr": expr, "eval_time": f"{at_s}s", "exp_samples": samples}


def firing_at(alert: str) -> str:
    """Return the expression that counts the firing instances of an alert."""
    return f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or vector(0)'


def _test(alert: str, case: Case, expected: Mapping[int, int]) -> JsonObject:
    return {
        "interval": "1m",
        "name": case.name,
        "input_series": [{"series": k, "values": v} for k, v in case.series.items()],
        "promql_expr_test": [
            {
                "expr": firing_at(alert),
                "eval_time": f"{minute}m",
                "exp_samples": [{"labels": "{}", "value": count}],
            }
            for minute, count in expected.items()
            if minute >= 0
        ]
        + _total(alert, case, expected),
    }


def _total(alert: str, case: Case, expected: Mapping[int, int]) -> list[JsonObject]:
    """Return the check that it fired at no other minute: how often it did in all."""
    if TOTAL not in expected:
        return []
    series = f'ALERTS{{alertname="{alert}",alertstate="firing"}}'
    return [
        {
            "expr": f"sum(count_over_time({series}[{case.minutes}m])) or vector(0)",
            "eval_time": f"{case.minutes - 1}m",
            "exp_samples": [{"labels": "{}", "value": expected[TOTAL]}],
        }
    ]


def said_of_files(output: str) -> dict[str, str]:
    """Return what promtool says of each test file: SUCCESS, or what failed."""
    _, *named = _FILE.split(output)
    return {path: said.strip() for path, said in zip(named[::2], named[1::2], strict=True)}


def failed_files(output: str) -> dict[str, bool]:
    """Return whether each test file failed, from promtool's output."""
    said = said_of_files(output)
    return {path: "SUCCESS" not in map(str.strip, of.splitlines()) for path, of in said.items()}


def dump(value: object) -> str:
    """Return JSON, which is YAML that is quick to read."""
    return json.dumps(value)
