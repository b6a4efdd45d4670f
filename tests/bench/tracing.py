"""What traces add to a request: ours, and OpenTelemetry's instrumentation, same exporter."""

import contextlib
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased

from service.observe.collector import Collector
from service.observe.outbox import Outbox, resource_of
from service.observe.tail import Rules
from service.observe.traces_log import TracesLog
from tests.bench.observing import Cost, observed
from tests.bench.service_apps import bare
from tests.support.otlp_receiver import receiver

_RESOURCE = resource_of("api", "1.0.0", "abc")
_ANY_NUMBER = 1e9


def costs_of_tails(folder: Path, url: str) -> dict[str, Cost]:
    """Return what measures requests where the slowest 1 % are kept."""
    tail = Rules(sample=0.0, per_second=_ANY_NUMBER)  # the p99 of the route keeps 1 to 2 %
    file = _outbox(None, TracesLog(folder / "traces"))
    return {
        "ours, the tail into the file": observed(folder / "a", tail, file),
        "ours, the tail to a collector": observed(folder / "b", tail, _outbox(url, None)),
    }


def costs_of_all(folder: Path, url: str) -> dict[str, Cost]:
    """Return the same where all are kept, and of OpenTelemetry's instrumentation."""
    everything = Rules(sample=1.0, per_second=_ANY_NUMBER)
    return {
        "ours, all to a collector": observed(folder / "c", everything, _outbox(url, None)),
        "theirs, 1 % to a collector": _instrumented(url, 0.01),
        "theirs, all to a collector": _instrumented(url, 1.0),
    }


def _outbox(url: str | None, file: TracesLog | None) -> Outbox:
    collector = Collector(url, {}, _RESOURCE) if url else None
    return Outbox(_RESOURCE, collector=collector, file=file, on_drop=lambda *_: None)


def _instrumented(url: str, share: float) -> Cost:
    app = bare()
    provider = TracerProvider(sampler=TraceIdRatioBased(share), resource=Resource({"a": "b"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider)

    def flush() -> None:
        provider.force_flush()

    return Cost(app, flush)


@contextlib.contextmanager
def collecting() -> Iterator[str]:
    """Give the address of a collector in a process of its own, whose time is nobody's here."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_collect, args=(theirs,))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        process.join(10)


def _collect(ending: Connection) -> None:
    with receiver() as found:
        ending.send(found.url)
        ending.recv()
