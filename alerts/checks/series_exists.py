"""series/exists: every metric, label and value that a rule reads is there."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.checks.live import Live
from alerts.checks.problem import Level, Problem
from alerts.checks.promql_regexp import lets_through
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Matcher, Node
from kit.pure.fields import closest
from slo.catalogue import TARGET_LABELS, Kind, catalogue_advice

NAME: Final = "series/exists"
_BUILT_IN: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
# What Prometheus itself records of every target of every job.
OF_SCRAPES: Final = frozenset(
    {"up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added",
     "scrape_samples_post_metric_relabeling"}
)  # fmt: skip
_ABSENCE: Final = frozenset({"absent", "absent_over_time"})
_STATUS: Final = re.compile(r"[1-5]\d\d")


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield selectors of series that nothing exposes and no rule records.

    Without a catalogue and a server nobody can tell. What a rule asks to be absent may be.
    """
    if around.metrics is None and around.live is None:
        return
    for node in subject.vectors():
        known = around.live is not None and node.name in around.live.metrics
        of_scrapes = known and node.name in OF_SCRAPES
        built_in = node.name in _there(around) and not of_scrapes
        if not node.name or built_in or around.is_there(node.name):
            continue
        if known and around.live is not None and (around.metrics or {}).get(node.name) is None:
            yield from _live(subject, around.live, node)
        elif around.metrics is not None and node.name in around.metrics:
            yield from _labels(subject, around, node)
            if known and around.live is not None:
                yield from _live(subject, around.live, node)
        elif not known and not _is_for_absence(node):
            names = [*(around.metrics or ()), *(around.live.metrics if around.live else ())]
            yield subject.problem(
                NAME, "nothing exposes this metric", _advice(node.name, names, around),
                fragment=node.name,
            )  # fmt: skip


def _there(around: Around) -> frozenset[str]:
    known = around.metrics is not None and "up" in around.metrics
    return _BUILT_IN if known else _BUILT_IN | OF_SCRAPES


def _is_for_absence(node: Node) -> bool:
    above = node.up
    while above is not None:
        if above.kind == "call" and above.name in _ABSENCE:
            return True
        above = above.up
    return False


def _advice(metric: str, known: list[str], around: Around) -> str:
    if around.metrics is None:
        return closest(metric, known) if len(known) <= _FEW else _nearest(metric, known)
    declare = catalogue_advice(metric, known, around.catalogue)
    return f"{declare}; if a server has it, name that: --prometheus URL"


_FEW: Final = 10


def _nearest(metric: str, known: list[str]) -> str:
    found = closest(metric, known)
    return found if found.startswith("did") else "is it scraped, and is the name right?"


def _live(subject: Subject, live: Live, node: Node) -> Iterator[Problem]:
    """Yield matchers that leave nothing of what the server has."""
    if node.name not in live.series or _is_for_absence(node):
        return
    labels = live.labels(node.name)
    if not live.series[node.name]:
        yield subject.problem(
            NAME, "the server has had no series of this metric for hours",
            "is it still exposed?", fragment=node.name, level=Level.WARNING,
        )  # fmt: skip
        return
    for matcher in node.matchers:
        label, op, value = matcher
        shown = f'{label}{op}"{value}"'
        if label not in labels:
            if not lets_through(matcher, ""):
                yield subject.problem(
                    NAME, f"{node.name} has no label {label!r} on the server",
                    closest(label, labels), fragment=shown,
                )  # fmt: skip
            continue
        values = live.values(node.name, label)
        if label == "le" and op == "=":
            yield from _bucket(subject, node, value, values, shown)
        elif not any(lets_through(matcher, each) for each in {*values, ""}) and not _may_come(
            matcher, values
        ):
            yield subject.problem(
                NAME, f"no series of {node.name} has such a value of {label} on the server",
                _of_values(value, op, values), fragment=shown, level=Level.WARNING,
            )  # fmt: skip


def _bucket(
    subject: Subject, node: Node, value: str, values: frozenset[str], shown: str
) -> Iterator[Problem]:
    if value in values:
        return
    same = [each for each in values if _number(each) == _number(value) is not None]
    if same:
        yield subject.problem(
            NAME, f"{node.name} writes this edge as {same[0]}", f'write le="{same[0]}", or'
            f' le=~"{value}|{same[0]}" for both', fragment=shown,
        )  # fmt: skip
        return
    edges = sorted(values, key=lambda each: _number(each) or 0.0)
    yield subject.problem(
        NAME, f"{node.name} has no bucket that ends there", f"use one of: {', '.join(edges)}",
        fragment=shown,
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _may_come(matcher: Matcher, values: frozenset[str]) -> bool:
    """Say whether a value is only not there yet: a status that no request has had so far."""
    if not values or not all(_STATUS.fullmatch(each) for each in values):
        return False
    return matcher[1] in {"=", "=~"} and any(
        lets_through(matcher, str(status)) for status in range(100, 600)
    )


def _of_values(value: str, op: str, values: frozenset[str]) -> str:
    if op == "=":
        return closest(value, values)
    return f"it has: {', '.join(sorted(values)[:_FEW])}"


def _labels(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    metric = (around.metrics or {})[node.name]
    labels = metric.labels | TARGET_LABELS
    if metric.kind is Kind.HISTOGRAM:
        labels |= {"le"}
    for label, operator, value in node.matchers:
        if label not in labels:
            yield subject.problem(
                NAME, f"{node.name} has no label {label!r}", closest(label, labels),
                fragment=f'{label}{operator}"{value}"',
            )  # fmt: skip
        elif label == "job" and operator == "=" and metric.jobs and value not in metric.jobs:
            yield subject.problem(
                NAME, f"{node.name} is not of this job", closest(value, metric.jobs),
                fragment=f'job="{value}"', level=Level.WARNING,
            )  # fmt: skip
