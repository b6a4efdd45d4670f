"""alerts/template: the text of an alert can be filled in, and its labels stay what they are."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node, tree_of
from kit.pure.fields import closest

NAME: Final = "alerts/template"
_ACTION: Final = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
_STRING: Final = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`')
_WORD: Final = re.compile(r"(?<![.$\w\"])([A-Za-z_]\w*)")
_VARIABLE: Final = re.compile(r"\$(\w+)")
_MADE: Final = re.compile(r"\$(\w+)\s*(?=:=|,\s*\$\w+\s*:=)")
_VALUE: Final = re.compile(r"\$value\b|(?<![\w$])\.Value\b")
_QUERY: Final = re.compile(r"\bquery\s+(\(\s*printf\s+)?(\"(?:\\.|[^\"\\])*\"|`[^`]*`)")
_PIPED: Final = re.compile(r"(\"(?:\\.|[^\"\\])*\"|`[^`]*`)[^|]*\|\s*query\b")
_VERB: Final = re.compile(r"%[-+# 0]*[\d.]*[a-zA-Z]")
_KNOWN: Final = frozenset(
    {"query", "first", "label", "value", "sortByLabel", "strvalue", "args", "reReplaceAll",
     "safeHtml", "match", "title", "toUpper", "toLower", "graphLink", "tableLink", "humanize",
     "humanize1024", "humanizeDuration", "humanizePercentage", "humanizeTimestamp",
     "pathPrefix", "externalURL", "parseDuration", "stripPort", "stripDomain", "toTime",
     "toDuration", "now", "urlQueryEscape", "and", "or", "not", "len", "index", "slice",
     "print", "printf", "println", "html", "js", "urlquery", "call", "eq", "ne", "lt", "le",
     "gt", "ge", "if", "else", "end", "range", "with", "define", "template", "block", "break",
     "continue", "nil", "true", "false"}
)  # fmt: skip
_GIVEN: Final = frozenset({"labels", "externalLabels", "externalURL", "value"})
_OPENING: Final = frozenset({"if", "range", "with", "define", "block"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield texts that Prometheus cannot fill in, and labels that change with the value."""
    del around
    if not subject.is_alert:
        return
    for key, text in subject.labels.items():
        yield from _of_label(subject, key, text)
    for key, text in (*subject.annotations.items(), *subject.labels.items()):
        if "{{" in text or "}}" in text:
            yield from _syntax(subject, key, text)
            yield from _queries(subject, key, text)
    if subject.tree is not None:
        for key, text in subject.annotations.items():
            yield from _percent(subject, key, text)


def _of_label(subject: Subject, key: str, text: str) -> Iterator[Problem]:
    for action in _ACTION.finditer(text):
        if _VALUE.search(action[1]):
            yield subject.problem(
                NAME, f"the label {key} changes with the value, and each change is a new alert",
                "show the value in an annotation", fragment=action[0],
            )  # fmt: skip
            return


def _syntax(subject: Subject, key: str, text: str) -> Iterator[Problem]:
    if _ACTION.sub("", text).count("{{") or _ACTION.sub("", text).count("}}"):
        yield subject.problem(
            NAME, f"{key} has {{{{ without }}}}, or the other way round", "close it", fragment=text
        )
        return
    depth, made = 0, set[str]()
    for action in _ACTION.finditer(text):
        inside = _STRING.sub('""', action[1]).strip()
        if inside.startswith("/*"):
            continue
        made |= set(_MADE.findall(inside))
        words = _WORD.findall(inside)
        first = words[0] if words and inside.startswith(words[0]) else ""
        depth += (first in _OPENING) - (first == "end")
        for word in words:
            if word not in _KNOWN:
                yield subject.problem(
                    NAME, f"{key} calls {word}, which templates do not have",
                    closest(word, _KNOWN), fragment=action[0],
                )  # fmt: skip
        for name in _VARIABLE.findall(inside):
            if name not in _GIVEN | made:
                yield subject.problem(
                    NAME, f"{key} shows ${name}, which templates do not have",
                    closest(name, _GIVEN), fragment=action[0],
                )  # fmt: skip
    if depth:
        yield subject.problem(NAME, f"{key} has blocks without `end`", "close them", fragment=text)


def _queries(subject: Subject, key: str, text: str) -> Iterator[Problem]:
    for query in queries_of(text):
        try:
            tree_of(query)
        except ValueError as err:
            yield subject.problem(
                NAME, f"{key} asks what is not PromQL: {err}", "correct the query", fragment=query
            )


def queries_of(text: str) -> Iterator[str]:
    """Yield the queries of a template, with a word where it puts something in."""
    for action in _ACTION.finditer(text):
        found = [each[2] for each in _QUERY.finditer(action[1])]
        found += [each[1] for each in _PIPED.finditer(action[1])]
        for each in found:
            inner = each[1:-1]
            query = inner if each[0] == "`" else re.sub(r"\\(.)", r"\1", inner)
            query = re.sub(r"%q", '"x"', query)
            yield _VERB.sub("1", query)


def _percent(subject: Subject, key: str, text: str) -> Iterator[Problem]:
    """Yield shares that are shown as percent, and percent that are multiplied once more."""
    if subject.tree is None or not _VALUE.search(text):
        return
    side = _shown(subject.tree)
    if side is None:
        return
    percent = _is_percent(side)
    for action in _ACTION.finditer(text):
        if not _VALUE.search(action[1]):
            continue
        if percent and "humanizePercentage" in action[1]:
            yield subject.problem(
                NAME, f"{key} multiplies by 100 what is in percent already",
                "leave out humanizePercentage", fragment=action[0], level=Level.WARNING,
            )  # fmt: skip
        behind = text[action.end() : action.end() + 2].lstrip()
        plain = re.fullmatch(r"\s*\$value\s*|\s*printf \"%\.?\d*f(%%)?\" \$value\s*", action[1])
        if _is_share(side) and plain and (behind.startswith("%") or plain[1]):
            yield subject.problem(
                NAME, f"{key} shows a share, from 0 to 1, as if it were percent",
                "write {{ $value | humanizePercentage }}", fragment=action[0], level=Level.WARNING,
            )  # fmt: skip


def _shown(tree: Node) -> Node | None:
    """Return the side of a comparison whose value the texts show."""
    node = tree.bare()
    while node.kind == "binary" and node.name in {"and", "unless"}:
        node = node.kids[0].bare()
    return (
        node.kids[0].bare() if node.is_asking() and node.kids[1].bare().kind == "number" else None
    )


def _is_percent(node: Node) -> bool:
    """Say whether a product has the factor 100, or a difference is taken from it."""
    node = node.bare()
    if node.kind == "number":
        return node.value == _WHOLE
    if node.kind != "binary":
        return False
    if node.name == "-":
        return node.kids[0].bare().kind == "number" and _is_percent(node.kids[0])
    factors = {"*": node.kids, "/": node.kids[:1]}.get(node.name, ())
    return any(_is_percent(kid) for kid in factors)


_WHOLE: Final = 100.0


def _is_share(node: Node) -> bool:
    """Say whether it is a quotient that is compared with a number from 0 to 1."""
    above = node.up
    while above is not None and above.kind == "paren":
        above = above.up
    limit = above.kids[1].bare() if above is not None and above.kind == "binary" else None
    if limit is None or limit.kind != "number" or not 0 < limit.value <= 1:
        return False
    percent = any(each.kind == "number" and each.value >= _WHOLE for each in node.walk())
    return node.kind == "binary" and node.name == "/" and not percent
