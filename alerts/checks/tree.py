"""A parsed expression as plain nodes: promql-parser builds a new wrapper at every look at its own.

The checks look at each node many times, ask what stands above it, and tell two equal parts of an
expression apart; none of that is possible, or cheap, on the parser's tree.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import promql_parser as promql

from slo.series import parse

_OPS: Final = {
    "MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~",
}  # fmt: skip
Matcher = tuple[str, str, str]
"""Label, operator (`=`, `!=`, `=~`, `!~`) and value."""
OLD_FUNCTIONS: Final = {"holt_winters": "double_exponential_smoothing"}
"""Functions of Prometheus 2 by what Prometheus 3 calls them."""
_DEEPEST: Final = 200
_TOO_DEEP: Final = f"it is nested too deep: over {_DEEPEST} times"
COMPARISONS: Final = frozenset({"==", "!=", ">", "<", ">=", "<="})
SETS: Final = frozenset({"and", "or", "unless"})


class Node:
    """One node: `kind` says what it is and which of the other attributes mean something.

    number: `value` · string: `word` · vector: `name`, `matchers`, `offset_s` · matrix: its vector
    as the only kid, `range_s` · subquery: `range_s`, `step_s`, `offset_s` · call: `name` ·
    aggregate: `name`, `labels`, `by` (None: neither by nor without), `param` · binary: `name`,
    `on` (None: neither on nor ignoring), `labels`, `card`, `group_labels`, `returns_bool` ·
    unary, paren. `up` is the node above; in `memory` stands what was once worked out of the node.
    """

    __slots__ = (
        "_text",
        "by",
        "card",
        "depth",
        "group_labels",
        "kids",
        "kind",
        "labels",
        "matchers",
        "memory",
        "name",
        "offset_s",
        "on",
        "param",
        "range_s",
        "raw",
        "returns_bool",
        "step_s",
        "up",
        "value",
        "word",
    )  # fmt: skip

    def __init__(
        self, kind: str, raw: promql.Expr, kids: tuple["Node", ...] = (), name: str = ""
    ) -> None:
        self.kind, self.raw, self.kids, self.name = kind, raw, kids, name
        self.up: Node | None = None
        self.labels: tuple[str, ...] = ()
        self.by: bool | None = None
        self.on: bool | None = None
        self.card, self.group_labels = "one", tuple[str, ...]()
        self.returns_bool = False
        self.matchers: tuple[Matcher, ...] = ()
        self.range_s, self.step_s, self.offset_s = 0.0, 0.0, 0.0
        self.value, self.word = 0.0, ""
        self.param: Node | None = None
        self._text = ""
        self.memory: dict[str, Any] = {}  # Any: what each check works out
        self.depth = 1
        for kid in kids:
            kid.up = self
            self.depth = max(self.depth, kid.depth + 1)

    @property
    def text(self) -> str:
        """Return the node as PromQL."""
        if not self._text:
            self._text = str(self.raw.prettify())
        return self._text

    def walk(self) -> Iterator["Node"]:
        """Yield the node and all below it, in the order of writing."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def bare(self) -> "Node":
        """Return what stands inside parentheses."""
        node = self
        while node.kind == "paren":
            node = node.kids[0]
        return node

    def operands(self, name: str) -> Iterator["Node"]:
        """Yield what an operator puts together at the top, or the node alone, as it is bare."""
        node = self.bare()
        if node.kind == "binary" and node.name == name:
            for kid in node.kids:
                yield from kid.operands(name)
        else:
            yield node

    def is_asking(self) -> bool:
        """Say whether it leaves out what does not hold: with `bool` it gives 0 instead."""
        return self.kind == "binary" and self.name in COMPARISONS and not self.returns_bool


def tree_of(expression: str) -> Node:
    """Return the tree of an expression; ValueError carries the parser's message."""
    try:
        tree = _node(parse(_modern(expression)))
    except RecursionError as err:
        raise ValueError(_TOO_DEEP) from err
    if tree.depth > _DEEPEST:
        raise ValueError(_TOO_DEEP)
    return tree


def _modern(expression: str) -> str:
    for old, new in OLD_FUNCTIONS.items():
        expression = expression.replace(f"{old}(", f"{new}(")
    return expression


