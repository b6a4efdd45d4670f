"""What an objective counts, as a value: which requests, which of them are bad, and from when on.

It follows from the objective's queries alone, so that whoever judges by it gives the verdict that
Prometheus gives.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import promql_parser as promql

from slo.objective import Objective, Ratio
from slo.project.project import Project
from slo.series import Node, Selector, parse, selector_of_node

_ADDED_UP: Final = frozenset({"rate", "increase", "irate", "delta"})
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_OPTIONAL: Final = re.compile(r"\([^()]*\)\?")
_NAMED: Final = re.compile(r"\{[^}]*\}")
_EVERYWHERE: Final = "+Inf"


@dataclass(frozen=True, slots=True)
class Request:
    """One answered request as a service's metrics know it; `latency_s` is in seconds."""

    method: str
    route: str
    status: str
    latency_s: float


@dataclass(frozen=True, slots=True)
class Term:
    """The requests of one selector, added or (with `sign` -1) taken away.

    `matchers` are triples of part (method, route, status), operator and value; `edge_s` is the
    longest latency that counts, None where latency does not matter.
    """

    sign: int
    matchers: tuple[tuple[str, str, str], ...]
    edge_s: float | None = None

    def matches(self, method: str, route: str, status: str) -> bool:
        """Say whether the selector counts such requests, however long they took."""
        parts = {
            "method": (method, method.lower()),
            "route": (route,),
            "status": (status, *_classes(status)),
        }
        return all(_any_holds(parts[part], op, value) for part, op, value in self.matchers)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which requests an objective counts, and which of them are bad."""

    total: tuple[Term, ...]
    bad: tuple[Term, ...]

    @property
    def edges_s(self) -> tuple[float, ...]:
        """Return every latency in seconds that decides."""
        found = {term.edge_s for term in (*self.total, *self.bad) if term.edge_s is not None}
        return tuple(sorted(found))

    def counts(self, one: Request) -> bool:
        """Say whether the objective counts a request at all."""
        return _sum(self.total, one) > 0

    def spends(self, one: Request) -> bool:
        """Say whether a request spends the objective's budget."""
        return self.counts(one) and _sum(self.bad, one) > 0


class UnmeasurableError(ValueError):
    """Single requests do not show what an objective counts; the text says why."""


def meaning_of(objective: Objective, project: Project) -> Meaning:
    """Return what an objective counts; raises UnmeasurableError where requests do not show it."""
    if objective.slices is not None:
        raise UnmeasurableError("it counts slices of time, not requests")
    if objective.threshold is not None:
        raise UnmeasurableError("it compares a metric with a threshold")
    indicator = objective.indicator
    if not isinstance(indicator, Ratio):
        raise UnmeasurableError("its query gives a ready-made share")
    total = _terms(indicator.total, project)
    if indicator.bad is not None:
        return Meaning(total, _terms(indicator.bad, project))
    good = _terms(indicator.good or "", project)
    return Meaning(total, (*total, *(Term(-t.sign, t.matchers, t.edge_s) for t in good)))


def meaning_to_clients(objective: Objective, project: Project) -> Meaning:
    """Return what an objective counts, for one who sees requests from outside alone.

    Raises UnmeasurableError also where the service has words of its own for a status.
    """
    found = meaning_of(objective, project)
    for term in (*found.total, *found.bad):
        for part, op, value in term.matchers:
            if part == "status" and not _tells_statuses(op, value):
                label = project.roles.requests.status if project.roles.requests else part
                said = f'{label}{op}"{value}"'
                raise UnmeasurableError(f"it asks for {said}, and a client sees HTTP statuses only")
    return found


def _sum(terms: tuple[Term, ...], one: Request) -> int:
    return sum(
        term.sign
        for term in terms
        if (term.edge_s is None or one.latency_s <= term.edge_s)
        and term.matches(one.method, one.route, one.status)
    )


def _terms(query: str, project: Project) -> tuple[Term, ...]:
    return tuple(_term(sign, selector, project) for sign, selector in _selected(parse(query), 1))


def _selected(tree: Node, sign: int) -> Iterator[tuple[int, Selector]]:
    """Yield the selectors whose counts a query adds up, each with its sign."""
    match tree:
        case promql.ParenExpr():
            yield from _selected(tree.expr, sign)
        case promql.AggregateExpr() if str(tree.op) == "sum":
            yield from _selected(tree.expr, sign)
        case promql.Call() if tree.func.name in _ADDED_UP:
            yield from _selected(tree.args[0], sign)
        case promql.MatrixSelector():
            yield sign, selector_of_node(tree.vector_selector)
        case promql.BinaryExpr() if str(tree.op) in {"+", "-"}:
            yield from _selected(tree.lhs, sign)
            yield from _selected(tree.rhs, sign if str(tree.op) == "+" else -sign)
        case promql.BinaryExpr() if str(tree.op) == "or" and _is_nothing(tree.rhs):
            yield from _selected(tree.lhs, sign)
        case _:
            raise UnmeasurableError("its query is no sum of counters")


