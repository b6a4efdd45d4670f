"""What the name of a metric tells where neither a catalogue nor a server says more."""

import re
from typing import Final

from alerts.checks.subject import Around
from slo.catalogue import Kind

_COUNTERS: Final = re.compile(
    r"(_total|_bucket|_(seconds|bytes|duration|latency|size|milliseconds|ms)_(sum|count))$"
)
_GAUGES: Final = re.compile(
    r"^(up|probe_success|go_goroutines|go_threads|node_load(1|5|15)|node_memory_\w+_bytes"
    r"|node_filesystem_(avail|free|size)_bytes|process_open_fds|process_max_fds)$"
    r"|_(ratio|percent|percentage|celsius|info|timestamp_seconds|usage_bytes|working_set_bytes"
    r"|resident_memory_bytes|limit_bytes|avail_bytes|free_bytes|size_bytes|available_bytes"
    r"|in_progress|inflight|in_flight|inflight_requests|goroutines|queue_length|queue_size"
    r"|queue_depth|replicas|replicas_available|temperature|utilization|utilisation|inprogress"
    r"|up|lag_seconds|backlog)$"
)
RECORDED_RATE: Final = re.compile(r":i?rate\d*[a-z]*$")
"""A recorded series is named level:metric:operations, the newest operation first or last."""


def is_counter(name: str, around: Around) -> bool:
    """Say whether a series only ever grows, as a catalogue, a server or else its name tells."""
    if around.is_there(name) or ":" in name:
        return False
    known = around.kind(name)
    return known is not Kind.GAUGE if known is not None else bool(_COUNTERS.search(name))


def is_gauge(name: str, around: Around) -> tuple[bool, bool]:
    """Return whether a series is a gauge, and whether that is known and not guessed."""
    if around.is_there(name) or ":" in name:
        return False, False
    known = around.kind(name)
    if known is not None:
        return known is Kind.GAUGE, True
    return bool(_GAUGES.search(name)) and not _COUNTERS.search(name), False
