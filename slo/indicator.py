"""What an objective counts: OpenSLO's SLI, read and checked against the known metrics."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.pure.fields import Field, closest
from slo.catalogue import CATALOGUE, TARGET_LABELS, Kind, Metric, catalogue_advice
from slo.documents import Library, check_description, check_metadata
from slo.kinds import prometheus_type, source_type
from slo.objective import Ratio, RawRatio
from slo.promql import added_up, averaged, windowed
from slo.series import PLACEHOLDER, Selector, parse, ranged_functions, selectors, shape, tidy

_PER_SECOND: Final = frozenset({"rate", "irate", "deriv"})
_PER_WINDOW: Final = frozenset({"increase", "delta", "count_over_time", "changes", "resets"})


@dataclass(frozen=True, slots=True)
class Measured:
    """A threshold metric: the PromQL whose value an objective compares."""

    query: str


@dataclass(frozen=True, slots=True)
class Around:
    """What an indicator may refer to: other objects, and metrics (None: nobody knows which)."""

    library: Library
    metrics: Mapping[str, Metric] | None
    catalogue: str = CATALOGUE
    """The file of these metrics."""


def read_indicator(place: Field, around: Around) -> Ratio | RawRatio | Measured:
    """Return the indicator of an SLO's spec or of one objective, inline or by reference."""
    inline, reference = place.get("indicator"), place.get("indicatorRef")
    if (inline is None) == (reference is None):
        raise place.wrong("needs exactly one of indicator and indicatorRef", "keep one of them")
    if reference is not None:
        return read_sli(around.library.find("SLI", reference).need("spec"), around)
    assert inline is not None  # noqa: S101 -- the test above leaves only this case
    inline.only("apiVersion", "kind", "metadata", "spec")
    if kind := inline.get("kind"):
        kind.choice("SLI")
    if metadata := inline.get("metadata"):
        check_metadata(metadata, kind="SLI")
    return read_sli(inline.need("spec"), around)


def read_sli(spec: Field, around: Around) -> Ratio | RawRatio | Measured:
    """Return what the spec of an SLI counts or measures."""
    spec.only("description", "ratioMetric", "thresholdMetric")
    check_description(spec)
    ratio, threshold = spec.get("ratioMetric"), spec.get("thresholdMetric")
    if (ratio is None) == (threshold is None):
        raise spec.wrong("needs exactly one of ratioMetric and thresholdMetric", "keep one of them")
    if threshold is not None:
        return Measured(_promql(threshold, around, with_window=False)[1])
    assert ratio is not None  # noqa: S101 -- the test above leaves only this case
    return _ratio(ratio, around)


def _ratio(ratio: Field, around: Around) -> Ratio | RawRatio:
    ratio.only("counter", "good", "bad", "total", "raw", "rawType")
    if counter := ratio.get("counter"):
        counter.flag()
    sides = {name: ratio.get(name) for name in ("good", "bad", "total")}
    if raw := ratio.get("raw"):
        extra = next((each for each in sides.values() if each is not None), None)
        if extra is not None:
            raise extra.wrong("stands beside raw", "keep raw, or good or bad with total")
        kind = ratio.need("rawType", "add `rawType: success` or failure").choice(
            "success", "failure"
        )
        query = averaged(read_query(raw, around))
        return RawRatio(query if kind == "success" else f"1 - ({query})")
    if raw_type := ratio.get("rawType"):
        raise raw_type.wrong("stands without raw", "add `raw:`, or remove it")
    good, bad = sides["good"], sides["bad"]
    if (good is None) == (bad is None):
        raise ratio.wrong("needs exactly one of good and bad beside total", "keep one of them")
    return Ratio(
        total=added_up(read_query(ratio.need("total"), around)),
        good=added_up(read_query(good, around)) if good else None,
        bad=added_up(read_query(bad, around)) if bad else None,
    )


