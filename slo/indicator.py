"""What an objective counts: OpenSLO's SLI, read and checked against the known metrics."""

from collections.abc import Mapping

from slo.catalogue import TARGET_LABELS, Kind, Metric
from slo.fields import Field, closest
from slo.objective import Ratio, RawRatio
from slo.series import PLACEHOLDER, Selector, selectors


def read_indicator(
    spec: Field, indicators: Mapping[str, Field], metrics: Mapping[str, Metric] | None
) -> Ratio | RawRatio:
    """Return the indicator of an SLO's spec, inline or by reference."""
    inline, reference = spec.get("indicator"), spec.get("indicatorRef")
    if (inline is None) == (reference is None):
        raise spec.wrong("needs exactly one of indicator and indicatorRef", "keep one of them")
    if reference is not None:
        name = reference.text()
        if name not in indicators:
            raise reference.wrong("names no SLI", closest(name, indicators))
        return _ratio(indicators[name].need("spec"), metrics)
    assert inline is not None  # noqa: S101 -- the test above leaves only this case
    inline.only("metadata", "spec")
    return _ratio(inline.need("spec"), metrics)


def _ratio(spec: Field, metrics: Mapping[str, Metric] | None) -> Ratio | RawRatio:
    spec.only("description", "ratioMetric", "thresholdMetric")
    ratio = spec.need("ratioMetric")
    ratio.only("counter", "good", "bad", "total", "raw", "rawType")
    raw = ratio.get("raw")
    if raw is not None:
        kind = ratio.need("rawType", "add `rawType: success` or failure").choice(
            "success", "failure"
        )
        query = read_query(raw, metrics)
        return RawRatio(query if kind == "success" else f"1 - ({query})")
    good, bad = ratio.get("good"), ratio.get("bad")
    if (good is None) == (bad is None):
        raise ratio.wrong("needs exactly one of good and bad beside total", "keep one of them")
    return Ratio(
        total=read_query(ratio.need("total"), metrics),
        good=read_query(good, metrics) if good else None,
        bad=read_query(bad, metrics) if bad else None,
    )


def read_query(side: Field, metrics: Mapping[str, Metric] | None) -> str:
    """Return the PromQL of a metricSource; it must parse, have its window and name what exists."""
    side.only("metricSource")
    source = side.need("metricSource")
    source.only("metricSourceRef", "type", "spec")
    query = source.need("spec").need("query", "add `query:` with PromQL")
    text = query.text().strip()
    if PLACEHOLDER not in text:
        raise query.wrong("lacks its window", f"write [{PLACEHOLDER}] where the range goes")
    try:
        found = selectors(text)
    except ValueError as err:
        raise query.wrong(f"is not PromQL: {err}", "fix the expression") from err
    if metrics is not None:
        for selector in found:
            _check_selector(query, selector, metrics)
    return text


def _check_selector(query: Field, selector: Selector, metrics: Mapping[str, Metric]) -> None:
    metric = metrics.get(selector.metric)
    if metric is None:
        raise query.wrong(
            f"reads the unknown metric {selector.metric!r}", closest(selector.metric, metrics)
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
