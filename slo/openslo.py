"""OpenSLO v1 documents to objectives.

Source: the OpenSLO specification, version 1; docs/slo.md lists every field.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kit.pure.errors import BadInputError
from kit.pure.fields import Field
from slo.annotations import read_labels, read_measure, read_split, read_threshold_s
from slo.catalogue import Owner
from slo.derived import points, share_of_slices
from slo.documents import Document, Library, check_description, read_documents
from slo.indicator import Around, Measured, read_indicator, read_sli
from slo.kinds import check_kind, check_service
from slo.names import check_name
from slo.objective import Budgeting, Measure, Objective, Part, Ratio, RawRatio, Slices, Threshold
from slo.policy import Policy, policies_of, reachable
from slo.targets import (
    only_known,
    read_budgeting,
    read_slicing,
    read_target,
    read_threshold,
    read_weight,
)
from slo.timewindow import TimeWindow, read_window

SLO_FIELDS: Final = (
    "description", "service", "indicator", "indicatorRef", "timeWindow", "budgetingMethod",
    "objectives", "alertPolicies",
)  # fmt: skip
_WITHIN: Final = timedelta(minutes=5)
"""The range that `{{.window}}` stands for in a threshold metric whose points are the events."""


def read_objectives(
    sources: Iterable[tuple[str, str]], owner: Owner | None = None
) -> tuple[Objective, ...]:
    """Return the objectives of (file name, text) pairs, in the order of the texts.

    With an `owner` whose series are known a query about any other series is an error in an SLO of
    that service. Raises FieldError naming file, field, value and fix.
    """
    objectives, problems = read_all(sources, owner)
    if problems:
        raise problems[0]
    return objectives


def read_all(
    sources: Iterable[tuple[str, str]], owner: Owner | None = None
) -> tuple[tuple[Objective, ...], tuple[BadInputError, ...]]:
    """Return the objectives, and every problem: one for each object that has any.

    When there are problems in telling the objects apart, what they say is not looked at.
    """
    documents, problems = read_documents(sources)
    if problems:
        return (), problems
    library, found = Library(documents), dict[str, Objective]()
    found_wrong: list[BadInputError] = []
    for document in documents:
        try:
            check_kind(document, library)
            if document.kind == "SLI":
                read_sli(document.body.need("spec"), Around(library, None))
            if document.kind == "SLO":
                _add(found, document, tuple(_objectives(document, library, owner)))
        except BadInputError as err:
            found_wrong.append(err)
    return tuple(found.values()), tuple(found_wrong)


def _add(
    found: dict[str, Objective], document: Document, objectives: tuple[Objective, ...]
) -> None:
    for each in objectives:
        if each.name in found:
            name = document.body.need("metadata").need("name")
            raise name.wrong(f"makes the objective {each.name} a second time", "rename one")
        found[each.name] = each


@dataclass(frozen=True, slots=True)
class _Slo:
    """What the several objectives of one document share."""

    document: Document
    metadata: Field
    spec: Field
    around: Around
    window: TimeWindow
    policies: tuple[Policy, ...]
    is_first: bool


def _objectives(document: Document, library: Library, owner: Owner | None) -> Iterable[Objective]:
    spec = document.body.need("spec")
    spec.only(*SLO_FIELDS)
    check_description(spec)
    service = spec.need("service", "add `service:` with the name of the service")
    check_service(service, library)
    window = read_window(spec.need("timeWindow", "add a list with one window, such as 30d"))
    own = owner if owner and check_name(service) == owner.name else None
    metrics = Around(library, own.series, own.catalogue) if own else Around(library, None)
    policies = policies_of(spec, library)
    slo = _Slo(
        document, document.body.need("metadata"), spec, metrics, window, policies,
        is_first=own is not None and own.first,
    )  # fmt: skip
    listed = list(spec.need("objectives").items())
    if not listed:
        raise spec.need("objectives").wrong("has no element", "add one with a target")
    for number, each in enumerate(listed, 1):
        yield _objective(slo, each, number if len(listed) > 1 else None)


def _objective(slo: _Slo, place: Field, number: int | None) -> Objective:
    """Return one objective; `number` is its place among several, None when it is alone."""
    budgeting = read_budgeting(slo.spec)
    only_known(place, budgeting, several=number is not None)
    counted, threshold, slices = _what_counts(slo, place, budgeting)
    indicator = share_of_slices(slices) if slices else counted
    name = slo.document.name
    measure = read_measure(slo.metadata)
    described = slo.spec.get("description")
    return Objective(
        name=name if number is None else f"{name}-{number}",
        display_name=_display_name(slo, place, number),
        description=described.text() if described else "",
        service=slo.spec.need("service").text(),
        measure=measure,
        target=_target(slo, place),
        window=slo.window.length,
        indicator=indicator,
        threshold_s=read_threshold_s(slo.metadata, measure),
        split_by=read_split(slo.metadata, indicator),
        calendar=slo.window.calendar,
        slices=slices,
        threshold=threshold,
        part=None if number is None else Part(name, read_weight(place)),
        policies=slo.policies,
        labels=read_labels(slo.metadata),
        is_first=slo.is_first and measure is not Measure.OTHER,
    )


def _target(slo: _Slo, place: Field) -> float:
    """Return the target, at which every alert policy of the SLO can come about."""
    target = read_target(place)
    for policy in slo.policies:
        if not reachable(policy, 1 - target):
            raise Field(slo.spec.source, "spec.alertPolicies", policy.condition.threshold).wrong(
                f"of {policy.name} is never reached: all bad burns {1 / (1 - target):.4g} times",
                "lower the policy's threshold, or raise the target",
            )
    return target


def _indicator_place(spec: Field, objective: Field) -> Field:
    """Return where the indicator stands: in the SLO, or in each objective of a composite."""
    own = objective.get("indicator") or objective.get("indicatorRef")
    shared = spec.get("indicator") or spec.get("indicatorRef")
    if own is not None and shared is not None:
        raise own.wrong("stands beside an indicator of the whole SLO", "keep one of them")
    return spec if own is None else objective


def _what_counts(
    slo: _Slo, place: Field, budgeting: Budgeting
) -> tuple[Ratio | RawRatio, Threshold | None, Slices | None]:
    """Return what is counted, over any time or in each slice, and by which limit and slices."""
    measured = read_indicator(_indicator_place(slo.spec, place), slo.around)
    slicing = read_slicing(place, budgeting, slo.window.length)
    threshold = None
    if isinstance(measured, Measured):
        threshold = read_threshold(place)
        measured = points(measured.query, threshold, slicing[0] if slicing else _WITHIN)
    else:
        place.without("op", "value", why="belongs to a thresholdMetric, and this is a ratioMetric")
    return measured, threshold, Slices(*slicing, measured) if slicing else None


def _display_name(slo: _Slo, place: Field, number: int | None) -> str:
    shown, own = slo.metadata.get("displayName"), place.get("displayName")
    whole = shown.text() if shown else slo.document.name
    if own is not None:
        own.text()
    return whole if number is None else f"{whole}: {own.text() if own else number}"
