"""The kinds of OpenSLO beside SLO and SLI: what may stand in each, and whether it can be followed.

Burn-rate alerts look at several windows, which a policy of one condition cannot say (OpenSLO v1,
AlertPolicy). Alerts are therefore derived from the objective itself; policies are held to the
standard, and told.
"""

import difflib
from typing import Final

from slo.documents import Document, Library, check_description, check_metadata
from slo.durations import parse_openslo
from slo.fields import Field, closest

PROMETHEUS: Final = "Prometheus"
_OPERATORS: Final = ("lte", "gte", "lt", "gt")


def check_kind(document: Document, library: Library) -> None:
    """Check an object that is neither SLO nor SLI; raises FieldError for the first mistake."""
    match document.kind:
        case "Service":
            _service(document.body.get("spec"))
        case "DataSource":
            source_type(document.body)
        case "AlertPolicy":
            _policy(document.body.need("spec"), library)
        case "AlertCondition":
            _condition(document.body.need("spec"))
        case "AlertNotificationTarget":
            _target(document.body.need("spec"))
        case _:
            pass


def source_type(data_source: Field) -> str:
    """Return the type of a DataSource, which can only be Prometheus."""
    spec = data_source.need("spec")
    spec.only("description", "type", "connectionDetails")
    check_description(spec)
    return prometheus_type(spec.need("type", f"add `type: {PROMETHEUS}`"))


def prometheus_type(place: Field) -> str:
    """Return the one type of data source that can be asked."""
    if place.text().casefold() != PROMETHEUS.casefold():
        raise place.wrong(
            "is not a type of data source that is known",
            f"write {PROMETHEUS}, or use something that speaks PromQL under that name",
        )
    return PROMETHEUS


def policies_of(slo_spec: Field, library: Library) -> tuple[str, ...]:
    """Return the names of an SLO's alert policies, inline ones checked."""
    listed = slo_spec.get("alertPolicies")
    names = []
    for each in listed.items() if listed else ():
        if isinstance(each.value, str):
            raise each.wrong("is a bare name", f"write `- alertPolicyRef: {each.value}`")
        body, name = _inline_or_named(each, "AlertPolicy", "alertPolicyRef", library)
        _policy(body.need("spec"), library)
        names.append(name)
    return tuple(names)


def _inline_or_named(
    place: Field, kind: str, reference_key: str, library: Library
) -> tuple[Field, str]:
    """Return an object that stands here or is named here, and its name."""
    reference = place.get(reference_key)
    if reference is not None:
        place.only(reference_key)
        return library.find(kind, reference), reference.text()
    if place.get("spec") is None:
        raise place.wrong(f"is no {kind}", f"write `{reference_key}: NAME`, or kind and spec")
    place.only("apiVersion", "kind", "metadata", "spec")
    if found := place.get("kind"):
        found.choice(kind)
    return place, check_metadata(place.need("metadata"), kind=kind)


def _service(spec: Field | None) -> None:
    if spec is not None:
        spec.only("description")
        check_description(spec)


def _policy(spec: Field, library: Library) -> None:
    flags = ("alertWhenNoData", "alertWhenResolved", "alertWhenBreaching")
    spec.only("description", *flags, "conditions", "notificationTargets")
    check_description(spec)
    for flag in flags:
        if found := spec.get(flag):
            found.flag()
    conditions = spec.need("conditions", "add one AlertCondition")
    listed = list(conditions.items())
    if len(listed) != 1:
        raise conditions.wrong("must have exactly one element", "write one policy a condition")
    body, _ = _inline_or_named(listed[0], "AlertCondition", "conditionRef", library)
    _condition(body.need("spec"))
    targets = spec.need("notificationTargets", "add one AlertNotificationTarget")
    listed = list(targets.items())
    if not listed:
        raise targets.wrong("has no element", "add one AlertNotificationTarget")
    for each in listed:
        body, _ = _inline_or_named(each, "AlertNotificationTarget", "targetRef", library)
        _target(body.need("spec"))


def _condition(spec: Field) -> None:
    spec.only("description", "severity", "condition")
    check_description(spec)
    spec.need("severity", "add `severity: page` or ticket").text()
    condition = spec.need("condition")
    condition.only("kind", "op", "threshold", "lookbackWindow", "alertAfter")
    condition.need("kind", "add `kind: burnrate`").choice("burnrate")
    condition.need("op").choice(*_OPERATORS)
    condition.need("threshold", "add the burn rate, such as `threshold: 2`").number()
    for name in ("lookbackWindow", "alertAfter"):
        read_duration(condition.need(name, f"add `{name}: 1h`"))


def _target(spec: Field) -> None:
    spec.only("description", "target")
    check_description(spec)
    spec.need("target", "add `target:` with who is told, such as email").text()


def read_duration(place: Field) -> None:
    """Check that a text is a duration of OpenSLO."""
    if parse_openslo(place.text()) is None:
        raise place.wrong("is not a duration", "write a number and one of m h d w M Q Y: 5m")


def check_service(reference: Field, library: Library) -> None:
    """Check that an SLO's service is not the name of a Service, misspelt.

    Services need not be described: a name that resembles none stands for itself.
    """
    known = library.of("Service")
    if reference.text() not in known:
        near = difflib.get_close_matches(reference.text(), known, n=1, cutoff=0.8)
        if near:
            raise reference.wrong("names no Service", closest(reference.text(), near))
