"""Cases in the words of roles, said in the names of a project."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from alerts.about import About, Stream
from alerts.behaviour.case import Case
from alerts.behaviour.worlds import SERVICE
from alerts.expressions import number
from alerts.names import (
    DAY_OFF,
    OWN_CAUSE,
    SERVICE_DOWN,
    TIER_HITS,
    TIER_MISSES,
    USUAL,
    WATCHER_DOWN,
    over_early,
)
from alerts.trouble import Trouble
from slo.project.roles import FAILED
from slo.recorded import selector_of

_WHOLE: Final = "all"
EARLY: Final = "early"
"""The series of what is slower than the project's earlier edge."""
_LABEL: Final = re.compile(r'(\w+)="([^"]*)"')
Labels = Mapping[str, str | None]


def can_be_said(case: Case, about: About) -> bool:
    """Say whether a project can show a case.

    A cache without a label for tiers has just one, without a calendar no day is a day off, and
    without the time of its start nobody sees that a process began anew.
    """
    cache = about.project.roles.cache
    one_tier = cache is not None and cache.label is None
    if about.project.paths.days_off is None and _on_a_day_off(case):
        return False
    if about.project.roles.started is None and any(
        key.startswith("started") for key in case.series
    ):
        return False
    return not (one_tier and any('tier="far"' in key for key in case.series))


def _on_a_day_off(case: Case) -> bool:
    return any(key.startswith(DAY_OFF) and values[0] != "0" for key, values in case.series.items())


def translated(case: Case, about: About) -> Case:
    """Return a case in which series have the project's names, and labels that it lacks are gone."""
    series = {
        written: values for key, values in case.series.items() for written in said(key, about)
    }
    return replace(case, series=series)


def said(series: str, about: About) -> Iterator[str]:
    """Yield a series of the cases in the names of a project: its count, too, for a histogram."""
    name, _, inner = series.partition("{")
    yield from _written(name, dict(_LABEL.findall(inner)), about)


def _written(name: str, labels: dict[str, str], about: About) -> Iterator[str]:
    roles = about.project.roles
    if name == "latency_bucket" and roles.latency is not None:
        renamed = _renamed(labels, {"route": roles.latency.route, "method": roles.latency.method})
        renamed["le"] = _edge(labels["le"], about)
        yield _series(f"{roles.latency.histogram}_bucket", renamed, about)
        if labels["le"] == "+Inf":
            del renamed["le"]
            yield _series(f"{roles.latency.histogram}_count", renamed, about)
        return
    if name == "accuracy" and labels.get("slice") == _WHOLE and roles.accuracy:
        labels["slice"] = roles.accuracy.whole or ""
    if name == "requests" and roles.requests is not None and "status" in labels:
        labels["status"] = _status(labels["status"], roles.requests.failed)
    named, parts = _named(name, about)
    yield _series(named, _renamed(labels, parts), about)


def _named(name: str, about: About) -> tuple[str, Labels]:
    """Return the project's name for a series, and its labels for those of the cases."""
    roles = about.project.roles
    tier = {"tier": roles.cache.label if roles.cache else None}
    known: dict[str, tuple[str, Labels]] = {
        each: (about.read(each), tier) for each in (USUAL, TIER_HITS, TIER_MISSES)
    }
    if one := roles.requests:
        labels = {"route": one.route, "method": one.method, "status": one.status}
        known["requests"] = one.counter, labels
    if roles.started:
        known["started"] = roles.started, {}
    if prober := roles.prober:
        job, down = f'job="{prober.job}"', f'alertname="{WATCHER_DOWN}",alertstate="firing"'
        known["walked"] = prober.walked, {}
        known["prober_up"] = f"up{{{job}}}", {}
        known["prober_down"] = f"ALERTS{{{down},{job}}}", {}
    if gauge := roles.accuracy:
        known["accuracy"] = gauge.gauge, {"slice": gauge.slice}
    if cache := roles.cache:
        known |= {"cache_hits": (cache.hits, tier), "cache_misses": (cache.misses, tier)}
    if roles.latency and roles.latency.early:
        known[EARLY] = about.read(over_early(roles.latency.early)), {}
    return known.get(name, (name, {"route": one.route if one else None}))


def _status(status: str, failed: str) -> str:
    """Return a status of the cases as the service says it: where it has words, one of those."""
    if re.fullmatch(FAILED, status):
        words = ("5xx", *re.findall(r"[\w-]+", failed), *map(_spelt, failed.split("|")))
        return next((one for one in (status, *words) if re.fullmatch(failed, one)), status)
    return next((one for one in (status, "fine", "0") if not re.fullmatch(failed, one)), status)


def _spelt(pattern: str) -> str:
    """Return what a simple pattern such as `E[0-9]{3}` stands for: the first of each choice."""
    plain = re.sub(r"\[(\\?.)[^]]*\]", r"\1", pattern).replace(r"\d", "0")
    plain = re.sub(r"(.)\{(\d+)[^}]*\}", lambda found: found[1] * int(found[2]), plain)
    return re.sub(r"\(\?[a-z]*:|[()?+*^$]|\\(?=\W)", "", plain)


def _edge(le: str, about: About) -> str:
    latency, stream = about.project.roles.latency, about.latency
    edges = {"2.0": stream.edge_s if stream else None, "1.0": latency.early if latency else None}
    edge = edges.get(le)
    if latency is None or edge is None:
        return le if le == "+Inf" else "unused"
    text = number(edge * latency.second)
    return f"{text}.0" if text.isdecimal() else text


def _renamed(labels: Mapping[str, str], names: Labels) -> dict[str, str]:
    found = ((names.get(label, label), value) for label, value in labels.items())
    return {label: value for label, value in found if label is not None}


def _series(named: str, labels: dict[str, str], about: About) -> str:
    name, _, fixed = named.partition("{")
    stream = labels.pop("stream", None)
    project = about.project
    for label, value in (("job", project.job), ("service", project.name)):
        if labels.get(label) == SERVICE:
            labels[label] = value
    if labels.get("alertname") == OWN_CAUSE:
        labels["alertname"] = (*about.causes, SERVICE_DOWN)[0]
    inner = {**dict(_LABEL.findall(fixed)), **_of_stream(stream, about), **labels}
    inner = {label: value for label, value in inner.items() if value}
    written = ",".join(f'{label}="{value}"' for label, value in inner.items())
    return f"{name}{{{written}}}" if inner else name


def _of_stream(stream: str | None, about: About) -> dict[str, str]:
    if stream is None:
        return {}
    if stream == Trouble.ACCURACY:
        first, *_ = about.about(Trouble.ACCURACY)
        return dict(_LABEL.findall(selector_of(first)))
    found: Stream | None = about.errors if stream == Trouble.ERRORS else about.latency
    return dict(_LABEL.findall(found.own)) if found else {}
