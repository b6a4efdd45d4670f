"""Find the series that a PromQL expression reads."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import promql_parser as promql

_PLAIN: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_PLAIN_LABEL: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
PLACEHOLDER: Final = "{{.window}}"
_LOOSE: Final = re.compile(r"\{\{-?\s*\.window\s*-?\}\}")
_STRING_OR_SPACE: Final = re.compile(
    r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|(?:\s+|\#[^\n]*)+"""
)
_SAMPLE_WINDOW: Final = "5m"
Node = promql.Expr
"""A node of promql-parser's tree."""
_MARK: Final = "86413s"
_MARK_WRITTEN: Final = "1d13s"
_MARK_LENGTH: Final = timedelta(seconds=86413)


@dataclass(frozen=True, slots=True)
class Selector:
    """One vector or range selector: its metric ("" when none is named) and its matchers."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...]
    """Triples of label, operator (`=`, `!=`, `=~`, `!~`) and value."""

    def text(self) -> str:
        """Return it in PromQL."""
        inner = ",".join(
            f"{label_name(name)}{op}{_quoted(value)}" for name, op, value in self.matchers
        )
        if self.metric and not _PLAIN.fullmatch(self.metric):
            inner = ",".join(filter(None, (_quoted(self.metric), inner)))
            return f"{{{inner}}}"
        return f"{self.metric}{{{inner}}}" if inner else self.metric


def label_name(name: str) -> str:
    """Return the name of a label as PromQL has it: quoted where any UTF-8 is in it."""
    return name if _PLAIN_LABEL.fullmatch(name) else _quoted(name)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def fill_window(query: str, window: str) -> str:
    """Put a window where `{{.window}}` stands."""
    return query.replace(PLACEHOLDER, window)


def tidy(query: str) -> str:
    """Return a query without comments and in one line, its strings untouched.

    `{{ .window }}` may stand with blanks in it, as Go's templates allow.
    """

    def shorten(match: re.Match[str]) -> str:
        return match[0] if match[0][0] in "\"'`" else " "

    return _STRING_OR_SPACE.sub(shorten, _LOOSE.sub(PLACEHOLDER, query)).strip()


def parse(query: str) -> Node:
    """Return promql-parser's tree; ValueError carries the parser's message."""
    return promql.parse(fill_window(query, _SAMPLE_WINDOW))


def selectors(query: str) -> tuple[Selector, ...]:
    """Return every selector of a query in the order of appearance."""
    return tuple(_walk(parse(query)))


def is_one_series(tree: Node) -> bool:
    """Say whether an expression surely gives at most one series, and that without labels."""
    match tree:
        case promql.AggregateExpr():
            return tree.modifier is None and str(tree.op) in _TO_ONE
        case promql.ParenExpr() | promql.UnaryExpr():
            return is_one_series(tree.expr)
        case promql.BinaryExpr():
            return is_one_series(tree.lhs) and is_one_series(tree.rhs)
        case promql.Call():
            return tree.func.name in {"vector", "scalar", "time", "absent", "absent_over_time"} or (
                bool(tree.args) and all(is_one_series(each) for each in tree.args)
            )
        case promql.SubqueryExpr():
            return is_one_series(tree.expr)
        case _:
            return isinstance(tree, promql.NumberLiteral | promql.StringLiteral)


_TO_ONE: Final = frozenset({"sum", "avg", "min", "max", "count", "stddev", "stdvar", "group",
                            "quantile"})  # fmt: skip


def shape(tree: Node) -> str:
    """Return what an expression evaluates to: vector, scalar, matrix (a range) or string."""
    if isinstance(tree, promql.ParenExpr | promql.UnaryExpr):
        return shape(tree.expr)
    if isinstance(tree, promql.BinaryExpr):
        return "scalar" if shape(tree.lhs) == shape(tree.rhs) == "scalar" else "vector"
    if isinstance(tree, promql.Call) and tree.func.name in _SCALARS:
        return "scalar"
    return next((name for kind, name in _SHAPES if isinstance(tree, kind)), "vector")


_SCALARS: Final = frozenset({"scalar", "time", "pi"})
_SHAPES: Final = (
    (promql.NumberLiteral, "scalar"),
    (promql.StringLiteral, "string"),
    (promql.MatrixSelector | promql.SubqueryExpr, "matrix"),
)


def marked(query: str) -> Node:
    """Return the tree of a query with a range that nobody writes where `{{.window}}` stands."""
    return promql.parse(fill_window(query, _MARK))


def unmarked(text: str) -> str:
    """Return the text of such a tree with `{{.window}}` where it stood."""
    return text.replace(_MARK_WRITTEN, PLACEHOLDER)


def ranged_functions(query: str) -> frozenset[str]:
    """Return the functions of a query that are applied to a range with `{{.window}}` in it.

    The placeholder is read as a range that nobody writes, so that it differs from any other.
    """
    tree = marked(query)
    found = set()
    for node in nodes(tree):
        if isinstance(node, promql.Call):
            for argument in node.args:
                if isinstance(argument, promql.MatrixSelector | promql.SubqueryExpr) and (
                    argument.range == _MARK_LENGTH
                ):
                    found.add(node.func.name)
    return frozenset(found)


def nodes(node: Node) -> Iterator[Node]:
    """Yield a node of the tree and all below it, in the order of writing."""
    yield node
    for child in children(node):
        yield from nodes(child)


def _walk(tree: Node) -> Iterator[Selector]:
    for node in nodes(tree):
        if isinstance(node, promql.VectorSelector):
            yield selector_of_node(node)


def selector_of_node(node: promql.VectorSelector) -> Selector:
    """Return a vector selector of the tree as a value."""
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


def children(node: Node) -> tuple[Node, ...]:
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
