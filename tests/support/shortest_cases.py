"""The cases of a rule that promtool is done with first: all others are for `make thorough`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from alerts.edge.behaviour import Watched
from kit.pure.durations import parse_prometheus


def minutes_of(case: Mapping[str, Any]) -> float:
    """Return how many minutes of a case promtool has to evaluate."""
    asked = [*case.get("promql_expr_test", ()), *case.get("alert_rule_test", ())]
    return max(parse_prometheus(each["eval_time"]) for each in asked) / 60


def fires(case: Mapping[str, Any]) -> bool:
    """Say whether a case expects its alert to fire at some minute."""
    asked = case.get("promql_expr_test", ())
    return any(sample["value"] > 0 for each in asked for sample in each.get("exp_samples", ()))


def shortest(watched: Watched) -> Watched:
    """Return a rule with its shortest case that fires and its shortest that does not."""
    cases = sorted(watched.test["tests"], key=minutes_of)
    fire = [case for case in cases if fires(case)]
    silent = [case for case in cases if not fires(case)]
    return replace(watched, test={**watched.test, "tests": [*fire[:1], *silent[:1]]})
