"""Between which values the result of an expression lies, as far as the expression can say."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from alerts.checks.facts import is_counter
from alerts.checks.subject import Around
from alerts.checks.tree import COMPARISONS, Node, inner_of, shape

INF: Final = math.inf


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `low` to `high`, both included; NaN is left aside."""

    low: float = -INF
    high: float = INF

    @property
    def is_number(self) -> bool:
        """Say whether there is only one value."""
        return self.low == self.high


ANY: Final = Bounds()
_POSITIVE: Final = Bounds(0.0)
_SHARE: Final = Bounds(0.0, 1.0)
_EPOCH_2001: Final = Bounds(1e9)
_OF_CALLS: Final = {
    "absent": Bounds(1, 1), "absent_over_time": Bounds(1, 1), "present_over_time": Bounds(1, 1),
    "count_over_time": Bounds(1.0), "rate": _POSITIVE, "irate": _POSITIVE, "increase": _POSITIVE,
    "changes": _POSITIVE, "resets": _POSITIVE, "stddev_over_time": _POSITIVE,
    "stdvar_over_time": _POSITIVE, "abs": _POSITIVE, "sqrt": _POSITIVE, "time": _EPOCH_2001,
    "hour": Bounds(0, 23), "minute": Bounds(0, 59), "day_of_week": Bounds(0, 6),
    "day_of_month": Bounds(1, 31), "day_of_year": Bounds(1, 366), "month": Bounds(1, 12),
    "days_in_month": Bounds(28, 31), "timestamp": _POSITIVE, "histogram_count": _POSITIVE,
    "histogram_fraction": _SHARE, "sgn": Bounds(-1, 1),
}  # fmt: skip
_SAME: Final = frozenset(
    {"avg_over_time", "min_over_time", "max_over_time", "last_over_time", "first_over_time",
     "sort", "sort_desc", "label_replace", "label_join", "scalar", "vector", "info"}
)  # fmt: skip
_BOOLEANS: Final = frozenset({"up", "probe_success"})
_NEVER_NEGATIVE: Final = re.compile(
    r"^(kube_\w+|node_load(1|5|15)|jvm_(memory|threads|buffer)_\w+|hikaricp_\w+)$"
    r"|(_bytes|_info|_replicas(_\w+)?|_connections(_\w+)?|_threads|_goroutines|_fds|_sessions"
    r"|_clients|_pods|_brokers|_members|_size|_length|_depth|_percent|_percentage|_count"
    r"|_in_progress|_inflight_requests)$"
)
"""Gauges of what is counted or measured from nothing on, by their names."""
_ANY_SIGN: Final = re.compile(
    r"(^|_)(max|limit|quota|maximum|change|changed|delta|diff|difference|deviation|growth|skew|drift"
    r"|lag|balance|headroom|remaining)(_|$)|^(pg_settings|kube_customresource)_"
)
"""Names of what is below nothing, or -1 where there is no limit."""
_SIMPLE: Final = frozenset({"avg", "min", "max", "topk", "bottomk", "limitk", "limit_ratio"})
_OF_PARTS: Final = frozenset({"sum", "count", "max", "group"})
_PARTS: Final = {
    "node_filesystem_avail_bytes": "node_filesystem_size_bytes",
    "node_filesystem_free_bytes": "node_filesystem_size_bytes",
    "node_filesystem_files_free": "node_filesystem_files",
    "node_memory_MemAvailable_bytes": "node_memory_MemTotal_bytes",
    "node_memory_MemFree_bytes": "node_memory_MemTotal_bytes",
    "node_memory_SwapFree_bytes": "node_memory_SwapTotal_bytes",
    "process_open_fds": "process_max_fds",
}
"""Gauges that are a part of another."""


def bounds(node: Node, around: Around) -> Bounds:  # noqa: PLR0911 -- a kind a line
    """Return the values that an expression can have, where it has one."""
    match node.kind:
        case "number":
            return Bounds(node.value, node.value)
        case "paren" | "matrix" | "subquery":
            return bounds(node.kids[0], around)
        case "unary":
            inner = bounds(node.kids[0], around)
            return Bounds(-inner.high, -inner.low)
        case "vector":
            return _of_vector(node, around)
        case "call":
            return _of_call(node, around)
        case "aggregate":
            return _of_aggregate(node, around)
        case "binary":
            return _of_binary(node, around)
        case _:
            return ANY


def _of_vector(node: Node, around: Around) -> Bounds:
    if node.name in _BOOLEANS:
        return _SHARE
    if around.is_there(node.name):
        return ANY
    if is_counter(node.name, around):
        return _POSITIVE
    never = _NEVER_NEGATIVE.search(node.name) and not _ANY_SIGN.search(node.name)
    return _POSITIVE if never else ANY


def _of_call(node: Node, around: Around) -> Bounds:
    if node.name == "rate" and _is_cpu(node):
        return _SHARE
    if node.name in _SAME and node.kids:
        return bounds(node.kids[0], around)
    if node.name == "sum_over_time":
        inner = bounds(node.kids[0], around)
        return Bounds(inner.low) if inner.low >= 0 else ANY
    if node.name in {"clamp_min", "clamp_max", "clamp"}:
        return _clamped(node, around)
    return _OF_CALLS.get(node.name, ANY)


