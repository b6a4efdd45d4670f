"""The recording rules that an alert reads, and no others."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from kit.pure.json_values import JsonMapping, JsonObject
from slo.series import Selector, selectors

_LOSES_LABELS: Final = re.compile(r"\b(on|ignoring|label_replace|label_join|absent\w*)\s*\(")
"""Where an expression says one of these, a label of its answer may be of none of its series."""

Rule = JsonMapping


def pruned(groups: Sequence[JsonMapping], alert: str) -> JsonObject:
    """Return the alert and the recording rules below it, in one group and in their order.

    The other alerts have no part in it: what an alert makes of them is shown by cases in which
    their state is given.
    """
    rules = [rule for group in groups for rule in group["rules"]]
    wanted = [rule for rule in rules if rule.get("alert") == alert]
    below = _below(rules, wanted)
    kept = [rule for number, rule in enumerate(rules) if number in below]
    return {"groups": [{"name": "pruned", "rules": [*kept, *wanted]}]}


def _below(rules: Sequence[Rule], wanted: Sequence[Rule]) -> set[int]:
    """Return the places of the recording rules whose answers reach one of `wanted`."""
    queue: list[tuple[Rule, dict[str, str]]] = [(rule, {}) for rule in wanted]
    found = set[tuple[int, tuple[tuple[str, str], ...]]]()
    while queue:
        reader, asked = queue.pop()
        for selector in selectors(str(reader["expr"])):
            labels = asked | _equal(selector)
            for number, rule in enumerate(rules):
                key = (number, tuple(sorted(labels.items())))
                if key not in found and _answers(rule, selector.metric, labels):
                    found.add(key)
                    queue.append((rule, _passed_on(rule, labels)))
    return {number for number, _ in found}


def _equal(selector: Selector) -> dict[str, str]:
    return {label: value for label, how, value in selector.matchers if how == "=" and value}


def _answers(rule: Rule, metric: str, labels: Mapping[str, str]) -> bool:
    """Say whether what a rule records can be what is asked for: its name and its own labels fit."""
    own = rule.get("labels") or {}
    return rule.get("record") == metric and all(own.get(k, v) == v for k, v in labels.items())


def _passed_on(rule: Rule, labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels that what a rule reads must have, for its answer to have `labels`."""
    if _LOSES_LABELS.search(str(rule["expr"])):
        return {}
    own = rule.get("labels") or {}
    return {label: value for label, value in labels.items() if label not in own}
