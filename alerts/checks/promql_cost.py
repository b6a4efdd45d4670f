"""promql/cost: what is read over days is read from recorded series."""

from collections.abc import Iterator
from typing import Final

import promql_parser as promql

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from slo.series import nodes

NAME: Final = "promql/cost"
_LONG_S: Final = 6 * 3600
_FEW: Final = frozenset({"up", "probe_success", "parsing_accuracy_ratio"})
"""Metrics of a handful of series, which cost nothing over a day."""


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield long windows over raw series of many labels."""
    for node in nodes(subject.tree):
        if isinstance(node, promql.MatrixSelector):
            name = node.vector_selector.name or ""
            raw = name in around.metrics and name not in _FEW
            if raw and node.range.total_seconds() > _LONG_S:
                yield subject.problem(
                    NAME, f"reads {node.range.total_seconds() / 3600:g} h of raw series",
                    "record a short rate and read that", fragment=str(node.prettify()),
                    level=Level.WARNING,
                )  # fmt: skip
