"""Measure the accuracy of a live service on a schedule, beside the prober's journeys."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from prometheus_client import CollectorRegistry

from kit.pure.errors import HarnessError
from kit.pure.words import counted
from slo.project.project import Project
from synthetic.edge.golden.parser import HttpParser, Parser
from synthetic.edge.golden.runs import ask_all
from synthetic.golden.case import Case
from synthetic.golden.publishing import AccuracyMetrics

Tell = Callable[[str], None]


@contextlib.contextmanager
def accuracy_probe(
    cases: Sequence[Case],
    url: str,
    project: Project,
    registry: CollectorRegistry,
    *,
    every_s: float,
    tell: Tell,
) -> Iterator[None]:
    """Ask the golden set every `every_s` seconds while the block lasts; 0 asks never.

    `tell` gets one line a run. A service that does not answer leaves the last figures. Two
    are asked at a time, gently.
    """
    if every_s <= 0 or project.roles.accuracy is None:
        yield
        return
    metrics = AccuracyMetrics(registry, project.roles.accuracy)
    parser, stop = HttpParser(url, workers=2, ready_path=project.answers_at), threading.Event()
    thread = threading.Thread(
        target=_measure_for_ever, args=(cases, parser, metrics, every_s, tell, stop), daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()


def _measure_for_ever(
    cases: Sequence[Case],
    parser: Parser,
    metrics: AccuracyMetrics,
    every_s: float,
    tell: Tell,
    stop: threading.Event,
) -> None:
    while not stop.is_set():
        began = time.monotonic()
        tell(measure(cases, parser, metrics))
        stop.wait(max(0.0, every_s - (time.monotonic() - began)))


def measure(cases: Sequence[Case], parser: Parser, metrics: AccuracyMetrics) -> str:
    """Measure once, publish, and return the result in one line."""
    try:
        run = ask_all(cases, parser)
    except HarnessError as err:
        return f"accuracy not measured: {err}"
    if metrics.take(run, at_s=time.time()):
        return f"accuracy {run.right / run.total:.1%} of {counted(run.total, 'case')}"
    asked = counted(run.total, "case")
    return f"accuracy not measured: {len(run.unanswered):,} of {asked} got no answer"
