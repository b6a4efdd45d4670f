"""The catalogue of a service's metrics, as data: `metrics.yaml`."""

from typing import Final

from kit.pure.fields import Field
from slo.catalogue import Kind, Metric

SCHEMA: Final = "sre.metrics/v1"


def read_metrics(root: Field) -> tuple[Metric, ...]:
    """Return the metrics of a parsed catalogue; raises FieldError for the first mistake."""
    root.only("schema", "metrics")
    root.need("schema", f"add `schema: {SCHEMA}`").choice(SCHEMA)
    found: dict[str, Metric] = {}
    for each in root.need("metrics").items():
        metric = _metric(each)
        if metric.name in found:
            raise each.need("name").wrong("stands twice in the catalogue", "keep one of them")
        found[metric.name] = metric
    return tuple(found.values())


def _metric(place: Field) -> Metric:
    place.only("name", "type", "unit", "labels", "jobs", "help")
    labels, values, jobs = place.get("labels"), {}, place.get("jobs")
    for label in labels.names() if labels else ():
        closed = labels.get(label) if labels else None
        if closed is not None:
            values[label] = tuple(one.text() for one in closed.items())
    return Metric(
        name=place.need("name").text(),
        kind=Kind(place.need("type").choice(*Kind)),
        labels=frozenset(labels.names() if labels else ()),
        jobs=frozenset(one.text() for one in jobs.items()) if jobs else frozenset(),
        unit=unit.text() if (unit := place.get("unit")) else "",
        help=text.text() if (text := place.get("help")) else "",
        values=tuple(values.items()),
    )
