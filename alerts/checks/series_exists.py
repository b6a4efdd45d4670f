"""series/exists: every metric and label that a rule reads is there."""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Strange, Subject
from kit.pure.fields import closest
from slo.catalogue import TARGET_LABELS, Kind, catalogue_advice
from slo.series import Selector, selectors

NAME: Final = "series/exists"
_BUILT_IN: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
# What Prometheus itself records of every target of every job.
_OF_SCRAPES: Final = frozenset(
    {"up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added",
     "scrape_samples_post_metric_relabeling"}
)  # fmt: skip
_A_SLIP: Final = 0.95
"""How alike a name is to one that is known when it is surely meant to be that."""
_FEW: Final = 5


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield selectors of series that nothing exposes and no rule records.

    Rules of another service are about metrics that only a server knows: when none is asked, that
    is said once a file.
    """
    strange = around.strange.get(subject.file, Strange())
    if strange.first == (subject.line, subject.expr):
        more = ", …" if len(strange.metrics) > _FEW else ""
        shown = ", ".join(strange.metrics[:_FEW]) + more
        yield subject.problem(
            NAME, _whose(around) + ", and no server was asked whether it has these",
            "name a server that has them: --prometheus URL", fragment=shown, level=Level.WARNING,
        )  # fmt: skip
    for selector in selectors(subject.expr):
        if selector.metric in _there(around) or selector.metric in strange.metrics:
            continue
        if around.live is not None and selector.metric in around.live and around.pages is None:
            yield from _live_labels(subject, around.live[selector.metric], selector)
        elif selector.metric in around.metrics:
            if not strange.mostly:
                yield from _labels(subject, around, selector)
        elif selector.metric not in (around.live or ()):
            known = [*around.metrics, *(around.live or ()), *around.recorded]
            yield subject.problem(
                NAME, "nothing exposes this metric", _advice(selector.metric, known),
                fragment=selector.metric,
            )  # fmt: skip


def _whose(around: Around) -> str:
    return f"not of {around.service}" if around.catalogued else "in no catalogue of metrics"


def _there(around: Around) -> frozenset[str]:
    of_scrapes = around.pages is None or not around.catalogued or "up" not in around.metrics
    return around.recorded | _BUILT_IN | (_OF_SCRAPES if of_scrapes else frozenset())


def strange_metrics(around: Around) -> dict[str, Strange]:
    """Return by file the metrics of rules about another service.

    Nobody can tell of those without a server. A rule is about another service when it says so by
    its label, or when most of its file is; a name that is nearly one of ours is a slip.
    """
    if around.live is not None or (around.pages is not None and around.catalogued):
        return {}
    found = {}
    for file in dict.fromkeys(each.file for each in around.rules):
        rules = [each for each in around.rules if each.file == file and each.tree is not None]
        read = _metrics_of(rules, around)
        others = [name for name in read if name not in around.metrics]
        mostly = 2 * len(others) >= len(read)
        if not mostly:
            theirs = (each for each in rules if _is_of_others(each, around))
            labelled = _metrics_of(theirs, around)
            others = [name for name in labelled if name not in around.metrics]
        names = tuple(name for name in others if not _is_slip(name, around.metrics))
        if names:
            found[file] = Strange(names, read[names[0]], mostly)
    return found


def _metrics_of(rules: Iterable[Subject], around: Around) -> dict[str, tuple[int, str]]:
    """Return the raw metrics that rules read, each with line and text of the first to do so."""
    found: dict[str, tuple[int, str]] = {}
    for each in rules:
        for selector in selectors(each.expr):
            if selector.metric not in _there(around):
                found.setdefault(selector.metric, (each.line, each.expr))
    return found


def _is_of_others(subject: Subject, around: Around) -> bool:
    labels = subject.body.get("labels") or {}
    return bool(labels.get("service", around.service) != around.service)


def _is_slip(name: str, known: Iterable[str]) -> bool:
    return bool(difflib.get_close_matches(name, known, n=1, cutoff=_A_SLIP))


def _advice(metric: str, known: Iterable[str]) -> str:
    return f"{catalogue_advice(metric, known)}; if a server has it, name that: --prometheus URL"


def _live_labels(subject: Subject, labels: frozenset[str], selector: Selector) -> Iterator[Problem]:
    for label, operator, value in selector.matchers:
        if label not in labels and _demands(operator, value):
            yield subject.problem(
                NAME, f"{selector.metric} has no label {label!r} on the server",
                closest(label, labels), fragment=f'{label}{operator}"{value}"',
            )  # fmt: skip


def _demands(operator: str, value: str) -> bool:
    """Say whether a series without the label is left out; what is no regex here is let be."""
    if operator == "=":
        return bool(value)
    if operator == "!=":
        return not value
    try:
        matches = re.fullmatch(value, "") is not None
    except re.error:
        return False
    return matches is (operator == "!~")


def _labels(subject: Subject, around: Around, selector: Selector) -> Iterator[Problem]:
    metric = around.metrics[selector.metric]
    labels = metric.labels | TARGET_LABELS
    if metric.kind is Kind.HISTOGRAM:
        labels |= {"le"}
    for label, operator, value in selector.matchers:
        if label not in labels:
            yield subject.problem(
                NAME, f"{selector.metric} has no label {label!r}", closest(label, labels),
                fragment=f'{label}{operator}"{value}"',
            )  # fmt: skip
        elif label == "job" and operator == "=" and metric.jobs and value not in metric.jobs:
            yield subject.problem(
                NAME, f"{selector.metric} is not of this job", closest(value, metric.jobs),
                fragment=f'job="{value}"', level=Level.WARNING,
            )  # fmt: skip
