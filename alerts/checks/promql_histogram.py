"""promql/histogram: a quantile is taken of buckets that still say where they end."""

import math
from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.promql_rate import RATES
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import COMPARISONS, Node

NAME: Final = "promql/histogram"
_SHARES: Final = frozenset({"quantile", "quantile_over_time", "histogram_quantile"})
_AVERAGING: Final = frozenset({"sum", "avg"})
_QUANTILE: Final = "quantile"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield quantiles that are empty, infinite, or of something else than they say."""
    for node in subject.nodes:
        if node.kind in {"call", "aggregate"} and node.name in _SHARES:
            yield from _share(subject, node)
        if node.kind == "call" and node.name == "histogram_quantile":
            yield from _buckets(subject, node)
            yield from _last_bucket(subject, around, node)
        if node.kind == "aggregate" and node.name in _AVERAGING:
            yield from _averaged(subject, node)
            yield from _added_up(subject, node)
        if node.kind == "vector" and around.settings.version == _WRITES_FLOATS:
            yield from _edge(subject, node)


def _share(subject: Subject, node: Node) -> Iterator[Problem]:
    share = node.kids[0].bare()
    if share.kind == "number" and not 0 <= share.value <= 1:
        tip = f"write {share.value / 100:g}" if 1 < share.value <= 100 else "write 0 to 1"  # noqa: PLR2004 -- percent
        yield subject.problem(
            NAME, f"a quantile of {share.value:g} is infinite: it is a share, from 0 to 1", tip,
            fragment=node.text,
        )  # fmt: skip


def _buckets(subject: Subject, node: Node) -> Iterator[Problem]:
    read = [each for each in node.kids[1].walk() if each.kind == "vector"]
    for each in read:
        if each.name.endswith(("_count", "_sum")):
            yield subject.problem(
                NAME, f"{each.name} is no bucket, so that there is nothing to take a quantile of",
                f"read {each.name.rsplit('_', 1)[0]}_bucket", fragment=node.text,
            )  # fmt: skip
        elif any(label == "le" and op == "=" for label, op, _ in each.matchers):
            yield subject.problem(
                NAME, "a quantile of one bucket alone is that bucket's edge",
                "leave out the matcher on le", fragment=each.text,
            )  # fmt: skip
        elif each.name.endswith("_bucket") and not _is_rated(each, node):
            yield subject.problem(
                NAME, "a quantile of all that was ever counted hardly moves any more",
                "take the rate of the buckets first", fragment=node.text, level=Level.WARNING,
            )  # fmt: skip
    yield from _without_le(subject, node.kids[1])


def _is_rated(node: Node, end: Node) -> bool:
    above = node.up
    while above is not None and above is not end:
        if above.kind == "call" and above.name in RATES | {"delta", "idelta"}:
            return True
        above = above.up
    return False


def _without_le(subject: Subject, node: Node) -> Iterator[Problem]:
    aggregate = node.bare()
    if aggregate.kind != "aggregate" or not any(
        "bucket" in each.name for each in aggregate.walk() if each.kind == "vector"
    ):
        return  # a native histogram has no buckets as series of their own, and needs no `le`
    if aggregate.by is None or ("le" in aggregate.labels) is not aggregate.by:
        yield subject.problem(
            NAME, "the quantile of buckets without `le` is always empty",
            "aggregate by (le, ...)", fragment=aggregate.text,
        )  # fmt: skip
    elif aggregate.name not in {"sum", "topk", "bottomk"}:
        yield subject.problem(
            NAME, f"the {aggregate.name} of buckets are no buckets of anything",
            "sum by (le, ...) them", fragment=aggregate.text, level=Level.WARNING,
        )  # fmt: skip


def _averaged(subject: Subject, node: Node) -> Iterator[Problem]:
    """Yield sums and means of quantiles: the quantile of all is neither."""
    inner = node.kids[-1].bare()
    if inner.kind == "call" and inner.name == "histogram_quantile":
        found = True
    elif inner.kind == "vector":
        found = any(label == _QUANTILE and op == "=" for label, op, _ in inner.matchers)
    else:
        found = False
    if found:
        yield subject.problem(
            NAME, f"the {node.name} of quantiles is no quantile",
            "add up the buckets, then take the quantile", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip


def _added_up(subject: Subject, node: Node) -> Iterator[Problem]:
    """Yield sums over buckets: each holds all below it, so that they count many times over."""
    if ("le" in node.labels) is (node.by is True) and node.by is not None:
        return
    above = node.up
    while above is not None:
        if above.kind == "call" and above.name.startswith("histogram_"):
            return
        above = above.up
    inner = node.kids[-1].bare()
    if inner.kind == "call" and inner.kids and inner.name in RATES:
        inner = inner.kids[0]
    inner = inner.kids[0] if inner.kind == "matrix" else inner
    if inner.kind == "vector" and inner.name.endswith("_bucket"):
        if any(label == "le" for label, _, _ in inner.matchers):
            return
        yield subject.problem(
            NAME, "a bucket holds all that the smaller ones hold, so that adding them counts twice",
            f"read {inner.name.removesuffix('_bucket')}_count, or name one le", fragment=node.text,
            level=Level.WARNING,
        )  # fmt: skip


_WRITES_FLOATS: Final = 3
"""Prometheus 3 writes every edge as a float."""


def _edge(subject: Subject, node: Node) -> Iterator[Problem]:
    for label, op, value in node.matchers:
        if label == "le" and op == "=" and value.isdigit():
            yield subject.problem(
                NAME, f"Prometheus 3 writes this edge as {value}.0", f'write le="{value}.0"',
                fragment=f'le="{value}"',
            )  # fmt: skip


def _last_bucket(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    """Yield limits at or above the last edge: a quantile never exceeds it."""
    above = node.up
    if above is None or above.kind != "binary" or above.name not in COMPARISONS:
        return
    limit = above.kids[1 if above.kids[0] is node else 0].bare()
    if limit.kind != "number":
        return
    edges = [
        edge
        for each in node.kids[1].walk()
        if each.kind == "vector"
        for edge in edges_of(each.name, around)
    ]
    if not edges:
        return
    beyond = limit.value >= max(edges) if above.name in {">", "=="} else limit.value > max(edges)
    if beyond:
        yield subject.problem(
            NAME, f"the last bucket ends at {max(edges):g}, and no quantile is beyond it",
            f"ask for less, or add buckets beyond {limit.value:g}", fragment=above.text,
        )  # fmt: skip


def edges_of(name: str, around: Around) -> tuple[float, ...]:
    """Return the finite edges of a histogram's buckets, as a catalogue or a server has them."""
    metric = (around.metrics or {}).get(name)
    if metric is not None and metric.buckets:
        return metric.buckets
    if around.live is None:
        return ()
    found = []
    for value in around.live.values(name, "le"):
        try:
            edge = float(value)
        except ValueError:
            continue
        if math.isfinite(edge):
            found.append(edge)
    return tuple(sorted(found))
