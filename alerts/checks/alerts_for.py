"""alerts/for: an alert holds as long as it should, and what it asks can hold as long."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node
from kit.pure.durations import parse_prometheus

NAME: Final = "alerts/for"
_OF_EVENTS: Final = frozenset({"increase", "changes", "resets", "idelta"})
_FEW: Final = 10
_RATES: Final = frozenset({"rate", "irate"})


def hold_of(subject: Subject, field: str) -> float | None:
    """Return the seconds of `for` or `keep_firing_for`, 0 when there is none, None for nonsense."""
    try:
        return parse_prometheus(str(subject.body.get(field, "0s")))
    except ValueError:
        return None


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield a `for` that says nothing, is no multiple of evaluations, or outlasts its window."""
    del around
    if not subject.is_alert:
        return
    for field in ("for", "keep_firing_for"):
        hold = hold_of(subject, field)
        if hold is None and field != "for":
            yield subject.problem(NAME, f"`{field}` is not a duration", "write for example 5m")
        if hold == 0 and field in subject.body:
            yield subject.problem(
                NAME, f"`{field}: {subject.body[field]}` is what holds without it", "leave it out",
                level=Level.INFO,
            )  # fmt: skip
    hold, every = hold_of(subject, "for"), _interval(subject)
    if hold and every and hold < every:
        yield subject.problem(
            NAME, f"`for` of {hold:g} s, where the group is evaluated every {every:g} s",
            "lengthen it, or leave it out", level=Level.WARNING,
        )  # fmt: skip
    if hold and subject.tree is not None:
        yield from _outlasted(subject, hold)


def _interval(subject: Subject) -> float | None:
    if subject.group.interval is None:
        return None
    try:
        return parse_prometheus(subject.group.interval)
    except ValueError:
        return None


def _outlasted(subject: Subject, hold: float) -> Iterator[Problem]:
    """Yield windows that forget an event before `for` is over: only a row of events then fires."""
    for node in subject.nodes:
        if node.kind != "call" or not node.kids or node.kids[0].kind != "matrix":
            continue
        window = node.kids[0].range_s
        if (limit := _limit_above(node)) is None:
            continue
        # One event is forgotten with its window; of some, a window or two of a steady trickle are
        # nothing unusual; and many are no events, but a flow that is to last.
        most = window if limit < 1 else 2 * window
        counts = node.name in _OF_EVENTS and limit <= _FEW and hold > most
        if counts or (node.name in _RATES and limit == 0 and hold > 3 * window):
            yield subject.problem(
                NAME, f"a window of {window:g} s has forgotten an event before `for` of {hold:g} s"
                " is over", "lengthen the window, or shorten `for`", fragment=node.text,
                level=Level.WARNING,
            )  # fmt: skip


def _limit_above(node: Node) -> float | None:
    """Return the number that a count of events is to exceed, if it is compared with one."""
    above, below = node.up, node
    while above is not None and (above.kind in {"paren", "aggregate"} or above.name == "or"):
        below, above = above, above.up
    if above is None or not above.is_asking():
        return None
    other = above.kids[1 if above.kids[0] is below else 0].bare()
    more = {">", ">="} if above.kids[0] is below else {"<", "<="}
    if other.kind != "number" or (above.name == "!=" and other.value != 0):
        return None
    return other.value if above.name in {*more, "!="} else None
