"""Reading OTLP JSON: a line each ExportTraceServiceRequest, as collectors write and read files.

https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: ids are hexadecimal there, 64-bit
integers text or numbers, unknown fields are passed over.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from kit.pure.json_values import JsonMapping
from traces.span import UNKNOWN, Attribute, Span

_TRACE: Final = re.compile(r"[0-9a-f]{32}")
_SPAN: Final = re.compile(r"[0-9a-f]{16}")
_ERROR: Final = (2, "STATUS_CODE_ERROR")
_KINDS: Final = {
    f"SPAN_KIND_{name}": number
    for number, name in enumerate(
        ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
    )
}
_LARGEST_NS: Final = 1 << 63


def spans_in(line: bytes | str) -> list[Span]:
    """Return the spans of one line; raises ValueError when it is not one, or not whole."""
    document = orjson.loads(line)
    try:
        return [span for resource in document["resourceSpans"] for span in _spans(resource)]
    except (KeyError, TypeError, AttributeError, OverflowError) as err:
        raise ValueError(f"no trace in OTLP JSON: {err!r}") from err


def _spans(resource: JsonMapping) -> Iterator[Span]:
    about = _attributes(resource.get("resource", {}).get("attributes", ()))
    names = ("service.name", "service.version", "service.instance.id")
    service, version, instance = (str(about.get(name, UNKNOWN)) for name in names)
    for scope in resource.get("scopeSpans", ()):
        for each in scope.get("spans", ()):
            yield _span(each, service, version, instance)


def _span(each: JsonMapping, service: str, version: str, instance: str) -> Span:
    start, end = int(each["startTimeUnixNano"]), int(each["endTimeUnixNano"])
    if not 0 <= start <= end < _LARGEST_NS:
        raise ValueError(f"a span from {start} to {end}")
    kind = each.get("kind", 0)
    return Span(
        trace_id=_id(each["traceId"], _TRACE),
        span_id=_id(each["spanId"], _SPAN),
        parent_id=_id(each["parentSpanId"], _SPAN) if each.get("parentSpanId") else "",
        name=str(each.get("name", "")),
        kind=_KINDS.get(kind, 0) if isinstance(kind, str) else int(kind),
        start_ns=start,
        end_ns=end,
        attributes=_attributes(each.get("attributes", ())),
        is_error=(each.get("status") or {}).get("code") in _ERROR,
        service=service,
        version=version,
        instance=instance,
    )


def _id(text: str, form: re.Pattern[str]) -> str:
    lower = text.lower()
    if not form.fullmatch(lower):
        raise ValueError(f"the id {text[:40]!r}")
    return lower


def _attributes(pairs: Iterable[JsonMapping]) -> dict[str, Attribute]:
    return {str(pair["key"]): _value(pair.get("value") or {}) for pair in pairs}


def _value(value: JsonMapping) -> Attribute:
    for kind, found in value.items():
        if kind == "arrayValue":
            return tuple(_value(each) for each in found.get("values", ()))
        if kind == "intValue":
            return int(found)
        if isinstance(found, str | int | float | bool):
            return found
    return ""