def _node(raw: promql.Expr) -> Node:
    return _BUILDERS[type(raw)](raw)


def _number(raw: promql.NumberLiteral) -> Node:
    node = Node("number", raw)
    node.value = float(raw.val)
    return node


def _string(raw: promql.StringLiteral) -> Node:
    node = Node("string", raw)
    node.word = str(raw.val)
    return node


def _vector(raw: promql.VectorSelector) -> Node:
    found = [(m.name, _OPS[str(m.op)], m.value) for m in raw.matchers.matchers]
    name = raw.name or next((v for n, op, v in found if n == "__name__" and op == "="), "")
    node = Node("vector", raw, (), name)
    node.matchers = tuple(each for each in found if each[0] != "__name__" or each[1] != "=")
    node.offset_s = raw.offset.total_seconds() if raw.offset else 0.0
    return node


def _matrix(raw: promql.MatrixSelector) -> Node:
    node = Node("matrix", raw, (_vector(raw.vector_selector),))
    node.range_s, node.offset_s = raw.range.total_seconds(), node.kids[0].offset_s
    return node


def _subquery(raw: promql.SubqueryExpr) -> Node:
    node = Node("subquery", raw, (_node(raw.expr),))
    node.range_s = raw.range.total_seconds() if raw.range else 0.0
    node.step_s = raw.step.total_seconds() if raw.step else 0.0
    node.offset_s = raw.offset.total_seconds() if raw.offset else 0.0
    return node


def _call(raw: promql.Call) -> Node:
    return Node("call", raw, tuple(_node(each) for each in raw.args), raw.func.name)


def _aggregate(raw: promql.AggregateExpr) -> Node:
    inner = _node(raw.expr)
    param = None if raw.param is None else _node(raw.param)
    node = Node("aggregate", raw, (inner,) if param is None else (param, inner), str(raw.op))
    node.param = param
    if raw.modifier is not None:
        node.by = str(raw.modifier.type).endswith("By")
        node.labels = tuple(raw.modifier.labels)
    return node


_CARDS: Final = {"ManyToOne": "left", "OneToMany": "right"}


def _binary(raw: promql.BinaryExpr) -> Node:
    node = Node("binary", raw, (_node(raw.lhs), _node(raw.rhs)), str(raw.op))
    if (modifier := raw.modifier) is not None:
        node.returns_bool = bool(modifier.return_bool)
        node.card = _CARDS.get(str(modifier.card).rpartition(".")[2], "one")
        node.group_labels = tuple(modifier.group_labels or ())
        if modifier.matching is not None:
            node.on = str(modifier.matching.type).endswith("Include")
            node.labels = tuple(modifier.matching.labels)
    return node


def _inner(kind: str) -> Callable[[promql.UnaryExpr | promql.ParenExpr], Node]:
    return lambda raw: Node(kind, raw, (_node(raw.expr),))


_BUILDERS: Final[Mapping[type[promql.Expr], Callable[..., Node]]] = {
    promql.NumberLiteral: _number, promql.StringLiteral: _string, promql.VectorSelector: _vector,
    promql.MatrixSelector: _matrix, promql.SubqueryExpr: _subquery, promql.Call: _call,
    promql.AggregateExpr: _aggregate, promql.BinaryExpr: _binary,
    promql.UnaryExpr: _inner("unary"), promql.ParenExpr: _inner("paren"),
}  # fmt: skip


def inner_of(node: Node) -> Node:
    """Return what an aggregation is of."""
    return node.kids[-1]


_SCALARS: Final = frozenset({"scalar", "time", "pi"})


def shape(node: Node) -> str:
    """Return what an expression evaluates to: vector, scalar, matrix (a range) or string."""
    if (found := node.memory.get("shape")) is None:
        found = node.memory["shape"] = _shape(node)
    return str(found)


def _shape(node: Node) -> str:
    if node.kind in {"paren", "unary"}:
        return shape(node.kids[0])
    if node.kind == "binary":
        return "scalar" if {shape(kid) for kid in node.kids} == {"scalar"} else "vector"
    if node.kind == "call":
        return "scalar" if node.name in _SCALARS else "vector"
    return {"number": "scalar", "string": "string", "matrix": "matrix", "subquery": "matrix"}.get(
        node.kind, "vector"
    )
