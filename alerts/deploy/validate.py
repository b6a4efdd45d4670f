"""What is wrong with a set of rule files before any server sees it."""

from collections.abc import Mapping
from typing import Any, Final

from kit.pure.errors import BadInputError
from kit.pure.fields import read_yaml
from slo.series import selectors

_BUILT_IN: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})


def parse_files(files: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the parsed files; each must hold groups with rules and no group twice.

    Prometheus takes an empty file without a word and forgets its alerts, so it is an error here.
    """
    if not files:
        raise BadInputError("there are no rule files to deploy", hint="run: sre alerts build")
    return {name: _parse(name, text) for name, text in files.items()}


def _parse(name: str, text: str) -> dict[str, Any]:
    value = read_yaml(name, text).value
    groups = value.get("groups") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(groups, list) or not groups:
        raise BadInputError(f"{name}: has no groups", hint="is it empty, or cut short?")
    seen = set()
    for group in groups:
        if not isinstance(group, dict) or not group.get("name") or not group.get("rules"):
            raise BadInputError(f"{name}: a group without name or rules", hint="is it cut short?")
        if group["name"] in seen:
            raise BadInputError(
                f"{name}: group {group['name']!r} is there twice", hint="rename one"
            )
        seen.add(group["name"])
        for rule in group["rules"]:
            _check_rule(f"{name}: {group['name']}", rule)
    return value


def _check_rule(where: str, rule: Any) -> None:
    if not isinstance(rule, dict) or ("alert" in rule) == ("record" in rule):
        raise BadInputError(f"{where}: {rule!r} is neither alert nor record", hint="name one")
    name = rule.get("alert") or rule.get("record")
    try:
        selectors(str(rule.get("expr") or ""))
    except ValueError as err:
        raise BadInputError(f"{where}/{name}: expr is not PromQL: {err}", hint="fix it") from err


def check_metrics(files: Mapping[str, Mapping[str, Any]], known: frozenset[str]) -> None:
    """Refuse a rule about a series that neither a server has nor a rule records.

    Prometheus loads such a rule without a word, and it never fires.
    """
    rules = [rule for parsed in files.values() for g in parsed["groups"] for rule in g["rules"]]
    there = known | {rule["record"] for rule in rules if "record" in rule} | _BUILT_IN
    for rule in rules:
        for selector in selectors(str(rule["expr"])):
            if selector.metric and selector.metric not in there:
                name = rule.get("alert") or rule.get("record")
                raise BadInputError(
                    f"{name}: nothing exposes the metric {selector.metric!r}",
                    hint="correct the name; such a rule would load and never fire",
                )