def _is_nothing(tree: Node) -> bool:
    """Say whether a branch only stands for 0: `vector(0)`, or `… * 0`."""
    match tree:
        case promql.ParenExpr():
            return _is_nothing(tree.expr)
        case promql.Call():
            return tree.func.name == "vector" and _is_zero(tree.args[0])
        case promql.BinaryExpr():
            return str(tree.op) == "*" and (_is_zero(tree.lhs) or _is_zero(tree.rhs))
        case _:
            return False


def _is_zero(tree: Node) -> bool:
    return isinstance(tree, promql.NumberLiteral) and tree.val == 0


def _term(sign: int, selector: Selector, project: Project) -> Term:
    parts, second = _parts_of(selector.metric, project)
    matchers, edge_s = [], None
    for label, op, value in selector.matchers:
        if label == "le":
            edge_s = _edge_s(op, value, second)
        elif label == "job":
            if not _holds(project.job, op, value):
                raise UnmeasurableError(f"it counts job {value}, and this is {project.job}")
        elif label in parts:
            matchers.append((parts[label], op, value))
        else:
            raise UnmeasurableError(f"it selects by {label}, which no client sees")
    if selector.metric.endswith("_bucket") and not any(m[0] == "le" for m in selector.matchers):
        raise UnmeasurableError("it adds up the buckets of a histogram")
    return Term(sign, tuple(matchers), edge_s)


def _parts_of(metric: str, project: Project) -> tuple[Mapping[str, str], float]:
    """Return which label of a metric holds which part of a request, and its units to a second."""
    requests, latency = project.roles.requests, project.roles.latency
    found: list[tuple[str, str | None]] = []
    second = latency.second if latency else 1.0
    base = latency.histogram if latency else None
    if requests is not None and metric == requests.counter:
        found += [("route", requests.route), ("method", requests.method)]
        found += [("status", requests.status)]
    if latency is not None and metric in {f"{base}_bucket", f"{base}_count"}:
        found += [("route", latency.route), ("method", latency.method)]
        if requests is not None:  # a histogram may carry the labels of the requests as well
            found += [("status", requests.status)]
    if not found:
        raise UnmeasurableError(f"it counts {metric or 'a series without a name'}, not requests")
    return {label: part for part, label in found if label is not None}, second


def _edge_s(op: str, value: str, second: float) -> float | None:
    """Return the seconds of an edge; a regular expression may write one number in several ways."""
    if value == _EVERYWHERE and op == "=":
        return None
    edges = set(map(float, filter(_NUMBER.fullmatch, _spellings(value) if op == "=~" else [value])))
    if op not in {"=", "=~"} or len(edges) != 1:
        raise UnmeasurableError(f"le{op}{value!r} is no single edge")
    return edges.pop() / second


def _spellings(pattern: str) -> Iterator[str]:
    r"""Yield texts that a simple pattern such as `2(\\.0)?` or `2|2\\.0` stands for."""
    for one in (pattern, _OPTIONAL.sub("", pattern)):
        for text in (one, *one.split("|")):
            plain = re.sub(r"[()?\\]", "", text)
            if re.fullmatch(pattern, plain):
                yield plain


def _classes(status: str) -> tuple[str, str]:
    """Return the class of a status, which is all that some exporters keep."""
    return f"{status[:1]}xx", f"{status[:1]}XX"


def _tells_statuses(op: str, value: str) -> bool:
    """Say whether a matcher is about HTTP statuses, and not words that an exporter has for them."""
    same = "=" if op in {"=", "!="} else "=~"
    numbers = map(str, range(100, 600))
    every = (each for one in numbers for each in (one, *_classes(one)))
    return not value or any(_holds(each, same, value) for each in every)


def _any_holds(spellings: tuple[str, ...], op: str, value: str) -> bool:
    """Say whether a matcher means a value, however the service's exporter may spell it."""
    said = (_holds(each, op, value) for each in spellings)
    return any(said) if op in {"=", "=~"} else all(said)


def _holds(found: str, op: str, value: str) -> bool:
    """Say whether a label's value passes a matcher; Prometheus anchors regular expressions."""
    if op in {"=", "!="}:
        return (_unnamed(found) == _unnamed(value)) is (op == "=")
    return bool(re.fullmatch(value, found)) is (op == "=~")


def _unnamed(route: str) -> str:
    """Return a route's template without the names in it: they are each side's own."""
    return _NAMED.sub("{}", route)
