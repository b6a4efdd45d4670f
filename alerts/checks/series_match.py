"""series/match: by the labels that a server has, the two sides of an operator do meet."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from alerts.checks.live import Live
from alerts.checks.problem import Level, Problem
from alerts.checks.promql_regexp import lets_through
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import SETS, Node, inner_of, shape

NAME: Final = "series/match"
Labels = frozenset[tuple[str, str]]
_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio", "sort"})
_UNKNOWN: Final = frozenset(
    {"absent", "absent_over_time", "label_replace", "label_join", "info", "vector"}
)


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield operators whose sides have no pair of series, or several, and labels that none has."""
    if around.live is None:
        return
    for node in subject.nodes:
        if node.kind == "binary" and "scalar" not in {shape(kid) for kid in node.kids}:
            yield from _operator(subject, around.live, node)
            yield from _taken(subject, around.live, node)
        elif node.kind == "aggregate" and node.by:
            yield from _grouped(subject, around.live, node)


def _operator(subject: Subject, live: Live, node: Node) -> Iterator[Problem]:
    left, right = (series_of(kid, live) for kid in node.kids)
    if not left or not right or node.name in {"or", "unless"}:
        return
    mine, theirs = (Counter(_signature(each, node) for each in side) for side in (left, right))
    met = mine.keys() & theirs.keys()
    if not met:
        yield subject.problem(
            NAME, "on the server no series of one side has the labels of one of the other",
            f"they differ in {_difference(mine, theirs)}", fragment=node.text,
        )  # fmt: skip
    elif node.name not in SETS:
        many = {"one": (mine, theirs), "left": (theirs,), "right": (mine,)}[node.card]
        sides = [side for side, kid in zip((mine, theirs), node.kids, strict=True)
                 if side in many and not any(each.is_asking() for each in kid.walk())]  # fmt: skip
        if any(side[each] > 1 for side in sides for each in met):
            yield subject.problem(
                NAME, "on the server several series of a side match one of the other",
                "match by more labels, or aggregate that side", fragment=node.text,
                level=Level.WARNING,
            )  # fmt: skip


def _taken(subject: Subject, live: Live, node: Node) -> Iterator[Problem]:
    """Yield labels to take from the side of one that none of its series has."""
    one = series_of(node.kids[1 if node.card == "left" else 0], live)
    there = {name for each in one or () for name, _ in each}
    for label in node.group_labels:
        if there and label not in there:
            yield subject.problem(
                NAME, f"group_{node.card} takes {label}, which no series of that side has",
                f"it has: {', '.join(sorted(there))}", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip


def _difference(mine: Iterable[Labels], theirs: Iterable[Labels]) -> str:
    """Return the labels whose values the two sides have nothing of in common."""
    left, right = _values(mine), _values(theirs)
    names = sorted(
        name
        for name in left.keys() | right.keys()
        if left.get(name, frozenset()).isdisjoint(right.get(name, frozenset()))
    )
    return ", ".join(names) or "their combinations"


def _values(signatures: Iterable[Labels]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for each in signatures:
        for name, value in each:
            found.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}


def _signature(labels: Labels, node: Node) -> Labels:
    if node.on:
        return frozenset(pair for pair in labels if pair[0] in node.labels)
    return frozenset(pair for pair in labels if pair[0] not in node.labels)


def series_of(node: Node, live: Live) -> tuple[Labels, ...] | None:  # noqa: PLR0911 -- a kind a line
    """Return the labels of each series that an expression may give; None where nobody can tell."""
    match node.kind:
        case "paren" | "unary" | "matrix" | "subquery":
            return series_of(node.kids[0], live)
        case "vector":
            return _selected(node, live)
        case "call" if node.name in _UNKNOWN:
            return None
        case "call":
            vectors = [kid for kid in node.kids if shape(kid) in {"vector", "matrix"}]
            inner = series_of(vectors[0], live) if vectors else None
            dropped = {"le"} if node.name == "histogram_quantile" else set()
            return None if inner is None else _once(inner, lambda name: name not in dropped)
        case "aggregate":
            return _aggregated(node, live)
        case "binary":
            return _joined(node, live)
        case _:
            return None


def _selected(node: Node, live: Live) -> tuple[Labels, ...] | None:
    if not node.name or node.name not in live.series:
        return None
    return tuple(
        frozenset(each.items())
        for each in live.series[node.name]
        if all(lets_through(matcher, each.get(matcher[0], "")) for matcher in node.matchers)
    )


def _once(series: Iterable[Labels], keeps: Callable[[str], bool]) -> tuple[Labels, ...]:
    return tuple({frozenset(pair for pair in each if keeps(pair[0])): None for each in series})


def _aggregated(node: Node, live: Live) -> tuple[Labels, ...] | None:
    inner = series_of(inner_of(node), live)
    if inner is None or node.name == "count_values":
        return None
    if node.name in _CHOOSING:
        return inner
    if node.by is None:
        return _once(inner, lambda _: False)
    by = node.by
    return _once(inner, lambda name: (name in node.labels) is by)


def _joined(node: Node, live: Live) -> tuple[Labels, ...] | None:  # noqa: PLR0911 -- a kind a line
    left, right = (series_of(kid, live) for kid in node.kids)
    shapes = [shape(kid) for kid in node.kids]
    if "scalar" in shapes:
        return right if shapes[0] == "scalar" else left
    if left is None or right is None:
        return None
    if node.name == "or":
        return tuple(dict.fromkeys((*left, *right)))
    if node.name == "unless":
        return left
    many, one = (right, left) if node.card == "right" else (left, right)
    there = {_signature(each, node) for each in one}
    met = tuple(each for each in many if _signature(each, node) in there)
    if node.group_labels:
        return None
    if node.card == "one" and node.name not in SETS and node.on is not None:
        return tuple({_signature(each, node): None for each in met})
    return met


def _grouped(subject: Subject, live: Live, node: Node) -> Iterator[Problem]:
    """Yield labels to aggregate by that no series below has."""
    if any(each.kind in {"call", "binary"} and (each.name in _UNKNOWN or each.group_labels)
           for each in node.walk()):  # fmt: skip
        return
    read = [each.name for each in node.walk() if each.kind == "vector"]
    if not read or any(not live.series.get(name) for name in read):
        return
    there = frozenset(label for name in read for label in live.labels(name))
    for label in node.labels:
        if label not in there:
            yield subject.problem(
                NAME, f"no series below has the label {label}",
                f"it has: {', '.join(sorted(there))}", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip
