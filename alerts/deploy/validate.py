"""What is wrong with a set of rule files before any server sees it."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import promql_parser as promql

from kit.pure.errors import BadInputError
from kit.pure.fields import read_yaml
from kit.pure.json_values import JsonMapping, JsonObject
from slo.series import Node, Selector, children, parse, selector_of_node, selectors

_ABSENT: Final = frozenset({"absent", "absent_over_time"})
_QUERY: Final = re.compile(r'\bquery\s+(?:`([^`]*)`|"((?:\\.|[^"\\])*)")')
_BUILT_IN: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})


def parse_files(files: Mapping[str, str]) -> dict[str, JsonObject]:
    """Return the parsed files; each must hold groups with rules and no group twice.

    Prometheus takes an empty file without a word and forgets its alerts, so it is an error here.
    """
    if not files:
        raise BadInputError("there are no rule files to deploy", hint="run: sre alerts build")
    return {name: _parse(name, text) for name, text in files.items()}


def _parse(name: str, text: str) -> JsonObject:
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


def _check_rule(where: str, rule: object) -> None:
    if not isinstance(rule, dict) or ("alert" in rule) == ("record" in rule):
        raise BadInputError(f"{where}: {rule!r} is neither alert nor record", hint="name one")
    name = rule.get("alert") or rule.get("record")
    try:
        selectors(str(rule.get("expr") or ""))
    except ValueError as err:
        raise BadInputError(f"{where}/{name}: expr is not PromQL: {err}", hint="fix it") from err
    for part in ("labels", "annotations"):
        for key, text in (rule.get(part) or {}).items():
            _check_template(f"{where}/{name}: {key}", str(text))


def _check_template(where: str, text: str) -> None:
    """Raise BadInputError for a query in a template that would fail whenever the alert fires."""
    for found in _QUERY.finditer(text):
        query = found[1] if found[1] is not None else found[2].replace('\\"', '"')
        try:
            selectors(query)
        except ValueError as err:
            raise BadInputError(
                f"{where}: its query is not PromQL: {err}", hint=f"fix it: {query}"
            ) from err


def _needed(tree: Node) -> Iterator[Selector]:
    """Yield the selectors of a tree but for those whose absence is asked for."""
    if isinstance(tree, promql.Call) and tree.func.name in _ABSENT:
        return
    if isinstance(tree, promql.VectorSelector):
        yield selector_of_node(tree)
    for child in children(tree):
        yield from _needed(child)


def check_metrics(files: Mapping[str, JsonMapping], known: frozenset[str]) -> None:
    """Refuse a rule about a series that neither a server has nor a rule records.

    Prometheus loads such a rule without a word, and it never fires. What is asked to be absent
    may be: such a rule fires until the metric comes.
    """
    rules = [rule for parsed in files.values() for g in parsed["groups"] for rule in g["rules"]]
    there = known | {rule["record"] for rule in rules if "record" in rule} | _BUILT_IN
    for rule in rules:
        for selector in _needed(parse(str(rule["expr"]))):
            if selector.metric and selector.metric not in there:
                name = rule.get("alert") or rule.get("record")
                raise BadInputError(
                    f"{name}: nothing exposes the metric {selector.metric!r}",
                    hint="correct the name; such a rule would load and never fire",
                )
