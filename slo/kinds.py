"""The kinds of OpenSLO beside SLO and SLI: what may stand in each."""

import difflib
from typing import Final

from kit.pure.fields import Field, closest
from slo.documents import Document, Library, check_description
from slo.policy import check_target, read_condition, read_policy

PROMETHEUS: Final = "Prometheus"


def check_kind(document: Document, library: Library) -> None:
    """Check an object that is neither SLO nor SLI; raises FieldError for the first mistake."""
    match document.kind:
        case "Service":
            _service(document.body.get("spec"))
        case "DataSource":
            source_type(document.body)
        case "AlertPolicy":
            read_policy(document.body, document.name, library)
        case "AlertCondition":
            read_condition(document.body.need("spec"))
        case "AlertNotificationTarget":
            check_target(document.body.need("spec"))
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


def _service(spec: Field | None) -> None:
    if spec is not None:
        spec.only("description")
        check_description(spec)


def check_service(reference: Field, library: Library) -> None:
    """Check that an SLO's service is not the name of a Service, misspelt.

    Services need not be described: a name that resembles none stands for itself.
    """
    known = library.of("Service")
    if reference.text() not in known:
        near = difflib.get_close_matches(reference.text(), known, n=1, cutoff=0.8)
        if near:
            raise reference.wrong("names no Service", closest(reference.text(), near))
