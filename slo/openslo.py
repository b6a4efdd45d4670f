"""OpenSLO v1 documents to objectives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import yaml

from slo.catalogue import Metric
from slo.durations import parse_openslo
from slo.errors import BadInputError
from slo.fields import Field
from slo.indicator import read_indicator
from slo.names import check_name
from slo.objective import Measure, Objective, Ratio, RawRatio
from slo.promql import by_label

KINDS: Final = (
    "Service",
    "SLO",
    "SLI",
    "AlertPolicy",
    "AlertCondition",
    "AlertNotificationTarget",
    "DataSource",
)
THRESHOLD_ANNOTATION: Final = "calendar-sre/threshold-seconds"
SPLIT_ANNOTATION: Final = "calendar-sre/split-by"


@dataclass(frozen=True, slots=True)
class Document:
    """One object of a file: its kind, its name and its fields."""

    kind: str
    name: str
    body: Field


def read_documents(sources: Iterable[tuple[str, str]]) -> tuple[Document, ...]:
    """Split (file name, text) pairs into documents, each with a valid kind and a unique name."""
    found: dict[tuple[str, str], Document] = {}
    for source, text in sources:
        for body in _bodies(source, text):
            document = _document(body)
            key = (document.kind, document.name)
            if key in found:
                first = found[key].body.source
                raise (
                    body.need("metadata")
                    .need("name")
                    .wrong(
                        f"is used twice by kind {document.kind} (first in {first})", "rename one"
                    )
                )
            found[key] = document
    return tuple(found.values())


def read_objectives(
    sources: Iterable[tuple[str, str]], metrics: Mapping[str, Metric] | None = None
) -> tuple[Objective, ...]:
    """Return the objectives of (file name, text) pairs, in the order of the texts.

    With `metrics` (series name to metric) a query about any other series is an error. Raises
    FieldError naming file, field, value and fix.
    """
    documents = read_documents(sources)
    indicators = {each.name: each.body for each in documents if each.kind == "SLI"}
    slos = [each for each in documents if each.kind == "SLO"]
    return tuple(one for each in slos for one in _objectives(each, indicators, metrics))


def _bodies(source: str, text: str) -> Iterable[Field]:
    try:
        loaded = list(yaml.safe_load_all(text))
    except yaml.YAMLError as err:
        reason = " ".join(str(err).split())
        raise BadInputError(f"{source}: is not YAML: {reason}", hint="fix the syntax") from err
    bodies = [Field(source, "", value) for value in loaded if value is not None]
    if not bodies:
        raise BadInputError(f"{source}: is empty", hint="write an OpenSLO object or delete it")
    return bodies


def _document(body: Field) -> Document:
    body.only("apiVersion", "kind", "metadata", "spec")
    body.need("apiVersion", "add `apiVersion: openslo/v1`").choice("openslo/v1")
    kind = body.need("kind").choice(*KINDS)
    metadata = body.need("metadata")
    metadata.only("name", "displayName", "labels", "annotations")
    return Document(kind, check_name(metadata.need("name")), body)


def _objectives(
    document: Document, indicators: Mapping[str, Field], metrics: Mapping[str, Metric] | None
) -> Iterable[Objective]:
    metadata, spec = document.body.need("metadata"), document.body.need("spec")
    spec.only(
        "description", "service", "indicator", "indicatorRef", "timeWindow", "budgetingMethod",
        "objectives", "alertPolicies",
    )  # fmt: skip
    measure = Measure(_label(metadata, "measure").choice(*Measure))
    indicator = read_indicator(spec, indicators, metrics)
    listed = list(spec.need("objectives").items())
    if not listed:
        raise spec.need("objectives").wrong("has no element", "add one with a target")
    for index, each in enumerate(listed):
        each.only("displayName", "target", "targetPercent")
        shown = metadata.get("displayName")
        described = spec.get("description")
        yield Objective(
            name=document.name if len(listed) == 1 else f"{document.name}-{index + 1}",
            display_name=shown.text() if shown else document.name,
            description=described.text() if described else "",
            service=check_name(spec.need("service")),
            measure=measure,
            target=read_target(each),
            window=_window(spec.need("timeWindow")),
            indicator=indicator,
            threshold_s=_threshold(metadata, measure),
            split_by=_split_by(metadata, indicator),
        )


def read_target(objective: Field) -> float:
    """Return the target as a share; it must promise something and leave some budget."""
    share, percent = objective.get("target"), objective.get("targetPercent")
    if (share is None) == (percent is None):
        raise objective.wrong("needs exactly one of target and targetPercent", "keep one of them")
    if share is not None:
        if not 0 < share.number() < 1:
            raise share.wrong("is not between 0 and 1", _target_fix(share.number()))
        return share.number()
    assert percent is not None  # noqa: S101 -- the test above leaves only this case
    if not 0 < percent.number() < 100:  # noqa: PLR2004 -- per cent
        raise percent.wrong("is not between 0 and 100", "write for example 99.9")
    return percent.number() / 100


def _target_fix(value: float) -> str:
    if 1 < value < 100:  # noqa: PLR2004 -- looks like per cent
        return f"write target: {value / 100:g}, or targetPercent: {value:g}"
    if value in {0, 1}:
        return "a promise leaves some budget: write for example 0.999"
    return "write a share such as 0.999"


def _label(metadata: Field, name: str) -> Field:
    labels = metadata.need("labels", f"add labels with `{name}: {'|'.join(Measure)}`")
    return labels.need(name, f"add `{name}:` with one of {', '.join(Measure)}")


def _window(listed: Field) -> timedelta:
    windows = list(listed.items())
    if len(windows) != 1:
        raise listed.wrong("must have exactly one element", "keep one window")
    windows[0].only("duration", "isRolling")
    duration = windows[0].need("duration")
    length = parse_openslo(duration.text())
    if length is None:
        raise duration.wrong("is not a duration", "write a number and one of m h d w M Q Y: 30d")
    return length


def _threshold(metadata: Field, measure: Measure) -> float | None:
    annotations = metadata.get("annotations")
    found = annotations.get(THRESHOLD_ANNOTATION) if annotations else None
    if measure is not Measure.LATENCY:
        return None
    if found is None:
        place = Field(metadata.source, "metadata.annotations", None)
        raise place.wrong(
            f"lacks {THRESHOLD_ANNOTATION}", f'add `{THRESHOLD_ANNOTATION}: "2"`, in seconds'
        )
    try:
        seconds = float(found.text())
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise found.wrong("is not a number of seconds above 0", 'write for example "2"')
    return seconds


def _split_by(metadata: Field, indicator: Ratio | RawRatio) -> str | None:
    annotations = metadata.get("annotations")
    found = annotations.get(SPLIT_ANNOTATION) if annotations else None
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
