"""promql/window: a window holds at least two scrapes, and `for` at least one evaluation."""

from collections.abc import Iterator
from typing import Final

import promql_parser as promql

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from kit.pure.durations import parse_prometheus
from slo.series import nodes

NAME: Final = "promql/window"
_LEAST_SCRAPES: Final = 2


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield windows that are too short to ever hold what the function needs."""
    for node in nodes(subject.tree):
        if isinstance(node, promql.MatrixSelector):
            seconds = node.range.total_seconds()
            if seconds < _LEAST_SCRAPES * around.scrape_s:
                yield subject.problem(
                    NAME, f"{seconds:g} s hold no two scrapes {around.scrape_s:g} s apart",
                    f"use at least {4 * around.scrape_s:g} s", fragment=str(node.prettify()),
                )  # fmt: skip
    try:
        hold = parse_prometheus(str(subject.body.get("for", "0s")))
    except ValueError:
        yield subject.problem(NAME, "`for` is not a duration", "write for example 5m")
        return
    if 0 < hold < around.scrape_s:
        yield subject.problem(
            NAME, f"`for` of {hold:g} s is over before the next scrape", "leave it out or lengthen",
            level=Level.WARNING,
        )  # fmt: skip