def read_query(side: Field, around: Around) -> str:
    """Return the PromQL of a ratio's side; it must have its window, and name what exists."""
    query, text = _promql(side, around, with_window=True)
    functions = ranged_functions(text)
    if functions & _PER_SECOND and functions & _PER_WINDOW:
        raise query.wrong(
            f"mixes events per second and per window ({', '.join(sorted(functions))})",
            "use rate, or increase, throughout",
        )
    return text


def _promql(holder: Field, around: Around, *, with_window: bool) -> tuple[Field, str]:
    """Return the place of a metricSource's query and the query itself, which gives a vector."""
    holder.only("metricSource")
    source = holder.need("metricSource")
    source.only("metricSourceRef", "type", "spec")
    _source_is_prometheus(source, around.library)
    spec = source.need("spec")
    query = spec.need("query", "add `query:` with PromQL")
    spec.only("query")
    text = tidy(query.text())
    if with_window and PLACEHOLDER not in text:
        place = windowed(text) or f"[{PLACEHOLDER}] where the range goes"
        raise query.wrong("lacks its window", f"write {place}")
    try:
        tree = parse(text)
    except ValueError as err:
        reason = " ".join(str(err).split())
        raise query.wrong(f"is not PromQL: {reason}", "fix the expression") from err
    if (found := shape(tree)) != "vector":
        raise query.wrong(f"gives a {found}, not a vector", _SHAPE_FIXES[found])
    for selector in selectors(text):
        if around.metrics is not None:
            _check_selector(query, selector, around.metrics, around.catalogue)
    return query, text


_SHAPE_FIXES: Final = {
    "matrix": "wrap it in rate(...) or another function of a range",
    "scalar": "write vector(...) around it, or ask for a metric",
    "string": "ask for a metric",
}


def _source_is_prometheus(source: Field, library: Library) -> None:
    kind, reference = source.get("type"), source.get("metricSourceRef")
    if kind is not None:
        prometheus_type(kind)
    if reference is not None and (kind is None or library.of("DataSource")):
        source_type(library.find("DataSource", reference))


def _check_selector(
    query: Field, selector: Selector, metrics: Mapping[str, Metric], catalogue: str
) -> None:
    metric = metrics.get(selector.metric)
    if metric is None:
        raise query.wrong(
            f"reads the unknown metric {selector.metric!r}",
            catalogue_advice(selector.metric, metrics, catalogue),
        )
    labels = metric.labels | TARGET_LABELS
    if metric.kind is Kind.HISTOGRAM and selector.metric.endswith("_bucket"):
        labels |= {"le"}
    for label, _, _ in selector.matchers:
        if label not in labels:
            raise query.wrong(
                f"matches the label {label!r}, which {selector.metric} does not have",
                closest(label, labels),
            )
    if metric.buckets and selector.metric.endswith("_bucket"):
        _check_edges(query, selector, metric)


def _check_edges(query: Field, selector: Selector, metric: Metric) -> None:
    """Refuse a bucket that the histogram does not have: nothing would ever be counted in it."""
    for label, operator, value in selector.matchers:
        if label != "le" or operator not in {"=", "=~"}:
            continue
        edges = (*metric.buckets, math.inf)
        if not any(_is_edge(operator, value, edge) for edge in edges):
            raise query.wrong(
                f"asks for the bucket le{operator}{value!r}, which {metric.name} does not have",
                f"use one of its edges: {', '.join(f'{edge:g}' for edge in metric.buckets)}",
            )


def _is_edge(operator: str, value: str, edge: float) -> bool:
    """Say whether a matcher selects an edge, however its client writes it: 1, 1.0, +Inf."""
    written = ("+Inf",) if edge == math.inf else (f"{edge:g}", f"{edge!r}")
    if operator == "=":
        return value in written
    try:
        return any(re.fullmatch(value, each) for each in written)
    except re.error:  # what Prometheus knows and Python does not
        return True
