"""What `sre trace --json` prints."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from traces.owntime import kind_of, own_ms
from traces.slow import Row, Share, Slow
from traces.span import Span, Trace
from traces.telling import began, finding, in_order


def listed(traces: Sequence[Trace], found: int, notes: Sequence[str]) -> dict[str, Any]:
    """Return the answer of `sre trace list`."""
    return {
        "schema": "calendar-sre/trace-list/v1",
        "found": found,
        "traces": [_about(trace) for trace in traces],
        "notes": [*notes],
    }


def of_trace(trace: Trace, notes: Sequence[str], page: Path | None) -> dict[str, Any]:
    """Return the answer of `sre trace show`."""
    own = own_ms(trace)
    return {
        "schema": "calendar-sre/trace-show/v1",
        **_about(trace),
        "spans": [_span(span, trace, own[span.span_id]) for span in in_order(trace)],
        "page": None if page is None else str(page),
        "notes": [*notes],
    }


def of_slow(found: Slow, since: datetime, until: datetime, notes: Sequence[str]) -> dict[str, Any]:
    """Return the answer of `sre trace slow`."""
    return {
        "schema": "calendar-sre/trace-slow/v1",
        "since": _time(since),
        "until": _time(until),
        "requests": found.requests,
        "requests_before": found.before,
        "findings": [
            {
                "route": each.route,
                "requests": each.requests,
                "excess_ms": each.excess_ms,
                "kind": each.kind,
                "share": _share(each.share),
                "compared": each.compared,
                "version": each.version,
                "since_version": each.since,
                "text": finding(each),
            }
            for each in found.findings
        ],
        **{f"by_{view}": [_row(row) for row in rows] for view, rows in found.views.items()},
        "notes": [*notes],
    }


def _about(trace: Trace) -> dict[str, Any]:
    root = trace.root
    status = trace.status
    return {
        "trace_id": trace.id,
        "request_id": trace.request_id,
        "began": began(trace),
        "duration_ms": root.ms,
        "route": trace.route,
        "status": int(status) if status.isdecimal() else None,
        "failed": root.is_error,
        "kept": trace.why,
        "service": root.service,
        "version": root.version,
        "instance": root.instance,
    }


def _span(span: Span, trace: Trace, own: float) -> dict[str, Any]:
    return {
        "span_id": span.span_id,
        "parent_id": span.parent_id,
        "name": span.name,
        "part": kind_of(span, trace),
        "start_ms": (span.start_ns - trace.root.start_ns) / 1e6,
        "duration_ms": span.ms,
        "own_ms": own,
        "failed": span.is_error,
        "attributes": {
            name: [*value] if isinstance(value, tuple) else value
            for name, value in span.attributes.items()
        },
    }


def _share(share: Share) -> dict[str, Any]:
    return {"value": share.value, "low": share.low, "high": share.high}


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "requests": row.requests,
        "ms": row.ms,
        "share": _share(row.share),
        "share_before": row.before,
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
