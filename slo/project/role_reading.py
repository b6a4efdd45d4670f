"""Read the roles of metrics in a project file."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Final

import promql_parser as promql

from kit.pure.fields import Field, closest
from slo.catalogue import TARGET_LABELS, Metric
from slo.project.roles import (
    FAILED,
    ROLES,
    Accuracy,
    Cache,
    Dependency,
    Latency,
    Prober,
    Requests,
    Roles,
    Saturation,
    Version,
)
from slo.series import selectors

LABEL: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_METRIC: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_UNITS: Final = {"s": 1.0, "ms": 1e3, "us": 1e6}

Known = Mapping[str, Metric] | None
"""Each series of the catalogue; None: nobody wrote down which there are."""


def read_roles(place: Field | None, known: Known) -> Roles:
    """Return the roles; what they name must be in the catalogue, where there is one."""
    if place is None:
        return Roles()
    place.only(*ROLES)
    read: Mapping[str, Callable[[Field], object]] = {
        "requests": _requests,
        "latency": _latency,
        "in_progress": _metric,
        "version": _version,
        "started": _metric,
        "cache": _cache,
        "accuracy": _accuracy,
        "prober": _prober,
        "dependency": lambda one: tuple(map(_dependency, one.items())),
        "saturation": lambda one: tuple(map(_saturation, one.items())),
    }
    given = {name: role(found) for name, role in read.items() if (found := place.get(name))}
    roles = Roles(**given)  # type: ignore[arg-type]  # each reader gives its role
    if known is not None:
        _check_exists(place, roles, known)
    return roles


def _requests(place: Field) -> Requests:
    place.only("counter", "route", "method", "status", "failed")
    failed = place.get("failed")
    if failed is not None:
        try:
            re.compile(failed.text())
        except re.error as err:
            raise failed.wrong(
                f"is no regular expression: {err}", 'write for example "5.."'
            ) from err
    route, method, status = (_label(place.get(name)) for name in ("route", "method", "status"))
    if failed is not None and status is None:
        raise failed.wrong("is of a status, and no label is named for it", 'add status = "…"')
    counter = _metric(place.need("counter"))
    return Requests(counter, route, method, status, failed.text() if failed else FAILED)


def _latency(place: Field) -> Latency:
    place.only("histogram", "route", "method", "unit", "times_all", "early")
    times_all = flag.flag() if (flag := place.get("times_all")) else False
    unit = place.get("unit")
    second = _UNITS[unit.choice(*_UNITS)] if unit else 1.0
    histogram = _metric(place.need("histogram"))
    if histogram.endswith(("_bucket", "_count", "_sum")):
        fix = f"write {histogram.rpartition('_')[0]}"
        raise place.need("histogram").wrong("is a series of a histogram, not its name", fix)
    early = place.get("early")
    if early is not None and not 0 < early.number() < math.inf:
        raise early.wrong("is no edge of a histogram", "write its seconds, such as 1.0")
    route, method = _label(place.get("route")), _label(place.get("method"))
    edge = early.number() if early else None
    return Latency(histogram, route, method, second, times_all, edge)


def _version(place: Field) -> Version:
    place.only("info", "label")
    return Version(_metric(place.need("info")), _label(place.get("label")) or "version")


def _cache(place: Field) -> Cache:
    place.only("hits", "misses", "label")
    hits, misses = _metric(place.need("hits")), _metric(place.need("misses"))
    return Cache(hits, misses, _label(place.get("label")))


def _accuracy(place: Field) -> Accuracy:
    place.only("gauge", "slice", "whole")
    whole = place.get("whole")
    return Accuracy(
        _metric(place.need("gauge")), _label(place.get("slice")), whole.text() if whole else None
    )


def _prober(place: Field) -> Prober:
    place.only("job")
    return Prober(read_job(place.need("job", "add the scrape job of `sre probe run`")))


def _dependency(place: Field) -> Dependency:
    place.only("name", "up")
    return Dependency(place.need("name").text(), _selector(place.need("up")))


def _saturation(place: Field) -> Saturation:
    place.only("name", "used", "limit")
    limit = place.need("limit", "add the selector of its limit, or a number")
    is_number = isinstance(limit.value, int | float) and not isinstance(limit.value, bool)
    bound = limit.number() if is_number else _selector(limit)
    if isinstance(bound, float) and not (bound > 0 and math.isfinite(bound)):
        raise limit.wrong("is no limit", "write a number above 0")
    return Saturation(place.need("name").text(), _selector(place.need("used")), bound)


def read_job(place: Field) -> str:
    """Return the name of a scrape job, which stands in every query as it is."""
    text = place.text()
    if re.search(r'["\\\n]', text):
        raise place.wrong("cannot stand in a query", "write the job_name without quotes")
    return text


def _metric(place: Field) -> str:
    text = place.text()
    if not _METRIC.fullmatch(text):
        raise place.wrong("is not the name of a metric", "write its name alone, without {…}")
    return text


def _label(place: Field | None) -> str | None:
    if place is None:
        return None
    text = place.text()
    if not LABEL.fullmatch(text):
        raise place.wrong("is not the name of a label", "write for example route")
    return text


def _selector(place: Field) -> str:
    """Return one selector such as `up{job="db"}`."""
    text = place.text()
    try:
        tree = promql.parse(text)
    except ValueError as err:
        reason = " ".join(str(err).split())
        raise place.wrong(f"is not PromQL: {reason}", 'write for example up{job="db"}') from err
    if not isinstance(tree, promql.VectorSelector) or tree.offset is not None or not tree.name:
        raise place.wrong("is not one plain selector", 'write for example up{job="db"}')
    return text


def _check_exists(place: Field, roles: Roles, known: Mapping[str, Metric]) -> None:
    """Refuse a role whose series or label the catalogue does not have."""
    for path, text, labels in roles.names():
        at = Field(place.source, f"{place.path}.{path}", text)
        (selector,) = selectors(text)
        metric = known.get(selector.metric)
        if metric is None:
            raise at.wrong("is not in the catalogue of metrics", closest(selector.metric, known))
        wanted = (*labels, *(label for label, _, _ in selector.matchers))
        for label in wanted:
            if label not in metric.labels | TARGET_LABELS | {"le"}:
                said = _saying(place, path.partition(".")[0], label)
                hint = closest(label, metric.labels) + " or correct its name"
                if said is not None:
                    raise said.wrong(f"is no label of {selector.metric}", hint)
                raise at.wrong(f"has no label {label!r}", hint)


def _saying(place: Field, role: str, label: str) -> Field | None:
    """Return the field of a role that names a label; None where it stands in a selector."""
    table = place.at(role)
    names = table.names() if isinstance(table.value, dict) else ()
    return next((table.at(name) for name in names if table.at(name).value == label), None)


read_metric, read_label = _metric, _label
