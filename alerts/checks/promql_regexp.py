"""promql/regexp: a matcher lets something through and something not, and says it plainly."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Matcher, Node

NAME: Final = "promql/regexp"
_META: Final = re.compile(r"(?<!\\)(?:\\\\)*[.*+?()\[\]{}|^$]|\\[dDwWsSbBpPA-Z]")
_LIKE_REGEXP: Final = re.compile(r"\.[*+]|\w\|\w|\[\^?[\w-]+\][*+.]?|^\^|[^\\$]\$$|^\d\.\.$|\\\\?d")
_HOST: Final = re.compile(r"[\w:-]{2,}(\.[\w:-]+)*\.[\w:-]{2,}|\d+(\.\d+){3}(:\d+)?")
"""A host or an address, whose dots are meant as dots."""
_BAR_IN_CLASS: Final = re.compile(r"\[[^\]\\]*\|[^\]]*\]")


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield regular expressions that are none, anchored twice or empty, and matchers at odds."""
    del around
    for node in subject.nodes:
        if node.kind == "vector" and node.matchers:
            for matcher in node.matchers:
                if (found := _flaw(matcher)) is not None:
                    yield subject.problem(
                        NAME, found[0], found[1], fragment=_written(matcher), level=found[2]
                    )
            yield from _at_odds(subject, node)
        elif node.kind == "call" and node.name == "label_replace":
            yield from _replaced(subject, node)


def _written(matcher: Matcher) -> str:
    label, op, value = matcher
    return f'{label}{op}"{value}"'


def _flaw(matcher: Matcher) -> tuple[str, str, Level] | None:  # noqa: PLR0911 -- a flaw a line
    label, op, value = matcher
    warning = Level.WARNING
    if op in {"=", "!="}:
        if _LIKE_REGEXP.search(value):
            return "this is compared letter by letter", f"write {label}{_RE[op]}", warning
        return None
    plain = "=" if op == "=~" else "!="
    if not value:
        return "an empty regular expression", f'write {label}{plain}""', warning
    if value.startswith("^") or (value.endswith("$") and not value.endswith(r"\$")):
        return "it is anchored at both ends anyway", "leave out ^ and $", warning
    if value in {".*", "(.*)", ".*.*"}:
        if op == "!~":
            return "it lets nothing through", "leave the matcher out, or correct it", Level.ERROR
        return "it lets everything through", "leave the matcher out", warning
    if not _META.search(value) or _HOST.fullmatch(value):
        return "it is a text, and no regular expression", f"write {label}{plain}", warning
    return _alternatives(value)


_RE: Final = {"=": "=~", "!=": "!~"}


def _alternatives(value: str) -> tuple[str, str, Level] | None:
    parts = value.split("|") if not set("()[]") & set(value) else []
    if len(parts) > 1 and "" in parts[1:]:  # one that comes first is meant: none, or another
        return "one alternative is empty, which lets through what has no such label", \
            "leave out the | that is too much", Level.WARNING  # fmt: skip
    if len(set(parts)) < len(parts):
        return "an alternative is there twice", "leave one out", Level.WARNING
    if _BAR_IN_CLASS.search(value):
        return "within [ ] a | is a letter like any other", "write ( | ), or leave it out", \
            Level.WARNING  # fmt: skip
    return None


def _at_odds(subject: Subject, node: Node) -> Iterator[Problem]:
    for one, other in combinations(node.matchers, 2):
        if one[0] != other[0]:
            continue
        if one == other:
            yield subject.problem(
                NAME, "the same matcher twice", "leave one out", fragment=_written(one),
                level=Level.WARNING,
            )  # fmt: skip
        elif any(
            a[1] == "=" and not lets_through(b, a[2]) for a, b in ((one, other), (other, one))
        ):
            yield subject.problem(
                NAME, "no series has both", "leave one out",
                fragment=f"{_written(one)},{_written(other)}",
            )  # fmt: skip


def lets_through(matcher: Matcher, value: str) -> bool:
    """Say whether a matcher takes a value; what is no regular expression here takes any."""
    _, op, wanted = matcher
    if op in {"=", "!="}:
        return (value == wanted) is (op == "=")
    try:
        return (re.fullmatch(wanted, value) is not None) is (op == "=~")
    except re.error:
        return True


def _replaced(subject: Subject, node: Node) -> Iterator[Problem]:
    words = [each.bare().word for each in node.kids[1:]]
    if len(words) != 4:  # noqa: PLR2004 -- destination, replacement, source, regexp
        return
    try:
        groups = re.compile(words[3]).groups
    except re.error:
        return
    used = [int(each) for each in re.findall(r"\$\{?(\d)", words[1])]
    if any(each > groups for each in used):
        yield subject.problem(
            NAME, f"${max(used)} is no group of the regular expression",
            "put the part that is meant in ( )", fragment=words[3],
        )  # fmt: skip
