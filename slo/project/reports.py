"""What reports say of a service beyond its roles: figures of its own, and its words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kit.pure.fields import Field, closest
from slo.project.role_reading import read_label, read_metric


@dataclass(frozen=True, slots=True)
class Failures:
    """A counter of failures inside the service, by the labels `part` and `reason`."""

    counter: str
    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """From a share of the budget that is `spent` on: what to do `then`, and whether to `freeze`."""

    spent: float
    then: str
    freeze: bool = False


@dataclass(frozen=True, slots=True)
class Reports:
    """`accuracy` is what the accuracy role measures, `cases` what a golden set holds.

    `unlabelled_alerts` says that alerts without the label `service` are this service's too. `zone`
    is the team's time zone, and `policy` what is done as the budget is spent, by rising shares.
    """

    accuracy: str = "accuracy"
    cases: str = "cases"
    active_users: str | None = None
    failures: Failures | None = None
    unlabelled_alerts: bool = False
    zone: str | None = None
    policy: tuple[PolicyStep, ...] = ()


_KEYS: Final = (
    "accuracy", "cases", "active_users", "failures", "unlabelled_alerts", "zone", "policy",
)  # fmt: skip
GENERIC: Final = Reports()
"""The words for a service that has none of its own."""


def read_reports(place: Field | None, series: Collection[str] | None) -> Reports:
    """Return the table `[reports]`; the metrics it names must be in the catalogue, if any."""
    if place is None:
        return GENERIC
    place.only(*_KEYS)
    words = {name: one.text() for name in ("accuracy", "cases") if (one := place.get(name))}
    users, failures = place.get("active_users"), place.get("failures")
    unlabelled = place.get("unlabelled_alerts")
    return Reports(
        **words,
        active_users=_known(users, series) if users else None,
        failures=_failures(failures, series) if failures else None,
        unlabelled_alerts=unlabelled.flag() if unlabelled else False,
        zone=_zone(zone) if (zone := place.get("zone")) else None,
        policy=tuple(_policy(policy)) if (policy := place.get("policy")) else (),
    )


def _zone(place: Field) -> str:
    name = place.text()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as err:
        raise place.wrong("is no time zone", "write one such as Europe/Berlin or UTC") from err
    return name


def _policy(place: Field) -> Iterator[PolicyStep]:
    before = 0.0
    for one in place.items():
        one.only("spent", "then", "freeze")
        spent, freeze = one.need("spent").number(0.0, 100.0), one.get("freeze")
        if spent <= before:
            raise one.need("spent").wrong("is not above the step before", "write rising shares")
        before = spent
        yield PolicyStep(spent, one.need("then").text(), freeze.flag() if freeze else False)


def _failures(place: Field, series: Collection[str] | None) -> Failures:
    place.only("counter", "part", "reason")
    part, reason = (read_label(place.need(name)) or "" for name in ("part", "reason"))
    return Failures(_known(place.need("counter"), series), part, reason)


def _known(place: Field, series: Collection[str] | None) -> str:
    name = read_metric(place)
    if series is not None and name not in series:
        raise place.wrong("is not in the catalogue of metrics", closest(name, series))
    return name
