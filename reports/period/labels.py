"""Give answers the labels that reports read, whatever the service calls them."""

from collections.abc import Mapping
from dataclasses import replace

from kit.pure.answers import Answer, Series
from slo.project.project import Project

ALL_ROUTES = "all routes"
"""The route of a metric that has none."""
ALL_SLICES = "all"
"""The slice that is the whole."""

Names = Mapping[str, str | None]
"""What the service calls a label that reports read; None is one that its metric lacks."""


def relabelled(question: str, answer: Answer, project: Project) -> Answer:
    """Return an answer with the labels that reports read."""
    called = _names(question, project)
    second = project.roles.latency.second if project.roles.latency else 1.0
    second = second if question == "latency" else 1.0
    whole = project.roles.accuracy.whole if project.roles.accuracy else None
    is_named_so = all(name == known for name, known in called.items())
    if second == 1 and is_named_so and whole in {None, ALL_SLICES}:
        return answer
    return Answer(
        tuple(_series(one, called, second, whole) for one in answer.series), answer.problem
    )


def _names(question: str, project: Project) -> Names:
    roles, failures = project.roles, project.reports.failures
    requests, latency = roles.requests, roles.latency
    timed: Names = {"route": latency.route if latency else None}
    asked: Names = {"route": requests.route if requests else None}
    called: Mapping[str, Names] = {
        "latency": timed,
        "slow": timed,
        "requests": timed if latency and latency.times_all else asked,
        "failing": {**asked, "status": requests.status if requests else None},
        "accuracy": {"slice": roles.accuracy.slice if roles.accuracy else None},
        "cache": {"tier": roles.cache.label if roles.cache else None},
        "processes": {"version": roles.version.label if roles.version else None},
        "failures": {"component": failures.part, "reason": failures.reason} if failures else {},
    }
    return called.get(question, {})


_WITHOUT: Mapping[str, str] = {"route": ALL_ROUTES, "slice": ALL_SLICES, "tier": "cache"}
"""What stands for a label that the metric lacks."""


def _series(one: Series, called: Names, second: float, whole: str | None) -> Series:
    labels = dict(one.labels)
    for name, known in called.items():
        value = labels.pop(known, "") if known else _WITHOUT.get(name, "")
        if value:
            labels[name] = ALL_SLICES if (name, value) == ("slice", whole) else value
    if second != 1 and "le" in labels:
        labels["le"] = f"{float(labels['le']) / second:.10g}"
    return replace(one, labels=labels)
