"""Comments that say which finding is let be, until when, and why.

`# sre: ignore promql/rate until 2027-01-31 because …` stands in a rule or above it; with
`ignore-file` it is for the whole file. What is expired, of no use or not understood is a finding.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Subject
from kit.pure.fields import closest

FORM: Final = "suppress/form"
EXPIRED: Final = "suppress/expired"
UNUSED: Final = "suppress/unused"
NAMES: Final = (FORM, EXPIRED, UNUSED)
_COMMENT: Final = re.compile(r"(?:^|\s)#\s*sre:\s*(.*?)\s*$")
_FORM: Final = re.compile(
    r"(?P<verb>ignore|ignore-file)\s+(?P<checks>[\w*/-]+(?:\s*,\s*[\w*/-]+)*)"
    r"(?:\s+until\s+(?P<until>\S+))?\s+because\s+\S.*"
)
_WRITE: Final = "write: # sre: ignore family/check until YYYY-MM-DD because …"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment; `rule` is the line of the rule that it is for, None for the whole file."""

    file: str
    line: int
    checks: tuple[str, ...]
    until: date | None
    rule: int | None

    def covers(self, problem: Problem) -> bool:
        """Say whether a problem is one of those that it lets be."""
        if problem.file != self.file or (self.rule is not None and problem.line != self.rule):
            return False
        return any(fnmatchcase(problem.check, check) for check in self.checks)


def read_suppressions(
    file: str, text: str, rules: Sequence[Subject], known: Iterable[str]
) -> tuple[list[Suppression], list[Problem]]:
    """Return the comments of a file, and those that cannot be understood; `rules` are its own."""
    found: list[Suppression] = []
    problems: list[Problem] = []
    if "sre:" not in text:
        return found, problems
    names = frozenset(known)
    for number, line in enumerate(text.splitlines(), start=1):
        if (comment := _COMMENT.search(line)) is None:
            continue
        said = _read(file, number, comment[1], rules, names)
        if isinstance(said, Suppression):
            found.append(said)
        else:
            message, fix = said
            problems.append(
                Problem(FORM, Level.WARNING, file, number, "", comment[1], message, fix)
            )
    return found, problems


def _read(
    file: str, number: int, text: str, rules: Sequence[Subject], known: frozenset[str]
) -> Suppression | tuple[str, str]:
    match = _FORM.fullmatch(text)
    if match is None:
        return "it names no check, or no reason", _WRITE
    checks = tuple(each.strip() for each in match["checks"].split(","))
    for each in checks:
        if not any(fnmatchcase(name, each) for name in known):
            return f"there is no check {each}", closest(each, known)
    try:
        until = date.fromisoformat(match["until"]) if match["until"] else None
    except ValueError:
        return f"{match['until']} is no date", _WRITE
    if match["verb"] == "ignore-file":
        return Suppression(file, number, checks, until, None)
    rule = rule_at(number, rules)
    if rule is None:
        return "no rule comes after it", "put it into a rule or above it"
    return Suppression(file, number, checks, until, rule)


def rule_at(line: int, rules: Iterable[Subject]) -> int | None:
    """Return the line of the rule that a comment is for: that around it, else the next below."""
    return next((each.line for each in rules if each.last >= line), None)


def apply(
    problems: Sequence[Problem],
    found: Sequence[Suppression],
    today: date | None,
    judged: frozenset[str],
) -> Iterator[Problem]:
    """Yield the problems that are left, and the comments that are expired or of no use.

    `judged` are the checks that could be made: of the others nobody knows whether they are needed.
    """
    over = [each for each in found if each.until and today and each.until < today]
    held = [each for each in found if each not in over]
    used = set[Suppression]()
    for problem in problems:
        covering = [each for each in held if each.covers(problem)]
        used.update(covering)
        if not covering:
            yield problem
    for each in over:
        yield _about(each, EXPIRED, f"it was to be let be until {each.until}")
    for each in held:
        could = any(fnmatchcase(name, check) for name in judged for check in each.checks)
        if each not in used and could:
            yield _about(each, UNUSED, "nothing is found here that it would let be")


def _about(suppression: Suppression, check: str, message: str) -> Problem:
    checks = ", ".join(suppression.checks)
    fix = "remove the comment" if check == UNUSED else "mend the rule, or say until when and why"
    return Problem(
        check, Level.WARNING, suppression.file, suppression.line, "", checks, message, fix
    )
