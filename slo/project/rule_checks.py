"""How a project wants rule files checked: `[alerts.check]` of its file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kit.pure.durations import parse_prometheus
from kit.pure.fields import Field

LEVELS: Final = ("off", "info", "warning", "error")
_CHECK: Final = re.compile(r"[a-z]+/(\*|[a-z-]+)")


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """`levels` is by check, or by `family/*`: off, info, warning or error.

    `catalogue` asks that named files are held against the project's catalogue of metrics.
    `version` is that of Prometheus, 2 or 3; None lets both pass. `labels` and `annotations` are
    what every alert has to have; `values` are the values that a label may have, and `names` are
    regular expressions for the names of alerts and recorded series. `selectors` are the labels
    that each selector of scraped series has to ask for, `keep` those that no aggregation drops.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    catalogue: bool = False
    scrape_s: float | None = None
    retention_s: float | None = None
    version: int | None = None
    external_labels: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    selectors: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def level(self, check: str) -> str | None:
        """Return the level that the project gives a check; None where it says nothing."""
        return self.levels.get(check) or self.levels.get(f"{check.split('/', maxsplit=1)[0]}/*")


def read_check_settings(alerts: Field | None) -> CheckSettings:
    """Return `[alerts.check]`; FieldError for what is not known there."""
    place = alerts.get("check") if alerts else None
    if place is None:
        return CheckSettings()
    place.only(
        "levels", "catalogue", "scrape_interval", "retention", "version", "external_labels",
        "labels", "annotations", "values", "names", "selectors", "keep",
    )  # fmt: skip
    version = place.get("version")
    flag = place.get("catalogue")
    return CheckSettings(
        levels=_levels(place.get("levels")),
        catalogue=flag is not None and flag.flag(),
        scrape_s=_duration(place.get("scrape_interval")),
        retention_s=_duration(place.get("retention")),
        version=version.whole(2, 3) if version else None,
        external_labels=frozenset(_texts(place.get("external_labels"))),
        labels=_texts(place.get("labels")),
        annotations=_texts(place.get("annotations")),
        values={each.path.rsplit(".", 1)[-1]: _texts(each) for each in _entries(place, "values")},
        names=_names(place.get("names")),
        selectors=_texts(place.get("selectors")),
        keep=_texts(place.get("keep")),
    )


def _levels(place: Field | None) -> dict[str, str]:
    found = {}
    for name in place.names() if place else ():
        value = place.need(name) if place else None
        if value is None:
            continue
        if not _CHECK.fullmatch(name):
            raise value.wrong("is no check", 'write one of docs/alerts.md, or "family/*"')
        found[name] = value.choice(*LEVELS)
    return found


def _entries(place: Field, name: str) -> tuple[Field, ...]:
    child = place.get(name)
    return tuple(child.entries()) if child else ()


def _texts(place: Field | None) -> tuple[str, ...]:
    return tuple(each.text() for each in place.items()) if place else ()


def _duration(place: Field | None) -> float | None:
    if place is None:
        return None
    try:
        seconds = parse_prometheus(place.text())
    except ValueError:
        seconds = 0.0
    if not seconds:
        raise place.wrong("is not a duration", "write for example 30s or 15d")
    return seconds


def _names(place: Field | None) -> dict[str, str]:
    if place is None:
        return {}
    place.only("alert", "record")
    found = {}
    for name in place.names():
        value = place.need(name)
        try:
            re.compile(value.text())
        except re.error as err:
            raise value.wrong(f"is no regular expression: {err}", "correct it") from err
        found[name] = value.text()
    return found
