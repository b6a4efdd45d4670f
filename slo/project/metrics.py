"""The catalogue of a service's metrics, as data: `metrics.yaml`."""

from typing import Final

from kit.pure.fields import Field
from slo.catalogue import Kind, Metric

SCHEMA: Final = "sre.metrics/v1"
_KEYS: Final = (
    "name", "type", "unit", "labels", "jobs", "help", "buckets",
    "combine", "from",  # how the service makes it, which is its own
)  # fmt: skip


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
    place.only(*_KEYS)
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
        buckets=_buckets(place.get("buckets")),
    )


def _buckets(place: Field | None) -> tuple[float, ...]:
    """Return the edges of a histogram, which rise."""
    if place is None:
        return ()
    edges = [each.number() for each in place.items()]
    if edges != sorted(set(edges)):
        raise place.wrong("do not rise", "write each edge once, the smallest first")
    return tuple(edges)
