"""rules/duplicate: no alert or recorded series is there twice."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import kept
from alerts.checks.problem import Level, Problem
from alerts.checks.promql_regexp import lets_through
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Matcher

NAME: Final = "rules/duplicate"
_LITERAL: Final = re.compile(r"[\w/ :-]+")


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield a rule that writes what one before it writes already.

    Rules of one name and one set of labels are two rules where what they read is disjoint by a
    label that both leave.
    """
    for first in around.firsts.get(subject.writes, ()):
        if first is subject:
            return
        where = f"{first.file}:{first.line}"
        if _said(first) == _said(subject):
            yield subject.problem(NAME, f"the same as in {where}", "remove or rename one")
            return
        if subject.is_alert and _limits(first) == _limits(subject):
            yield subject.problem(
                NAME, f"the same as in {where} but for its numbers, and told apart by no label",
                "give one of them another severity, or name", level=Level.WARNING,
            )  # fmt: skip
            return
        if (level := _clash(first, subject)) is not None:
            yield subject.problem(
                NAME, f"it writes the same series as {where}", "rename one, or add a label",
                level=level,
            )  # fmt: skip
            return


def _said(subject: Subject) -> str:
    return subject.tree.text if subject.tree is not None else subject.expr


def _limits(subject: Subject) -> str:
    """Return an expression with every number the same, strings left alone."""
    return _NUMBER.sub(lambda found: found[0] if found[0][0] in "\"'`" else "0", _said(subject))


_NUMBER: Final = re.compile(r""""(?:\\.|[^"\\])*"|(?<![\w:])\d+(?:\.\d+)?(?![\w:])""")


def _clash(first: Subject, second: Subject) -> Level | None:
    """Return how surely two rules of different expressions write one series."""
    if first.tree is None or second.tree is None:
        return None
    left, right = kept(first.tree), kept(second.tree)
    if left.others or right.others or left.named != right.named:
        return None
    if any(_apart(label, first, second) for label in left.named):
        return None
    return Level.ERROR if not left.named and not first.is_alert else Level.WARNING


def _apart(label: str, first: Subject, second: Subject) -> bool:
    """Say whether no value of a label passes both a selector of one rule and one of the other."""
    return all(
        any(
            are_apart(mine, theirs)
            for mine in one.matchers
            for theirs in other.matchers
            if mine[0] == theirs[0] == label
        )
        for one in first.vectors()
        for other in second.vectors()
    )


def are_apart(mine: Matcher, theirs: Matcher) -> bool:
    """Say whether two matchers of one label surely let nothing through that is the same."""
    for one, other in ((mine, theirs), (theirs, mine)):
        values = _alternatives(one)
        if values and all(whole and not lets_through(other, text) for text, whole in values):
            return True
    pairs = [(a, b) for a, _ in _alternatives(mine) for b, _ in _alternatives(theirs)]
    return bool(pairs) and not any(a.startswith(b) or b.startswith(a) for a, b in pairs)


def _alternatives(matcher: Matcher) -> list[tuple[str, bool]]:
    """Return how each alternative begins, and whether that is all of it; none for what excludes."""
    _, op, value = matcher
    if op == "=":
        return [(value, True)]
    if op != "=~" or set(value) & set("()\\"):
        return []
    found = []
    for part in value.split("|"):
        begin = _LITERAL.match(part)
        text = begin[0] if begin else ""
        # A letter that may be repeated, or left out, is not sure to be there.
        sure = text if text == part or part[len(text)] not in "*?{" else text[:-1]
        found.append((sure, text == part))
    return found
