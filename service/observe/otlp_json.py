"""Traces as lines of OTLP JSON: what a collector's file receiver, and `sre trace`, read.

https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/: each line is one
ExportTraceServiceRequest; ids are hexadecimal, 64-bit integers are text.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson

from service.json_values import JsonObject
from service.observe.conventions import Span, Value
from service.observe.current import TRACE_DIGITS

SCOPE: Final = "service.observe"
_ERROR: Final = 2


def line_of(resource: Mapping[str, Value], spans: Sequence[Span]) -> bytes:
    """Return the line of one trace, its end of line included."""
    document = {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes(resource)},
                "scopeSpans": [{"scope": {"name": SCOPE}, "spans": [_span(s) for s in spans]}],
            }
        ]
    }
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


def _span(span: Span) -> JsonObject:
    shown: JsonObject = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(span.end_ns),
        "attributes": _attributes(span.attributes),
        "status": {"code": _ERROR} if span.is_error else {},
    }
    if span.parent_id:
        shown["parentSpanId"] = span.parent_id
    if span.state:
        shown["traceState"] = span.state
    if span.link:
        trace_id, span_id = span.link[:TRACE_DIGITS], span.link[TRACE_DIGITS:]
        shown["links"] = [{"traceId": trace_id, "spanId": span_id}]
    return shown


def _attributes(values: Mapping[str, Value]) -> list[JsonObject]:
    return [{"key": name, "value": _value(value)} for name, value in values.items()]


def _value(value: Value) -> JsonObject:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, tuple):
        return {"arrayValue": {"values": [_value(each) for each in value]}}
    return {"stringValue": value}
