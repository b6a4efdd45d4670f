"""Objectives as sloth states them (version "prometheus/v1"), turned into OpenSLO v1.

Source: slok/sloth, pkg/prometheus/api/v1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import yaml

from kit.pure.fields import Field
from kit.pure.json_values import JsonMapping
from slo.annotations import MEASURE_LABEL
from slo.documents import API_VERSION, read_bodies
from slo.series import PLACEHOLDER, tidy

VERSION: Final = "prometheus/v1"
_OTHER_TEMPLATE: Final = re.compile(r"\{\{(?!\.window\}\}).*?\}\}")
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
_ALERT_NOTE: Final = "alerts follow from the objective, and routes from the receivers file"


@dataclass(frozen=True, slots=True)
class Imported:
    """OpenSLO objects as plain values, and what of the file is not in them."""

    documents: tuple[JsonMapping, ...]
    lost: tuple[str, ...]

    def text(self) -> str:
        """Return the objects as the text of one file."""
        return "---\n".join(
            yaml.safe_dump(dict(each), sort_keys=False, allow_unicode=True, width=1000)
            for each in self.documents
        )


def read_sloth(source: str, text: str, window: str = "30d") -> Imported:
    """Return the OpenSLO objects for a file of sloth's, whose objectives are kept over `window`.

    Raises BadInputError naming file, field, value and fix. Whether the objectives hold water is
    left to whoever reads OpenSLO.
    """
    documents: list[JsonMapping] = []
    lost: list[str] = []
    for root in read_bodies(source, text):
        _version(root)
        root.only("version", "service", "labels", "slos")
        service = _name(root.need("service"), lost)
        labels = _labels(root.get("labels"), lost)
        # The labels are of this file's SLOs: another file of the service may have others.
        documents.append(_object("Service", service, {}, {}))
        slos = root.need("slos", "add a list of SLOs")
        listed = list(slos.items())
        if not listed:
            raise slos.wrong("has no element", "add an SLO, or delete the file")
        documents += [_slo(each, service, labels, window, lost) for each in listed]
    return Imported(tuple(documents), tuple(lost))


def _version(root: Field) -> None:
    if "apiVersion" in root.names():
        kind = root.need("apiVersion")
        fix = (
            "this is OpenSLO already"
            if kind.value == API_VERSION
            else "copy its spec to a file that begins with `version: prometheus/v1`, in snake_case"
        )
        raise kind.wrong(f"is not sloth's {VERSION}", fix)
    version = root.need("version", f"add `version: {VERSION}`; is it a file of sloth's?")
    version.choice(VERSION)


def _slo(
    place: Field, service: str, labels: Mapping[str, str], window: str, lost: list[str]
) -> JsonMapping:
    place.only("name", "description", "objective", "labels", "sli", "alerting", "plugins")
    name = _name(place.need("name"), lost)
    if plugins := place.get("plugins"):
        lost.append(f"{plugins.path}: plugins of sloth's generate rules in their own way")
    alerting = place.get("alerting")
    _alerting(alerting, lost)
    # What sloth puts on its alerts is on ours, too: they take the labels of their objective.
    shared = _labels(alerting.get("labels") if alerting else None, lost)
    objective = place.need("objective", "add `objective: 99.9`, in per cent")
    if not 0 < objective.number() < 100:  # noqa: PLR2004 -- per cent
        raise objective.wrong("is not between 0 and 100", "a target leaves some budget: 99.9")
    described = place.get("description")
    spec = {
        **({"description": described.text()} if described else {}),
        "service": service,
        "indicator": {"metadata": {"name": name}, "spec": {"ratioMetric": _ratio(place, lost)}},
        "timeWindow": [{"duration": window, "isRolling": True}],
        "budgetingMethod": "Occurrences",
        "objectives": [{"targetPercent": _plain(objective.number())}],
    }
    # Names are sloth's only within a service; ours are all in one folder.
    full = name if name.startswith(f"{service}-") else f"{service}-{name}"
    return _object(
        "SLO",
        full[:63].rstrip("-"),
        spec,
        {**labels, **_labels(place.get("labels"), lost), **shared},
    )


def _ratio(place: Field, lost: list[str]) -> JsonMapping:
    sli = place.need("sli")
    sli.only("events", "raw", "plugin")
    if plugin := sli.get("plugin"):
        raise plugin.wrong(
            "is computed by a plugin of sloth's", "write its queries out as events or raw"
        )
    events, raw = sli.get("events"), sli.get("raw")
    if (events is None) == (raw is None):
        raise sli.wrong("needs exactly one of events and raw", "keep one of them")
    if events is not None:
        events.only("error_query", "total_query")
        bad, total = (_source(events.need(side), lost) for side in ("error_query", "total_query"))
        return {"counter": True, "bad": bad, "total": total}
    assert raw is not None  # noqa: S101 -- the test above leaves only this case
    raw.only("error_ratio_query")
    share = _source(raw.need("error_ratio_query"), lost)
    lost.append(f"{raw.path}: a ready-made ratio has no counts; its budget is a mean over time")
    return {"counter": False, "rawType": "failure", "raw": share}


def _source(query: Field, lost: list[str]) -> JsonMapping:
    text = tidy(query.text())
    if PLACEHOLDER not in text:
        raise query.wrong("lacks its window", f"write [{PLACEHOLDER}] where the range goes")
    if found := _OTHER_TEMPLATE.search(text):
        lost.append(f"{query.path}: the template {found[0]} is left as it is; only window is known")
    return {"metricSource": {"type": "Prometheus", "spec": {"query": text}}}


def _alerting(alerting: Field | None, lost: list[str]) -> None:
    if alerting is None:
        return
    texts = ("labels", "annotations")
    alerting.only("name", *texts, "page_alert", "ticket_alert")
    lost += [f"{found.path}: {_ALERT_NOTE}" for found in _present(alerting, "name", "annotations")]
    for one in _present(alerting, "page_alert", "ticket_alert"):
        one.only("disable", *texts)
        lost += [
            f"{disabled.path}: every objective has its page and its ticket"
            for disabled in _present(one, "disable")
            if disabled.flag()
        ]
        lost += [f"{found.path}: {_ALERT_NOTE}" for found in _present(one, *texts)]


def _present(place: Field, *names: str) -> tuple[Field, ...]:
    return tuple(found for name in names if (found := place.get(name)))


def _object(kind: str, name: str, spec: JsonMapping, labels: Mapping[str, str]) -> JsonMapping:
    metadata = {"name": name, **({"labels": dict(labels)} if labels else {})}
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": dict(spec)}


def _name(place: Field, lost: list[str]) -> str:
    """Return a name in the form that OpenSLO asks for, and say so when it is another."""
    text = place.text()
    name = _NOT_IN_NAMES.sub("-", text.lower()).strip("-")[:63].strip("-")
    if not name:
        raise place.wrong("has no letter or digit", "write a name such as requests-availability")
    if name != text:
        lost.append(f"{place.path}: {text!r} is called {name!r}, which OpenSLO allows")
    return name


def _labels(place: Field | None, lost: list[str]) -> dict[str, str]:
    """Return labels as texts; `measure` says something of ours, and is left out."""
    found: dict[str, str] = {}
    if place is None:
        return found
    for name in place.names():
        label = place.need(name)
        if name == MEASURE_LABEL:
            lost.append(f"{label.path}: this label says here what a load test measures")
        elif isinstance(label.value, bool | int | float):
            found[name] = str(label.value)
        else:
            found[name] = label.text()
    return found


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number
