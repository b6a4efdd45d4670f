"""Which labels an expression leaves, as far as the expression alone can say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import promql_parser as promql

from slo.series import Node, shape

_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_LABELLING: Final = frozenset({"label_replace", "label_join"})
_SETS: Final = frozenset({"and", "unless"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Exactly the labels `named`, or where `others` is true every label but those."""

    named: frozenset[str] = frozenset()
    others: bool = False

    def has(self, label: str) -> bool:
        """Say whether the label may be there."""
        return (label in self.named) is not self.others

    def only(self, labels: Iterable[str]) -> "Kept":
        """Return what aggregating by labels leaves."""
        return Kept(frozenset(label for label in labels if self.has(label)))

    def without(self, labels: Iterable[str]) -> "Kept":
        """Return what is left when labels are dropped."""
        dropped = frozenset(labels)
        return Kept(self.named | dropped if self.others else self.named - dropped, self.others)

    def plus(self, labels: Iterable[str]) -> "Kept":
        """Return what is left when labels are added."""
        added = frozenset(labels)
        return Kept(self.named - added if self.others else self.named | added, self.others)

    def or_of(self, other: "Kept") -> "Kept":
        """Return the labels that one of two vectors may have."""
        if not self.others and not other.others:
            return Kept(self.named | other.named)
        if self.others and other.others:
            return Kept(self.named & other.named, others=True)
        exact, rest = (other, self) if self.others else (self, other)
        return Kept(rest.named - exact.named, others=True)


ANY: Final = Kept(others=True)


def kept(node: Node) -> Kept:
    """Return the labels that the result of an expression may have."""
    match node:
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            return kept(node.expr)
        case promql.AggregateExpr():
            return _aggregated(node)
        case promql.BinaryExpr():
            return _joined(node)
        case promql.Call():
            return _called(node)
        case promql.NumberLiteral() | promql.StringLiteral():
            return Kept()
        case _:
            return ANY


def _aggregated(node: Node) -> Kept:
    inner = kept(node.expr)
    operation = str(node.op)
    if operation in _CHOOSING:
        return inner
    if node.modifier is None:
        left = Kept()
    elif str(node.modifier.type).endswith("By"):
        left = inner.only(node.modifier.labels)
    else:
        left = inner.without(node.modifier.labels)
    return left.plus([node.param.val]) if operation == "count_values" else left


def _called(node: Node) -> Kept:
    vectors = [each for each in node.args if shape(each) in {"vector", "matrix"}]
    name = node.func.name
    if name in {"absent", "absent_over_time"}:
        return ANY  # the labels that its selector demands
    if not vectors or name == "scalar":
        return Kept()
    inner = kept(vectors[0])
    if name in _LABELLING:
        return inner.plus([node.args[1].val])
    return inner.without(["le"]) if name == "histogram_quantile" else inner


def _joined(node: Node) -> Kept:
    """Return what an operator leaves. Source: Prometheus, promql/engine.go, resultMetric."""
    left, right = kept(node.lhs), kept(node.rhs)
    if shape(node.lhs) == "scalar":
        return right
    if str(node.op) == "or":
        return left.or_of(right)
    if shape(node.rhs) == "scalar" or str(node.op) in _SETS or node.modifier is None:
        return left
    return _matched(left, right, node.modifier)


def _matched(left: Kept, right: Kept, modifier: Node) -> Kept:
    """Return the labels of a match of one with one, or of many with one."""
    card = str(modifier.card)
    if card.endswith("ManyToOne"):
        return left.plus(modifier.group_labels or ())
    if card.endswith("OneToMany"):
        return right.plus(modifier.group_labels or ())
    if modifier.matching is None:
        return left
    labels = modifier.matching.labels
    included = str(modifier.matching.type).endswith("Include")
    return left.only(labels) if included else left.without(labels)
