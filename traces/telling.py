"""Traces in words: a waterfall, a list, and what made requests slow."""

from datetime import UTC, datetime
from typing import Final

from kit.pure.words import counted, milliseconds, percent
from traces.owntime import kind_of, own_ms
from traces.slow import Finding, Share
from traces.span import Span, Trace

_BAR: Final = 32
_FULL: Final = "█"
_PARTS: Final = "▏▎▍▌▋▊▉"
_SPACE: Final = " "


def began(trace: Trace) -> str:
    """Return when a trace began, in UTC, to the millisecond."""
    at = datetime.fromtimestamp(trace.root.start_ns / 1e9, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def share(found: Share) -> str:
    """Return a share and its interval."""
    if found.low is None or found.high is None:
        return percent(found.value, 0)
    return f"{percent(found.value, 0)} ({found.low * 100:.0f} to {percent(found.high, 0)})"


def finding(found: Finding) -> str:
    """Return in one line what made a route slow."""
    of = "excess" if found.compared else "time"
    release = f"{'since' if found.since else 'in'} {found.version}"
    beside = "" if found.compared else "; nothing was kept before to compare with"
    return (
        f"slow {found.route}: {share(found.share)} of the {of} in {found.kind}, {release} "
        f"({counted(found.requests, 'request')}, {milliseconds(found.excess_ms)} "
        f"{'more' if found.compared else ''} each{beside})".replace("  ", " ")
    )


def depths(trace: Trace) -> dict[str, int]:
    """Return how deep each span lies below the root, by its id."""
    parents = {span.span_id: span.parent_id for span in trace.spans}
    found = {}
    for span_id in parents:
        depth, at, seen = 0, span_id, {span_id}
        while at != trace.root.span_id and parents.get(at) in parents:
            at = parents[at]
            if at in seen:
                break
            seen.add(at)
            depth += 1
        found[span_id] = depth
    return found


def in_order(trace: Trace) -> list[Span]:
    """Return the spans as a waterfall shows them: each below its parent, in order of begin."""
    below: dict[str, list[Span]] = {}
    for span in trace.spans:
        if span is not trace.root:
            below.setdefault(span.parent_id, []).append(span)
    found, waiting = [], [trace.root]
    while waiting:
        span = waiting.pop()
        found.append(span)
        children = sorted(below.get(span.span_id, ()), key=lambda s: (s.start_ns, s.span_id))
        waiting += reversed(children)
    return found


def bar(span: Span, trace: Trace, width: int = _BAR) -> str:
    """Return where in the trace a span lies, as a row of blocks."""
    whole = max(trace.root.end_ns - trace.root.start_ns, 1)
    first = min(max((span.start_ns - trace.root.start_ns) / whole * width, 0.0), width - 0.125)
    last = min(max((span.end_ns - trace.root.start_ns) / whole * width, first), float(width))
    begin = int(first)
    eighths = max(round((last - begin) * 8), 1)
    blocks = _FULL * (eighths // 8) + (_PARTS[eighths % 8 - 1] if eighths % 8 else "")
    return (_SPACE * begin + blocks)[:width].ljust(width)


def waterfall(trace: Trace) -> list[str]:
    """Return a trace as lines: what ran inside what, when, how long, and its own part of it."""
    root, own, deep = trace.root, own_ms(trace), depths(trace)
    status = f" {trace.status}" if trace.status else ""
    why = f", kept because it was {trace.why}" if trace.why else ""
    lines = [
        f"{trace.route}{status} in {milliseconds(root.ms)} at {began(trace)}{why}",
        f"trace {trace.id}" + (f", request {trace.request_id}" if trace.request_id else ""),
        f"{root.service} {root.version} on {root.instance}",
        "",
    ]
    spans = in_order(trace)
    names = [_SPACE * 2 * deep[span.span_id] + span.name for span in spans]
    wide = min(max(map(len, names)), 44)
    lines.append(f"{'span':<{wide}}  {'took':>8} {'own':>8}  0{_SPACE * (_BAR - 1)}")
    for span, name in zip(spans, names, strict=True):
        error = f"  {span.text('error.type') or 'error'}" if span.is_error else ""
        lines.append(
            f"{name[:wide]:<{wide}}  {milliseconds(span.ms):>8} "
            f"{milliseconds(own[span.span_id]):>8}  {bar(span, trace)}{error}".rstrip()
        )
    if dropped := root.text("sre.spans_dropped"):
        lines.append(f"and {dropped} spans more, of which only their number is known")
    return lines


def kinds(trace: Trace) -> list[tuple[str, float]]:
    """Return what the time went into, in milliseconds, the most first."""
    own: dict[str, float] = {}
    for span in trace.spans:
        kind = kind_of(span, trace)
        own[kind] = own.get(kind, 0.0) + own_ms(trace)[span.span_id]
    return sorted(own.items(), key=lambda each: -each[1])
