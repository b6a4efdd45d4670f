"""What reports say of a service beyond its roles: figures of its own, and its words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from kit.pure.fields import Field, closest
from slo.project.role_reading import read_label, read_metric


@dataclass(frozen=True, slots=True)
class Failures:
    """A counter of failures inside the service, by the labels `part` and `reason`."""

    counter: str
    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reports:
    """`accuracy` is what the accuracy role measures, `cases` what a golden set holds.

    `unlabelled_alerts` says that alerts without the label `service` are this service's too.
    """

    accuracy: str = "accuracy"
    cases: str = "cases"
    active_users: str | None = None
    failures: Failures | None = None
    unlabelled_alerts: bool = False


GENERIC: Final = Reports()
"""The words for a service that has none of its own."""


def read_reports(place: Field | None, series: Collection[str] | None) -> Reports:
    """Return the table `[reports]`; the metrics it names must be in the catalogue, if any."""
    if place is None:
        return GENERIC
    place.only("accuracy", "cases", "active_users", "failures", "unlabelled_alerts")
    words = {name: one.text() for name in ("accuracy", "cases") if (one := place.get(name))}
    users, failures = place.get("active_users"), place.get("failures")
    unlabelled = place.get("unlabelled_alerts")
    return Reports(
        **words,
        active_users=_known(users, series) if users else None,
        failures=_failures(failures, series) if failures else None,
        unlabelled_alerts=unlabelled.flag() if unlabelled else False,
    )


def _failures(place: Field, series: Collection[str] | None) -> Failures:
    place.only("counter", "part", "reason")
    part, reason = (read_label(place.need(name)) or "" for name in ("part", "reason"))
    return Failures(_known(place.need("counter"), series), part, reason)


def _known(place: Field, series: Collection[str] | None) -> str:
    name = read_metric(place)
    if series is not None and name not in series:
        raise place.wrong("is not in the catalogue of metrics", closest(name, series))
    return name
