"""promql/rate: `rate` before `sum`, of counters only, and never a counter without it."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.facts import RECORDED_RATE, is_counter, is_gauge
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node, inner_of
from slo.catalogue import Kind

NAME: Final = "promql/rate"
RATES: Final = frozenset({"rate", "irate", "increase"})
_OF_GAUGES: Final = frozenset({"delta", "idelta", "deriv", "predict_linear"})
_COUNTS: Final = frozenset(
    {"absent", "absent_over_time", "count_over_time", "present_over_time", "changes", "resets",
     "timestamp"}
)  # fmt: skip
_COUNTING: Final = frozenset({"count", "group", "count_values"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield misuses of rates."""
    for node in subject.nodes:
        if node.kind == "call" and node.name in RATES:
            yield from _rate(subject, around, node)
        elif node.kind == "call" and node.name in _OF_GAUGES:
            yield from _of_gauges(subject, around, node)
        elif node.kind == "call" and node.name == "resets":
            yield from _resets(subject, around, node)
        elif (
            node.kind == "vector"
            and is_counter(node.name, around)
            and _is_used_raw(node)
            and not _is_whole_of_gauges(node, around)
        ):
            yield subject.problem(
                NAME, f"{node.name} only ever grows{_by_name(node.name, around)}",
                "take its rate first", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip


def _by_name(name: str, around: Around) -> str:
    return "" if around.kind(name) is not None else ", by its name"


def _is_used_raw(node: Node) -> bool:
    """Say whether the value of a counter itself is used: nothing above it takes a rate or counts.

    Whether a counter is there, or has moved at all, may be asked of its value.
    """
    below, above = node, node.up
    while above is not None:
        if above.kind == "call" and above.name in RATES | _COUNTS | _OF_GAUGES:
            return False
        if above.kind == "aggregate" and above.name in _COUNTING:
            return False
        if above.kind == "binary" and _takes_no_value(above, below):
            return False
        below, above = above, above.up
    return True


def _is_whole_of_gauges(node: Node, around: Around) -> bool:
    """Say whether a `_total` nobody knows is what there is in all: gauges are taken from it."""
    above = node.up
    while above is not None and above.kind == "paren":
        above = above.up
    if around.kind(node.name) is not None or above is None or above.kind != "binary":
        return False
    others = [kid.bare() for kid in above.kids if kid.bare() is not node]
    return above.name in {"-", "/"} and all(
        other.kind == "vector" and not is_counter(other.name, around) for other in others
    )


def _takes_no_value(above: Node, below: Node) -> bool:
    """Say whether an operator looks only at what is there, or compares a counter with itself."""
    right = above.kids[1] is below
    if above.name in {"and", "unless"} and right:
        return True
    other = above.kids[0 if right else 1]
    zero = other.bare().kind == "number" and other.bare().value == 0
    if zero and below.kind == "vector" and below.name.endswith("_count"):
        return True  # has anything been counted at all?
    names = {node.name for node in below.walk() if node.kind == "vector"}
    theirs = {node.name for node in other.walk() if node.kind == "vector"}
    earlier = {node.offset_s for node in (*below.walk(), *other.walk()) if node.kind == "vector"}
    return names == theirs and len(earlier) > 1


def _rate(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    if node.name == "irate" and subject.is_alert:
        yield subject.problem(
            NAME, "irate looks at two samples only, so that one lucky pair ends the alert",
            "use rate", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip
    ranged = node.kids[0]
    if ranged.kind == "subquery" and ranged.kids[0].bare().kind == "vector":
        yield subject.problem(
            NAME, "a subquery takes only some of the samples of a counter",
            "read its range: [5m] without a colon", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip
    for child in ranged.walk():
        if child.kind == "aggregate":
            yield subject.problem(
                NAME, "a rate of a sum takes a restarted instance for a reset of all",
                f"sum({node.name}(...)) instead", fragment=node.text,
            )  # fmt: skip
        elif child.kind == "call" and child.name in RATES:
            yield subject.problem(
                NAME, f"a {node.name} of a {child.name}, which goes up and down",
                "use deriv or avg_over_time", fragment=node.text,
            )  # fmt: skip
        elif child.kind == "vector":
            yield from _of_one(subject, around, node, child)


def _of_one(subject: Subject, around: Around, node: Node, child: Node) -> Iterator[Problem]:
    name = child.name
    if RECORDED_RATE.search(name):
        yield subject.problem(
            NAME, f"{name} is a rate already", "use avg_over_time", fragment=node.text
        )
        return
    gauge, sure = is_gauge(name, around)
    if gauge:
        yield subject.problem(
            NAME, f"{name} is a gauge" if sure else f"{name} is a gauge, by its name",
            "use delta, deriv or avg_over_time", fragment=node.text,
            level=Level.ERROR if sure else Level.WARNING,
        )  # fmt: skip
    elif any(_is_sum_of_counters(each, around) for each in around.recorded.get(name, ())):
        yield subject.problem(
            NAME, f"{name} is recorded from a sum of counters, which takes a restarted instance for"
            " a reset of all", "record the sum of the rates", fragment=node.text,
        )  # fmt: skip
    elif any(_is_sum(each) for each in around.recorded.get(name, ())):
        yield subject.problem(
            NAME, f"{name} is recorded from a sum: of gauges it has no rate, and of counters it"
            " takes a restarted instance for a reset of all", "record the sum of the rates",
            fragment=node.text, level=Level.WARNING,
        )  # fmt: skip
    elif around.is_there(name) and all(_is_no_count(each) for each in around.recorded[name]):
        yield subject.problem(
            NAME, f"{name} is recorded from a rate or a share and goes up and down",
            "use avg_over_time", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip


def _is_sum_of_counters(subject: Subject, around: Around) -> bool:
    return any(
        node.kind == "vector" and is_counter(node.name, around) and _is_used_raw(node)
        for node in subject.nodes
    ) and any(node.kind == "aggregate" for node in subject.nodes)


def _is_sum(subject: Subject) -> bool:
    """Say whether a recorded series is the sum of what is scraped, be that what it may."""
    found = subject.tree.bare() if subject.tree else None
    return bool(
        found
        and found.kind == "aggregate"
        and found.name == "sum"
        and inner_of(found).bare().kind == "vector"
        and ":" not in inner_of(found).bare().name
    )


def _is_no_count(subject: Subject) -> bool:
    """Say whether a recorded series is a rate, or a quotient: never something that only grows."""
    rated = any(node.kind == "call" and node.name in RATES for node in subject.nodes)
    return rated or any(node.kind == "binary" and node.name == "/" for node in subject.nodes)


def _resets(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    for child in node.kids[0].walk():
        if child.kind == "vector" and is_gauge(child.name, around)[0]:
            yield subject.problem(
                NAME, f"{child.name} is a gauge, and every fall of it counts as a reset",
                "use changes", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip


def _of_gauges(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    for child in node.kids[0].walk():
        rated = any(up.kind == "call" and up.name in RATES for up in _between(child, node))
        if child.kind == "vector" and not rated and is_counter(child.name, around):
            known = around.kind(child.name)
            yield subject.problem(
                NAME, f"{child.name} only ever grows, and {node.name} does not see it begin anew",
                "use rate or increase", fragment=node.text,
                level=Level.ERROR if known in {Kind.COUNTER, Kind.HISTOGRAM} else Level.WARNING,
            )  # fmt: skip


def _between(node: Node, end: Node) -> Iterator[Node]:
    above = node.up
    while above is not None and above is not end:
        yield above
        above = above.up
