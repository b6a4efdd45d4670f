"""What an SLO says beside the standard: what it is about, in labels and annotations."""

from typing import Final

from kit.pure.fields import Field
from slo.objective import Measure, Ratio, RawRatio
from slo.project.role_reading import LABEL
from slo.promql import by_label

MEASURE_LABEL: Final = "measure"
THRESHOLD: Final = "calendar-sre/threshold-seconds"
_SET_ELSEWHERE: Final = frozenset(
    {MEASURE_LABEL, "alertname", "escalation", "notify", "priority", "service", "severity", "slo",
     "topic"}
)  # fmt: skip
SPLIT: Final = "calendar-sre/split-by"


def read_measure(metadata: Field) -> Measure:
    """Return what the objective is about; without the label, only its queries know."""
    labels = metadata.get("labels")
    found = labels.get(MEASURE_LABEL) if labels else None
    return Measure.OTHER if found is None else Measure(found.choice(*Measure))


def read_labels(metadata: Field) -> tuple[tuple[str, str], ...]:
    """Return the labels that alerts carry: those that Prometheus takes and nobody else sets."""
    labels = metadata.get("labels")
    found = ((name, labels.need(name)) for name in labels.names()) if labels else ()
    return tuple(
        (name, place.text())
        for name, place in found
        if LABEL.fullmatch(name) and name not in _SET_ELSEWHERE and isinstance(place.value, str)
    )


def read_threshold_s(metadata: Field, measure: Measure) -> float | None:
    """Return the seconds that a latency objective speaks of; None for every other."""
    if measure is not Measure.LATENCY:
        return None
    found = _annotation(metadata, THRESHOLD)
    if found is None:
        place = Field(metadata.source, "metadata.annotations", None)
        raise place.wrong(f"lacks {THRESHOLD}", f'add `{THRESHOLD}: "2"`, in seconds')
    try:
        seconds = float(found.text())
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise found.wrong("is not a number of seconds above 0", 'write for example "2"')
    return seconds


def read_split(metadata: Field, indicator: Ratio | RawRatio) -> str | None:
    """Return the label by which the objective is also watched."""
    found = _annotation(metadata, SPLIT)
    if found is None:
        return None
    if isinstance(indicator, RawRatio):
        raise found.wrong("cannot split a ready-made share", "remove the annotation")
    try:
        for query in (indicator.total, indicator.good, indicator.bad):
            if query is not None:
                by_label(query, found.text())
    except ValueError as err:
        raise found.wrong(f"cannot be done: {err}", "write the queries as sum(rate(...))") from err
    return found.text()


def _annotation(metadata: Field, name: str) -> Field | None:
    annotations = metadata.get("annotations")
    return annotations.get(name) if annotations else None
