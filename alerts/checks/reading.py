"""Read rule files: groups as Prometheus takes them, or PrometheusRule, in one document or many."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import yaml

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Group, Subject
from alerts.checks.tree import Node, tree_of
from kit.pure.fields import SAFE_LOADER, closest
from kit.pure.json_values import JsonObject

READABLE: Final = "file/readable"
SHAPE: Final = "rules/shape"
_TEXT: Final = "tag:yaml.org,2002:str"


class _Loader(SAFE_LOADER):  # type: ignore[misc]  # either has no type
    """Takes every scalar for a text: what YAML 1.1 reads it as is asked where it matters."""

    yaml_implicit_resolvers: Mapping[str, object] = MappingProxyType({})


_KINDS: Final = frozenset({"PrometheusRule", "PrometheusRuleList", "List"})
_RULE_KEYS: Final = frozenset(
    {"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"}
)
_MAPS: Final = ("labels", "annotations")


def read_rules(sources: Iterable[tuple[str, str]]) -> tuple[list[Subject], list[Problem]]:
    """Return the rules of (file name, text) pairs, and what kept others from being read."""
    subjects: list[Subject] = []
    problems: list[Problem] = []
    for file, text in sources:
        try:
            documents = list(yaml.compose_all(text, _Loader))
        except yaml.YAMLError as err:
            line = getattr(getattr(err, "problem_mark", None), "line", 0) + 1
            line = min(line, len(text.splitlines()) or 1)
            problems.append(_unreadable(file, line, "is not YAML", "fix the syntax"))
            continue
        except RecursionError:
            problems.append(_unreadable(file, 1, "is not YAML", "it is nested without end"))
            continue
        found, said = _of_documents(file, documents)
        if not found and not said:
            said = [_unreadable(file, 1, "is no rule file", "is it empty, or cut short?")]
        subjects += found
        problems += said
    return subjects, problems


def _unreadable(file: str, line: int, message: str, fix: str) -> Problem:
    return Problem(READABLE, Level.ERROR, file, line, "", "", message, fix)


def _of_documents(file: str, documents: list[yaml.Node]) -> tuple[list[Subject], list[Problem]]:
    subjects: list[Subject] = []
    problems: list[Problem] = []
    index = 0
    for node in documents:
        for groups, of_kubernetes in _group_lists(node):
            for each in groups.value if isinstance(groups, yaml.SequenceNode) else ():
                try:
                    found, said = _of_group(file, each, index, of_kubernetes=of_kubernetes)
                except (AttributeError, KeyError, TypeError, ValueError):
                    line = each.start_mark.line + 1
                    problems.append(
                        _unreadable(file, line, "a group of another shape", "is it cut short?")
                    )
                    continue
                index += 1
                subjects += found
                problems += said
    return subjects, problems


def _group_lists(node: yaml.Node) -> Iterator[tuple[yaml.Node, bool]]:
    """Yield each list of groups of a document, and whether a PrometheusRule holds it."""
    if not isinstance(node, yaml.MappingNode):
        return
    top = _child(node)
    kind = top["kind"].value if "kind" in top and "apiVersion" in top else ""
    if kind not in _KINDS:
        if "groups" in top:
            yield top["groups"], False
        return
    for item in top["items"].value if "items" in top else [node]:
        spec = _child(item).get("spec") if isinstance(item, yaml.MappingNode) else None
        if isinstance(spec, yaml.MappingNode) and "groups" in (inner := _child(spec)):
            yield inner["groups"], True


def _child(mapping: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(mapping, yaml.MappingNode):
        raise TypeError("a rule file is made of mappings")
    found = {name.value: value for name, value in mapping.value if isinstance(name.value, str)}
    if (merged := found.pop(_MERGE, None)) is not None:
        for each in merged.value if isinstance(merged, yaml.SequenceNode) else [merged]:
            found = {**_child(each), **found}
    return found


_MERGE: Final = "<<"
"""The key under which YAML 1.1 takes over the fields of another mapping."""


def _of_group(
    file: str, node: yaml.Node, index: int, *, of_kubernetes: bool
) -> tuple[list[Subject], list[Problem]]:
    parts = _child(node)
    name, interval = _text(parts["name"]), parts.get("interval")
    group = Group(
        file, name, node.start_mark.line + 1, index,
        str(interval.value) if interval is not None else None, of_kubernetes, "labels" in parts,
    )  # fmt: skip
    rules = parts["rules"].value if "rules" in parts else []
    if not isinstance(rules, list):
        raise TypeError("rules are a list")
    # Prometheus 3 gives each rule of a group the group's labels.
    shared = (
        {key: _text(each) for key, each in _child(parts["labels"]).items()}
        if "labels" in parts
        else {}
    )
    subjects = [_subject(group, each, number, shared) for number, each in enumerate(rules)]
    return subjects, [problem for each in subjects for problem in _shape(each)]


def _subject(group: Group, node: yaml.Node, number: int, shared: dict[str, str]) -> Subject:
    body: JsonObject = {"labels": dict(shared)} if shared else {}
    odd: list[tuple[str, str, str]] = []
    for key, value in _child(node).items():
        if key in _MAPS and isinstance(value, yaml.MappingNode):
            body.setdefault(key, {})
            for name, text in _child(value).items():
                body[key][name] = _text(text)
                kind = _read_as(text)
                if kind != "str":
                    odd.append((key, name, kind))
        elif isinstance(value, yaml.ScalarNode):
            body[key] = str(value.value)
        else:
            body[key] = "" if key not in _MAPS else {}
    tree, refused = _parsed(body.get("expr", ""))
    line, last = node.start_mark.line + 1, _last_line(node)
    nodes = tuple(tree.walk()) if tree else ()
    return Subject(group, line, max(line, last), number, body, tree, nodes, refused, tuple(odd))


def _text(node: yaml.Node) -> str:
    """Return the text of a scalar, and none of what should be one."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _read_as(node: yaml.Node) -> str:
    """Return what YAML 1.1 reads a value as: str, bool, null, int, float or timestamp."""
    if not isinstance(node, yaml.ScalarNode):
        return "a structure"
    if node.style or node.tag != _TEXT:
        return str(node.tag).rsplit(":", maxsplit=1)[-1]
    found = yaml.SafeLoader.yaml_implicit_resolvers.get(node.value[:1], ())
    tags = [tag for tag, pattern in found if pattern.match(node.value)]
    return str(tags[0]).rsplit(":", maxsplit=1)[-1] if tags else "str"


def _last_line(node: yaml.Node) -> int:
    """Return the last line of a node that is no comment: what follows it may be of the next."""
    while isinstance(node, yaml.MappingNode) and node.value:
        node = node.value[-1][1]
    mark = node.end_mark
    return int(mark.line + (mark.column > 0))


def _parsed(expr: str) -> tuple[Node | None, str]:
    try:
        return tree_of(expr), ""
    except ValueError as err:
        return None, str(err)


def _shape(subject: Subject) -> Iterator[Problem]:
    for key in subject.body.keys() - _RULE_KEYS:
        yield subject.problem(
            SHAPE, "no field of a rule", closest(key, _RULE_KEYS), fragment=f"{key}:"
        )
    if ("alert" in subject.body) == ("record" in subject.body):
        yield subject.problem(SHAPE, "a rule alerts or records, one of both", "name one")
    if "expr" not in subject.body:
        yield subject.problem(SHAPE, "it has no `expr`", "add `expr:`")
