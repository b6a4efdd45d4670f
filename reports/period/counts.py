"""What a question counts: the sums of growth in it, found in its parsed tree."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import numpy as np
import promql_parser as promql

from kit.pure.answers import Answer, Floats, Series
from slo.series import Node, Selector, children, label_name, nodes, parse, selector_of_node

Key = tuple[tuple[str, str], ...]
"""The labels of a series, in order."""
Grown = Mapping[Key, Floats]
"""By how much each of the series of a sum grew in each slot."""
_FUNCTIONS: Final = ("increase", "rate")
_STRING_OR_SPACE: Final = re.compile(r'"(?:\\.|[^"\\])*"|\s+')
_LABELLED: Final = 5


@dataclass(frozen=True, slots=True)
class Count:
    """The growth of counters over a length, summed up: `sum by (…) (increase(…[…]))`."""

    selector: Selector
    by: tuple[str, ...]
    is_rate: bool
    length_s: float

    @property
    def factor(self) -> float:
        """Return by what growth is multiplied."""
        return 1 / self.length_s if self.is_rate else 1.0

    def text(self, ago_s: int = 0) -> str:
        """Return it in PromQL, as some seconds ago."""
        function, millis = _FUNCTIONS[self.is_rate], round(self.length_s * 1000)
        length = f"{millis}ms" if millis % 1000 else f"{millis // 1000}s"
        return self.sum(f"{function}({self.selector.text()}[{length}]{offset(ago_s)})")

    def sum(self, text: str) -> str:
        """Return in PromQL the sum of what a text gives, by the same labels."""
        by = f" by ({', '.join(map(label_name, self.by))})" if self.by else ""
        return f"sum{by} ({text})"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the answers of a question: counts, each times a number, added up; `labels` name it."""

    labels: Mapping[str, str]
    counts: tuple[tuple[float, Count], ...]


def offset(seconds: int) -> str:
    """Return in PromQL how long ago."""
    return f" offset {seconds}s" if seconds else ""


def counts(expression: str) -> tuple[Count, ...]:
    """Return every count in an expression, each once."""
    return tuple(dict.fromkeys(one for _, one in _found(parse(expression))))


def has_other_ranges(expression: str) -> bool:
    """Tell whether an expression reads ranges that are no count, or asks at other instants."""
    tree = parse(expression)
    ranges = (promql.MatrixSelector, promql.SubqueryExpr)
    return sum(isinstance(one, ranges) for one in nodes(tree)) > len(list(_found(tree)))


def rewritten(expression: str, change: Callable[[Count], str | None]) -> str:
    """Return an expression with each count as `change` has it; as it was where that is None."""
    tree = parse(expression)
    found = {_one_line(node): change(one) for node, one in _found(tree)}
    changed = {text: new for text, new in found.items() if new is not None}
    if not changed:
        return expression
    whole = re.compile("|".join(map(re.escape, changed)))
    return whole.sub(lambda match: changed[match[0]], _one_line(tree))


def parts(expression: str) -> tuple[Part, ...] | None:
    """Return the parts of a question; None unless each is made of counts, added and divided."""
    try:
        return tuple(_parts(parse(expression)))
    except _NotLinearError:
        return None


def only_count(expression: str) -> Count | None:
    """Return the count that an expression is; None if it is anything else."""
    return _count(parse(expression))


def combined(asked: tuple[Part, ...], grown: Mapping[Count, Grown], times: Floats) -> Answer:
    """Return what a question's parts were at some times, from what its counts grew by.

    As in Prometheus a series is in a sum or difference only if it is on both sides, and what an
    earlier part has is not taken from a later one.
    """
    series: dict[Key, Floats] = {}
    for part in asked:
        sides = [
            {key: values * one.factor * number for key, values in grown[one].items()}
            for number, one in part.counts
        ]
        for key in sides[0]:
            if all(key in side for side in sides):
                values = np.sum([side[key] for side in sides], axis=0)
                labels = tuple(sorted({**dict(key), **part.labels}.items()))
                known = series.get(labels, values)
                series[labels] = np.where(np.isnan(known), values, known)
    return Answer(
        tuple(
            Series(dict(labels), times[there], values[there])
            for labels, values in series.items()
            for there in (~np.isnan(values),)
        )
    )


def key_of(one: Series) -> Key:
    """Return the labels of a series, in order."""
    return tuple(sorted(one.labels.items(), key=itemgetter(0)))


class _NotLinearError(ValueError):
    """An expression has something else in it than counts, added and divided."""


def _parts(tree: Node) -> Iterator[Part]:
    match tree:
        case promql.BinaryExpr() if str(tree.op) == "or" and _is_plain(tree):
            yield from _parts(tree.lhs)
            yield from _parts(tree.rhs)
        case promql.Call() if tree.func.name == "label_replace" and _names(tree):
            labels = {tree.args[1].val: tree.args[2].val}
            for part in _parts(tree.args[0]):
                yield Part({**part.labels, **labels}, part.counts)
        case _:
            yield Part({}, tuple(_linear(tree, 1.0)))


def _names(tree: promql.Call) -> bool:
    """Tell whether a call gives every series the same label."""
    rest = tree.args[1:]
    is_whole = len(tree.args) == _LABELLED and "$" not in rest[1].val
    return is_whole and (rest[2].val, rest[3].val) == ("", "")


def _linear(tree: Node, factor: float) -> Iterator[tuple[float, Count]]:
    count = _count(tree)
    if count is not None:
        yield factor, count
        return
    match tree:
        case promql.ParenExpr():
            yield from _linear(tree.expr, factor)
        case promql.BinaryExpr() if str(tree.op) in {"+", "-"} and _is_plain(tree):
            yield from _linear(tree.lhs, factor)
            yield from _linear(tree.rhs, -factor if str(tree.op) == "-" else factor)
        case promql.BinaryExpr(rhs=promql.NumberLiteral(val=number)) if str(tree.op) == "/":
            yield from _linear(tree.lhs, factor / number)
        case _:
            raise _NotLinearError


def _is_plain(tree: promql.BinaryExpr) -> bool:
    return tree.modifier is None or tree.modifier.matching is None


def _found(tree: Node) -> Iterator[tuple[Node, Count]]:
    """Yield every count of a tree with its node; none of a subquery, which asks at other times."""
    count = _count(tree)
    if count is not None:
        yield tree, count
    elif not isinstance(tree, promql.SubqueryExpr):
        for child in children(tree):
            yield from _found(child)


def _count(tree: Node) -> Count | None:
    match tree:
        case promql.AggregateExpr(
            param=None, expr=promql.Call(args=[promql.MatrixSelector() as ranged]) as call
        ) if str(tree.op) == "sum" and call.func.name in _FUNCTIONS:
            selector, modifier = ranged.vector_selector, tree.modifier
            is_by = modifier is None or modifier.type == promql.AggModifierType.By
            if not is_by or selector.offset is not None or selector.at is not None:
                return None
            by = tuple(modifier.labels) if modifier else ()
            length_s = ranged.range.total_seconds()
            return Count(selector_of_node(selector), by, call.func.name == "rate", length_s)
        case _:
            return None


def _one_line(tree: Node) -> str:
    """Return a tree as text in one line, the same for the same wherever it stands."""

    def shorten(found: re.Match[str]) -> str:
        if found[0][0] == '"':
            return found[0]
        inside = text[found.start() - 1] == "(" or text[found.end()] == ")"
        return "" if inside else " "

    text = str(tree.prettify()).strip()
    return _STRING_OR_SPACE.sub(shorten, text)
