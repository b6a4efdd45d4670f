"""promql/window: a window holds enough scrapes, and `for` at least one evaluation."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.bounds import bounds
from alerts.checks.problem import Level, Problem
from alerts.checks.promql_rate import RATES
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node
from kit.pure.durations import parse_prometheus

NAME: Final = "promql/window"
_LEAST_SCRAPES: Final = 2
_GOOD_SCRAPES: Final = 4


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield windows that are too short to hold what the function needs, or to be seen at all."""
    every = _interval(subject)
    for node in subject.nodes:
        if node.kind == "matrix":
            yield from _matrix(subject, around, node, every)
        elif node.kind == "binary" and node.name == "/":
            yield from _unequal(subject, node)
        elif node.kind == "call" and node.name == "predict_linear":
            yield from _far(subject, around, node)
        elif node.kind == "subquery" and node.step_s > node.range_s:
            yield subject.problem(
                NAME, f"a step of {node.step_s:g} s is longer than the window",
                "shorten the step", fragment=node.text,
            )  # fmt: skip
        elif node.kind == "subquery" and node.step_s and node.step_s < around.scrape / 2:
            yield subject.problem(
                NAME, f"steps of {node.step_s:g} s, where a sample comes every {around.scrape:g} s",
                "step as often as samples come", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip
    yield from _hold(subject, around)


def _matrix(subject: Subject, around: Around, node: Node, every: float | None) -> Iterator[Problem]:
    seconds, scrape = node.range_s, around.scrape
    name = node.kids[0].name
    if around.is_there(name):
        return
    above = node.up.name if node.up is not None else ""
    if seconds < _LEAST_SCRAPES * scrape:
        yield subject.problem(
            NAME, f"{seconds:g} s hold no two scrapes {scrape:g} s apart",
            f"use at least {_GOOD_SCRAPES * scrape:g} s", fragment=node.text,
        )  # fmt: skip
    elif above in RATES and seconds < _GOOD_SCRAPES * scrape:
        yield subject.problem(
            NAME, f"one scrape that fails leaves {seconds:g} s without a rate",
            f"use at least {_GOOD_SCRAPES * scrape:g} s", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip
    elif every is not None and seconds < every and above in RATES:
        yield subject.problem(
            NAME, f"evaluated every {every:g} s, a window of {seconds:g} s misses what is between",
            "lengthen the window, or evaluate more often", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip


def _unequal(subject: Subject, node: Node) -> Iterator[Problem]:
    """Yield shares of one metric in another that are taken over windows of different length."""
    left, right = ([each for each in kid.walk() if each.kind == "matrix"] for kid in node.kids)
    mine, theirs = ({each.range_s for each in side} for side in (left, right))
    names = ({each.kids[0].name for each in side} for side in (left, right))
    if len(mine) == len(theirs) == 1 and mine != theirs and set.isdisjoint(*names):
        yield subject.problem(
            NAME, f"what was counted over {mine.pop():g} s is divided by what was over"
            f" {theirs.pop():g} s", "give both sides one window", fragment=node.text,
            level=Level.WARNING,
        )  # fmt: skip


_FARTHEST: Final = 50
"""So many times its window a line may be drawn out."""


def _far(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    ahead, window = bounds(node.kids[1], around), node.kids[0].range_s
    if ahead.is_number and ahead.low > _FARTHEST * window:
        yield subject.problem(
            NAME, f"{ahead.low:g} s ahead is more than {window:g} s can tell",
            "lengthen the window", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip


def _interval(subject: Subject) -> float | None:
    try:
        return parse_prometheus(subject.group.interval) if subject.group.interval else None
    except ValueError:
        return None


def _hold(subject: Subject, around: Around) -> Iterator[Problem]:
    try:
        hold = parse_prometheus(str(subject.body.get("for", "0s")))
    except ValueError:
        yield subject.problem(NAME, "`for` is not a duration", "write for example 5m")
        return
    if 0 < hold < around.scrape:
        yield subject.problem(
            NAME, f"`for` of {hold:g} s is over before the next scrape", "leave it out or lengthen",
            level=Level.WARNING,
        )  # fmt: skip
