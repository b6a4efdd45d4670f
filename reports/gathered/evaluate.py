"""The part of PromQL that reports ask, evaluated on samples at hand as Prometheus 3 would."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import promql_parser as promql

from kit.pure.answers import Answer, Floats, Series
from kit.pure.query import Query
from reports.gathered.ranges import RANGED, newest
from reports.gathered.samples import NAME, Labels, Samples
from slo.series import Node, Selector, selectors

Compute = Callable[[Any, Any], Any]  # Any: numbers and arrays, as numpy mixes them
_LOOKBACK_S: Final = 300.0
_ARITHMETIC: Final[Mapping[str, Compute]] = MappingProxyType(
    {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": np.divide}
)
_COMPARING: Final[Mapping[str, Compute]] = MappingProxyType(
    {
        ">": operator.gt,
        "<": operator.lt,
        ">=": operator.ge,
        "<=": operator.le,
        "==": operator.eq,
        "!=": operator.ne,
    }
)
_REDUCED: Final[Mapping[str, Callable[[Floats], float]]] = MappingProxyType(
    {"sum": np.sum, "avg": np.mean, "min": np.nanmin, "max": np.nanmax, "count": len}
)


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """Series at one moment: a value for each set of labels."""

    labels: tuple[Labels, ...]
    values: Floats


Value = Vector | float


def answer(samples: Samples, query: Query) -> Answer:
    """Return the answer to a query; a problem says what of it cannot be worked out here."""
    found: dict[tuple[tuple[str, str], ...], list[tuple[float, float]]] = {}
    try:
        tree = promql.parse(query.expression)
        for at_s in range(query.start_s, query.end_s + 1, query.step_s):
            with np.errstate(divide="ignore", invalid="ignore"):
                value = _evaluate(tree, samples, float(at_s))
            vector = value if isinstance(value, Vector) else Vector(({},), np.array([value]))
            for labels, one in zip(vector.labels, vector.values, strict=True):
                found.setdefault(tuple(sorted(labels.items())), []).append((at_s, float(one)))
    except ValueError as err:
        return Answer(problem=f"{err}")
    return Answer(
        tuple(Series(dict(key), *np.array(points).T.copy()) for key, points in found.items())
    )


def _evaluate(node: Node, samples: Samples, at_s: float) -> Value:
    match node:
        case promql.NumberLiteral():
            return float(node.val)
        case promql.ParenExpr():
            return _evaluate(node.expr, samples, at_s)
        case promql.VectorSelector():
            return _known(*_stretch(node, samples, _LOOKBACK_S, _moved(node, at_s)), newest)
        case promql.AggregateExpr():
            return _aggregated(node, _vector(node.expr, samples, at_s))
        case promql.BinaryExpr() if _is_plain(node.modifier):
            left, right = (_evaluate(side, samples, at_s) for side in (node.lhs, node.rhs))
            return (
                _either(node, left, right) if str(node.op) == "or" else _combined(node, left, right)
            )
        case promql.Call():
            return _called(node, samples, at_s)
    raise _beyond(node)


def _called(node: promql.Call, samples: Samples, at_s: float) -> Vector:
    if node.func.name in RANGED:
        return _over_time(node, samples, at_s)
    if node.func.name == "vector":
        return Vector(({},), np.array([_evaluate(node.args[0], samples, at_s)]))
    if node.func.name == "label_replace":
        return _relabelled(node, _vector(node.args[0], samples, at_s))
    raise _beyond(node)


def _is_plain(modifier: promql.BinModifier | None) -> bool:
    return modifier is None or modifier.matching is None


def _beyond(node: Node) -> ValueError:
    text = " ".join(node.prettify().split())
    return ValueError(f"without a Prometheus this cannot be worked out: {text}")


def _vector(node: Node, samples: Samples, at_s: float) -> Vector:
    found = _evaluate(node, samples, at_s)
    if isinstance(found, Vector):
        return found
    raise _beyond(node)


def _stretch(
    node: promql.VectorSelector, samples: Samples, length_s: float, at_s: float
) -> tuple[list[Labels], Floats, Floats]:
    """Return labels, values and times of a selector's samples in (at - length, at]."""
    if node.at is not None:
        raise _beyond(node)
    selector = _selector(node.prettify())
    rows = samples.rows(selector)
    first, after = np.searchsorted(samples.times, (at_s - length_s, at_s), side="right")
    values: Floats = samples.values[rows, first:after]
    return [samples.labels[row] for row in rows], values, samples.times[first:after]


@lru_cache(maxsize=512)
def _selector(text: str) -> Selector:
    """Return the one selector of a text; a query asks for the same at each of its steps."""
    (selector,) = selectors(text)
    return selector


def _moved(selector: promql.VectorSelector | promql.SubqueryExpr, at_s: float) -> float:
    """Return the moment at which a selector looks, earlier by its offset."""
    return at_s - (selector.offset.total_seconds() if selector.offset is not None else 0.0)


def _known(
    labels: list[Labels], table: Floats, _times: Floats, reduced: Callable[[Floats], Floats]
) -> Vector:
    return _without_unknown(labels, reduced(table) if table.size else np.full(len(labels), np.nan))