def _is_cpu(node: Node) -> bool:
    """Say whether it is the share of one processor's time that one mode takes."""
    return any(each.name == "node_cpu_seconds_total" for each in node.walk())


def _clamped(node: Node, around: Around) -> Bounds:
    inner = bounds(node.kids[0], around)
    limits = [bounds(each, around) for each in node.kids[1:]]
    low = limits[0].low if node.name != "clamp_max" else -INF
    high = limits[-1].high if node.name != "clamp_min" else INF
    return Bounds(max(inner.low, low), min(inner.high, high))


def _of_aggregate(node: Node, around: Around) -> Bounds:
    inner = bounds(inner_of(node), around)
    match node.name:
        case "count":
            return Bounds(1.0)
        case "group":
            return Bounds(1.0, 1.0)
        case "stddev" | "stdvar":
            return _POSITIVE
        case "sum":
            return Bounds(inner.low) if inner.low >= 0 else ANY
        case _ if node.name in _SIMPLE or node.name == "quantile":
            return inner
        case _:
            return ANY


def _of_binary(node: Node, around: Around) -> Bounds:
    left, right = (bounds(kid, around) for kid in node.kids)
    if node.name in COMPARISONS:
        if node.returns_bool:
            return _SHARE
        return _filtered(node, left, right)
    if node.name in {"and", "unless"}:
        return left
    if node.name == "or":
        return Bounds(min(left.low, right.low), max(left.high, right.high))
    found = _ARITHMETIC.get(node.name)
    whole = found(left, right) if found else ANY
    return _as_share(node, whole)


def _filtered(node: Node, left: Bounds, right: Bounds) -> Bounds:
    """Return what a comparison lets through: values of the vector's side."""
    if node.kids[0].bare().kind == "number":
        left, right, name = right, left, FLIPPED[node.name]
    else:
        name = node.name
    if name in {">", ">="}:
        return Bounds(max(left.low, right.low), left.high)
    if name in {"<", "<="}:
        return Bounds(left.low, min(left.high, right.high))
    return Bounds(max(left.low, right.low), min(left.high, right.high)) if name == "==" else left


FLIPPED: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


def _times(left: Bounds, right: Bounds) -> Bounds:
    # However far it reaches, a value is finite: zero times it is zero.
    ends = [a * b if a and b else 0.0 for a in (left.low, left.high)
            for b in (right.low, right.high)]  # fmt: skip
    return Bounds(min(ends), max(ends))


def _over(left: Bounds, right: Bounds) -> Bounds:
    if right.is_number and 0 < right.low < INF:
        return Bounds(left.low / right.low, left.high / right.low)
    return _POSITIVE if left.low >= 0 and right.low >= 0 else ANY


_ARITHMETIC: Final[dict[str, Callable[[Bounds, Bounds], Bounds]]] = {
    "+": lambda left, right: Bounds(left.low + right.low, left.high + right.high),
    "-": lambda left, right: Bounds(left.low - right.high, left.high - right.low),
    "*": _times,
    "/": _over,
}


def _as_share(node: Node, whole: Bounds) -> Bounds:
    """Return 0 to 1 for a part over its whole: of one metric, or of one that is a part."""
    if node.name != "/" or whole.low < 0:
        return whole
    part, addends = node.kids[0].bare(), node.kids[1].operands("+")
    return _SHARE if any(is_part(part, each) for each in addends) else whole


def is_part(part: Node, whole: Node) -> bool:
    """Say whether the part is the whole, but for matchers or comparisons that it has more.

    Of both a sum, a count or the greatest may be taken: a mean of some may exceed that of all.
    """
    if not whole.is_asking():
        part = asked_of(part)
    if _read(part) != _read(whole) or len(part.kids) != len(whole.kids):
        return False
    if part.kind == "vector":
        same = part.name == whole.name or _PARTS.get(part.name) == whole.name
        return same and set(part.matchers) >= set(whole.matchers)
    if part.kind == "binary" or (_is_of_some(part) and part.text != whole.text):
        return False
    if (part.name, part.by, sorted(part.labels)) != (whole.name, whole.by, sorted(whole.labels)):
        return False
    pairs = zip(part.kids, whole.kids, strict=True)
    return all(is_part(left.bare(), right.bare()) for left, right in pairs)


def asked_of(node: Node) -> Node:
    """Return what is compared with numbers, on whichever side: `x` of `5 < x`."""
    while node.is_asking():
        sides = [kid for kid in node.kids if shape(kid) != "scalar"]
        if len(sides) != 1:
            break
        node = sides[0].bare()
    return node


def _is_of_some(node: Node) -> bool:
    """Say whether a result of some may exceed that of all, or be one that has other labels."""
    if node.kind == "aggregate":
        return node.name not in _OF_PARTS
    return node.kind == "call" and node.name.startswith("absent")


def _read(node: Node) -> tuple[object, ...]:
    """Return what a node is of itself, over what time it reads and from where on."""
    at = getattr(node.raw, "at", None) if node.kind in {"vector", "subquery"} else None
    times = node.range_s, node.step_s, node.offset_s, str(at or "")
    return node.kind, node.value, node.word, *times
