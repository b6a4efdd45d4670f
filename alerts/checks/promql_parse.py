"""promql/parse: the expression is PromQL, for the 3.x grammar as for 2.x."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject
from slo.series import parse

NAME: Final = "promql/parse"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield a problem with the parser's reason."""
    del around
    if subject.tree is not None:
        return
    try:
        parse(subject.expr)
    except ValueError as err:
        yield subject.problem(NAME, str(err), "fix the expression", fragment=subject.expr)
