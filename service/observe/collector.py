"""Sending traces to a collector: OTLP over HTTP, through OpenTelemetry's own exporter.

The SDK is loaded when a collector is named: it costs 0.2 s of processor time and 11 MiB of each
worker. None of its pipeline is used, since what is sent was chosen and collected before.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from service.observe.conventions import Span, Value
from service.observe.current import TRACE_DIGITS
from service.observe.otlp_json import SCOPE

TIMEOUT_S: Final = 3.0
_SAMPLED: Final = 1


class Collector:
    """A collector by the address that takes spans, such as http://collector:4318/v1/traces."""

    def __init__(self, url: str, headers: Mapping[str, str], resource: Mapping[str, Value]) -> None:
        # ruff: noqa: PLC0415 -- the module's docstring says why
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace.export import SpanExportResult
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope

        self._exporter = OTLPSpanExporter(endpoint=url, headers=headers, timeout=TIMEOUT_S)
        self._resource = Resource(dict(resource))
        self._scope, self._success = InstrumentationScope(SCOPE), SpanExportResult.SUCCESS

    def send(self, spans: Sequence[Span]) -> bool:
        """Send spans within some seconds; return whether the collector took them."""
        try:
            return self._exporter.export([self._sdk_span(s) for s in spans]) is self._success
        except Exception:  # noqa: BLE001 - whatever a collector answers, it only did not take them
            return False

    def close(self) -> None:
        """End an attempt that waits before its next try."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # of the library's

    def _sdk_span(self, span: Span) -> Any:  # Any: the library's, which is loaded when it is used
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.trace import Link, SpanKind, Status, StatusCode
        from opentelemetry.trace.span import SpanContext, TraceFlags, TraceState

        def context(trace_id: str, span_id: str, *, is_remote: bool) -> SpanContext:
            state = TraceState.from_header([span.state]) if span.state else None
            flags = TraceFlags(_SAMPLED)
            ids = int(trace_id, 16), int(span_id, 16)
            return SpanContext(*ids, is_remote=is_remote, trace_flags=flags, trace_state=state)

        parent, link = span.parent_id, span.link
        return ReadableSpan(
            span.name,
            context=context(span.trace_id, span.span_id, is_remote=False),
            parent=context(span.trace_id, parent, is_remote=True) if parent else None,
            resource=self._resource,
            attributes=dict(span.attributes),
            links=(
                [Link(context(link[:TRACE_DIGITS], link[TRACE_DIGITS:], is_remote=False))]
                if link
                else []
            ),
            kind=SpanKind(span.kind - 1),  # the protocol counts from 1
            instrumentation_scope=self._scope,
            status=Status(StatusCode.ERROR if span.is_error else StatusCode.UNSET),
            start_time=span.start_ns,
            end_time=span.end_ns,
        )
