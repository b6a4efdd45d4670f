"""promql/compare: a comparison is sometimes true and sometimes not."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.bounds import FLIPPED, INF, Bounds, bounds, is_part
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import COMPARISONS, Node, shape

NAME: Final = "promql/compare"
_EXISTENCE: Final = frozenset({"count", "group", "absent", "absent_over_time",
                               "present_over_time", "count_over_time", "count_values"})  # fmt: skip


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield comparisons that nothing, or everything, fulfils."""
    for node in subject.nodes:
        if node.kind != "binary":
            continue
        if node.name in COMPARISONS:
            yield from _compared(subject, around, node)
        elif node.name in {"and", "or"}:
            yield from _together(subject, node)
        elif node.name == "unless" and _takes_all(node):
            yield subject.problem(
                NAME, "nothing is left when everything is taken away",
                "take away something else", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip


def _takes_all(node: Node) -> bool:
    """Say whether each series of the left is one of the right, too: `x == 0 unless x`."""
    if node.on or node.labels:
        return False
    left, right = node.kids[0].bare(), node.kids[1].bare()
    if left.text == right.text:
        return True
    return right.kind in {"vector", "aggregate", "call"} and is_part(left, right)


def _compared(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    left, right = node.kids
    if shape(left) == shape(right) == "scalar" and not node.returns_bool:
        return  # Prometheus refuses it
    if left.text == right.text and shape(left) == "vector" and node.name not in {"==", "!="}:
        outcome = node.name in {">=", "<="}
    else:
        outcome_or_none = verdict(node.name, bounds(left, around), bounds(right, around))
        if outcome_or_none is None:
            yield from _exactly(subject, node)
            return
        outcome = outcome_or_none
    if not outcome:
        yield subject.problem(
            NAME, f"it is never true{_why(node, around)}", "correct the limit, or the expression",
            fragment=node.text, level=Level.WARNING,
        )  # fmt: skip
    elif not _is_about_existence(node):
        yield subject.problem(
            NAME, f"it is always true{_why(node, around)}", "correct the limit, or the expression",
            fragment=node.text, level=Level.WARNING,
        )  # fmt: skip


def _exactly(subject: Subject, node: Node) -> Iterator[Problem]:
    """Yield a rate or a quotient that is to be exactly some number."""
    limit = node.kids[1].bare()
    if node.name not in {"==", "!="} or limit.kind != "number" or limit.value.is_integer():
        return
    if any(_is_continuous(each) for each in node.kids[0].walk()):
        often = "hardly ever" if node.name == "==" else "nearly always"
        yield subject.problem(
            NAME, f"a rate or a quotient is {often} so", "compare with > or <", fragment=node.text,
            level=Level.WARNING,
        )  # fmt: skip


def _is_continuous(node: Node) -> bool:
    return (node.kind == "call" and node.name in {"rate", "irate", "avg_over_time", "deriv"}) or (
        node.kind == "binary" and node.name == "/"
    )


def _why(node: Node, around: Around) -> str:
    for side in node.kids:
        found = bounds(side, around)
        if not found.is_number and found != Bounds():
            if found.high == INF:
                return f": {side.text} is {found.low:g} or more"
            return f": {side.text} is between {found.low:g} and {found.high:g}"
    return ""


def verdict(name: str, left: Bounds, right: Bounds) -> bool | None:
    """Return whether a comparison is always or never true; None when it depends."""
    if name in {"<", "<="}:
        return verdict(FLIPPED[name], right, left)
    if name == ">":
        always, never = left.low > right.high, left.high <= right.low
    elif name == ">=":
        always, never = left.low >= right.high, left.high < right.low
    else:
        apart = left.high < right.low or left.low > right.high
        same = left.is_number and right.is_number and left.low == right.low
        always, never = (same, apart) if name == "==" else (apart, same)
    if never:
        return False
    return True if always and (left, right) != (Bounds(), Bounds()) else None


def _is_about_existence(node: Node) -> bool:
    """Say whether it only asks whether there is anything: `count(x{…}) > 0`, `absent(x) == 1`."""
    for side in node.kids:
        inner = side.bare()
        if inner.kind in {"call", "aggregate"} and inner.name in _EXISTENCE:
            if inner.kind == "call" or node.name not in {">", ">=", "==", "!="}:
                return True
            chosen = any(each.matchers for each in inner.walk() if each.kind == "vector")
            filtered = any(each.kind == "binary" for each in inner.walk())
            limit = node.kids[1].bare()
            zero = node.name == ">=" and limit.kind == "number" and limit.value <= 0
            return (chosen or filtered) and not zero
        if inner.kind == "call" and inner.name == "vector":
            return True
    return False


def _together(subject: Subject, node: Node) -> Iterator[Problem]:
    """Yield `x > 9 and x < 5`, which is never true, and `x < 9 or x > 5`, which always is."""
    if node.name == "and":
        sides = list(node.operands("and"))
    else:
        sides = [node.kids[0].bare(), node.kids[1].bare()]
    if node.up is not None and node.up.kind == "binary" and node.up.name == node.name == "and":
        return
    limits = [(one, found) for one in sides if (found := _limit(one)) is not None]
    for index, (one, (text, low)) in enumerate(limits):
        for other, (again, high) in limits[index + 1 :]:
            if text != again:
                continue
            if said := _both(node.name, low, high):
                yield subject.problem(
                    NAME, said, "correct the limits",
                    fragment=f"{one.text} {node.name} {other.text}", level=Level.WARNING,
                )  # fmt: skip


def _limit(node: Node) -> tuple[str, tuple[str, float]] | None:
    """Return what is compared, how, and with which number."""
    if not node.is_asking():
        return None
    left, right = node.kids[0].bare(), node.kids[1].bare()
    if right.kind == "number":
        return left.text, (node.name, right.value)
    return (right.text, (FLIPPED[node.name], left.value)) if left.kind == "number" else None


def _both(name: str, one: tuple[str, float], other: tuple[str, float]) -> str:
    above = next((each for each in (one, other) if each[0] in {">", ">="}), None)
    below = next((each for each in (one, other) if each[0] in {"<", "<="}), None)
    if name == "and":
        if one[0] == other[0] == "==" and one[1] != other[1]:
            return "both are never true at once"
        if above and below:
            open_ended = ">" in {above[0], f"{'>' if below[0] == '<' else ''}"}
            empty = above[1] >= below[1] if open_ended else above[1] > below[1]
            return "both are never true at once" if empty else ""
        return ""
    if one[0] == other[0] == "!=" and one[1] != other[1]:
        return "one of both is always true"
    if above and below and below[1] > above[1]:
        return "one of both is always true"
    return ""