def _over_time(node: promql.Call, samples: Samples, at_s: float) -> Vector:
    (selector,) = node.args
    if isinstance(selector, promql.SubqueryExpr):
        return _over_subquery(node, selector, samples, at_s)
    if not isinstance(selector, promql.MatrixSelector):
        raise _beyond(node)
    length_s, at_s = selector.range.total_seconds(), _moved(selector.vector_selector, at_s)
    labels, table, times = _stretch(selector.vector_selector, samples, length_s, at_s)
    if not table.size:
        return Vector((), np.array([]))
    found = RANGED[node.func.name](table, times, length_s, at_s)
    return _without_unknown([_nameless(one) for one in labels], found)


def _over_subquery(
    node: promql.Call, inner: promql.SubqueryExpr, samples: Samples, at_s: float
) -> Vector:
    """Evaluate a subquery at the multiples of its step; before the first sample there is nothing.

    Source: Prometheus, "Subquery": its steps are aligned independently of the time asked for.
    """
    if inner.at is not None or inner.step is None or inner.range is None:
        raise _beyond(node)
    at_s = _moved(inner, at_s)
    length_s, step_s = inner.range.total_seconds(), inner.step.total_seconds()
    first_s = max(at_s - length_s, float(samples.times[0]) - step_s if len(samples.times) else at_s)
    times = np.arange(np.floor(first_s / step_s) + 1, np.floor(at_s / step_s) + 1) * step_s
    times = times[times > at_s - length_s]
    rows: dict[tuple[tuple[str, str], ...], Floats] = {}
    for column, time_s in enumerate(times.tolist()):
        vector = _vector(inner.expr, samples, time_s)
        for labels, value in zip(vector.labels, vector.values, strict=True):
            row = rows.setdefault(_key(labels), np.full(len(times), np.nan))
            row[column] = value
    if not rows:
        return Vector((), np.array([]))
    found = RANGED[node.func.name](np.vstack(list(rows.values())), times, length_s, at_s)
    return _without_unknown([dict(key) for key in rows], found)


def _without_unknown(labels: list[Labels], values: Floats) -> Vector:
    kept = np.flatnonzero(~np.isnan(values))
    return Vector(tuple(labels[place] for place in kept), values[kept])


def _nameless(labels: Labels) -> Labels:
    return {key: value for key, value in labels.items() if key != NAME}


def _aggregated(node: promql.AggregateExpr, vector: Vector) -> Vector:
    reduced = _REDUCED.get(str(node.op))
    modifier = node.modifier
    if reduced is None or (modifier and modifier.type != promql.AggModifierType.By):
        raise _beyond(node)
    by = sorted(modifier.labels) if modifier else []
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for place, labels in enumerate(vector.labels):
        key = tuple((name, labels[name]) for name in by if labels.get(name))
        groups.setdefault(key, []).append(place)
    values = [float(reduced(vector.values[places])) for places in groups.values()]
    return Vector(tuple(dict(key) for key in groups), np.array(values))


def _combined(node: promql.BinaryExpr, left: Value, right: Value) -> Value:
    op = str(node.op)
    if op in _COMPARING and isinstance(left, Vector) and not isinstance(right, Vector):
        if node.modifier is not None and node.modifier.return_bool:
            holds = _COMPARING[op](left.values, right).astype(float)
            return Vector(tuple(map(_nameless, left.labels)), holds)
        kept = np.flatnonzero(_COMPARING[op](left.values, right))
        return Vector(tuple(left.labels[place] for place in kept), left.values[kept])
    compute = _ARITHMETIC.get(op)
    if compute is None:
        raise _beyond(node)
    if not isinstance(left, Vector):
        if not isinstance(right, Vector):
            return float(compute(left, right))
        return Vector(tuple(map(_nameless, right.labels)), compute(left, right.values))
    if not isinstance(right, Vector):
        return Vector(tuple(map(_nameless, left.labels)), compute(left.values, right))
    return _matched(compute, left, right)


def _matched(compute: Compute, left: Vector, right: Vector) -> Vector:
    """Return the two sides combined where all their labels are the same."""
    partners = {_key(labels): value for labels, value in zip(right.labels, right.values)}  # noqa: B905 -- a Vector's two are as long
    found = [
        (_nameless(labels), compute(value, partners[_key(labels)]))
        for labels, value in zip(left.labels, left.values, strict=True)
        if _key(labels) in partners
    ]
    return Vector(tuple(labels for labels, _ in found), np.array([value for _, value in found]))


def _either(node: Node, left: Value, right: Value) -> Vector:
    if not isinstance(left, Vector) or not isinstance(right, Vector):
        raise _beyond(node)
    there = {_key(labels) for labels in left.labels}
    more = [place for place, labels in enumerate(right.labels) if _key(labels) not in there]
    return Vector(
        (*left.labels, *(right.labels[place] for place in more)),
        np.concatenate([left.values, right.values[more]]),
    )


def _key(labels: Labels) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_nameless(labels).items()))


def _relabelled(node: promql.Call, vector: Vector) -> Vector:
    to, value, source, pattern = (argument.val for argument in node.args[1:])
    if "$" in value:
        raise _beyond(node)
    labels = tuple(
        {**one, to: value} if re.fullmatch(pattern, one.get(source, "")) else one
        for one in vector.labels
    )
    return Vector(labels, vector.values)
