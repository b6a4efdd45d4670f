"""Which labels an expression leaves, as far as the expression alone can say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alerts.checks.tree import Node, inner_of, shape

_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_LABELLING: Final = frozenset({"label_replace", "label_join"})
_SETS: Final = frozenset({"and", "unless"})
OF_TARGETS: Final = frozenset({"job", "instance"})
"""Labels that Prometheus itself puts on every scraped series."""


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
    found: Kept | None = node.memory.get("kept")
    if found is None:
        found = node.memory["kept"] = _kept(node)
    return found


def _kept(node: Node) -> Kept:
    match node.kind:
        case "paren" | "unary" | "subquery":
            return kept(node.kids[0])
        case "aggregate":
            return _aggregated(node)
        case "binary":
            return _joined(node)
        case "call":
            return _called(node)
        case "number" | "string":
            return Kept()
        case _:
            return ANY


def _aggregated(node: Node) -> Kept:
    inner = kept(inner_of(node))
    if node.name in _CHOOSING:
        return inner
    if node.by is None:
        left = Kept()
    else:
        left = inner.only(node.labels) if node.by else inner.without(node.labels)
    if node.name == "count_values" and node.param is not None:
        return left.plus([node.param.word])
    return left


def _called(node: Node) -> Kept:
    if node.name in {"absent", "absent_over_time"}:
        return _absent(node.kids[0])
    vectors = [each for each in node.kids if shape(each) in {"vector", "matrix"}]
    if not vectors or node.name == "scalar":
        return Kept()
    if node.name == "info":
        return ANY  # it adds labels of other series
    inner = kept(vectors[0])
    if node.name in _LABELLING:
        return inner.plus([node.kids[1].word])
    return inner.without(["le"]) if node.name == "histogram_quantile" else inner


def _absent(node: Node) -> Kept:
    """Return the labels that a selector demands; anything but a selector has none.

    Source: Prometheus, promql/functions.go, createLabelsForAbsentFunction.
    """
    node = node.bare()
    if node.kind == "matrix":
        node = node.kids[0]
    if node.kind != "vector":
        return Kept()
    names = [label for label, _, _ in node.matchers]
    equal = [label for label, op, _ in node.matchers if op == "="]
    return Kept(frozenset(label for label in equal if names.count(label) == 1))


def _joined(node: Node) -> Kept:  # noqa: PLR0911 -- a kind a line
    """Return what an operator leaves. Source: Prometheus, promql/engine.go, resultMetric."""
    left, right = kept(node.kids[0]), kept(node.kids[1])
    if shape(node.kids[0]) == "scalar":
        return right
    if node.name == "or":
        return left.or_of(right)
    if shape(node.kids[1]) == "scalar" or node.name in _SETS:
        return left
    if node.card == "left":
        return left.plus(node.group_labels)
    if node.card == "right":
        return right.plus(node.group_labels)
    if node.on is None:
        return left
    return left.only(node.labels) if node.on else left.without(node.labels)


def surely(node: Node) -> frozenset[str]:
    """Return the labels that every series of an expression has, as far as one can tell.

    What is scraped has `job` and `instance`; a recorded series has what its rule left.
    """
    found: frozenset[str] | None = node.memory.get("surely")
    if found is None:
        found = node.memory["surely"] = _surely(node)
    return found


def _surely(node: Node) -> frozenset[str]:  # noqa: PLR0911 -- a kind a line
    match node.kind:
        case "paren" | "unary" | "subquery" | "matrix":
            return surely(node.kids[0])
        case "vector":
            recorded = not node.name or ":" in node.name or node.name.startswith("ALERTS")
            asked = {m[0] for m in node.matchers if m[1] == "=" and m[2]}
            return frozenset(asked) | (frozenset() if recorded else OF_TARGETS)
        case "aggregate" if node.name in _CHOOSING:
            return surely(inner_of(node))
        case "aggregate" if node.by is False:
            return surely(inner_of(node)) - frozenset(node.labels)
        case "aggregate":
            return surely(inner_of(node)) & frozenset(node.labels)
        case "call" if node.name.startswith("absent") or shape(node) == "scalar":
            return frozenset()
        case "call":
            vectors = [kid for kid in node.kids if shape(kid) in {"vector", "matrix"}]
            return surely(vectors[0]) if vectors else frozenset()
        case "binary":
            return _surely_joined(node)
        case _:
            return frozenset()


def _surely_joined(node: Node) -> frozenset[str]:
    left, right = surely(node.kids[0]), surely(node.kids[1])
    if shape(node.kids[0]) == "scalar":
        return right
    if node.name == "or":
        return left & right
    if shape(node.kids[1]) == "scalar" or node.name in _SETS or node.card == "left":
        return left
    if node.card == "right":
        return right
    if node.on is None:
        return left | right
    return left & frozenset(node.labels) if node.on else left - frozenset(node.labels)


def is_one_a_group(node: Node, labels: Iterable[str]) -> bool:
    """Say whether an expression surely has at most one series for each value of labels."""
    found = kept(node)
    return not found.others and found.named <= frozenset(labels)
