"""Find the series that a PromQL expression reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import promql_parser as promql

PLACEHOLDER: Final = "{{.window}}"
_SAMPLE_WINDOW: Final = "5m"


@dataclass(frozen=True, slots=True)
class Selector:
    """One vector or range selector: its metric ("" when none is named) and its matchers."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...]
    """Triples of label, operator (`=`, `!=`, `=~`, `!~`) and value."""


def fill_window(query: str, window: str) -> str:
    """Put a window where `{{.window}}` stands."""
    return query.replace(PLACEHOLDER, window)


def parse(query: str) -> Any:
    """Return promql-parser's tree; ValueError carries the parser's message."""
    return promql.parse(fill_window(query, _SAMPLE_WINDOW))


def selectors(query: str) -> tuple[Selector, ...]:
    """Return every selector of a query in the order of appearance."""
    return tuple(_walk(parse(query)))


def nodes(node: Any) -> Iterator[Any]:
    """Yield a node of the tree and all below it, in the order of writing."""
    yield node
    for child in children(node):
        yield from nodes(child)


def _walk(tree: Any) -> Iterator[Selector]:
    for node in nodes(tree):
        if isinstance(node, promql.VectorSelector):
            yield _selector(node)


def _selector(node: Any) -> Selector:
    found = [(m.name, _OPS[str(m.op)], m.value) for m in node.matchers.matchers]
    name = node.name or ""
    if not name:
        name = next((value for label, op, value in found if (label, op) == ("__name__", "=")), "")
    return Selector(name, tuple(item for item in found if item[0] != "__name__"))


_OPS: Final = {
    "MatchOp.Equal": "=",
    "MatchOp.NotEqual": "!=",
    "MatchOp.Re": "=~",
    "MatchOp.NotRe": "!~",
}


def children(node: Any) -> tuple[Any, ...]:
    """Return what stands directly below a node of the tree, in the order of writing."""
    match node:
        case promql.BinaryExpr():
            return (node.lhs, node.rhs)
        case promql.Call():
            return tuple(node.args)
        case promql.AggregateExpr():
            return (node.expr,) if node.param is None else (node.param, node.expr)
        case promql.MatrixSelector():
            return (node.vector_selector,)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            return (node.expr,)
        case _:
            return ()
