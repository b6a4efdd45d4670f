"""What the name of a metric tells where neither a catalogue nor a server says more."""

import re
from typing import Final

from alerts.checks.subject import Around
from slo.catalogue import Kind

_COUNTERS: Final = re.compile(
    r"(_total|_bucket|_(seconds|bytes|duration|latency|size|milliseconds|ms)_(sum|count))$"
)
_OF_EXPORTERS: Final = re.compile(
    r"^(nginx_ingress_controller_requests"
    r"|pg_stat_database_(xact_(commit|rollback)|deadlocks|conflicts|blks_(hit|read)|temp_\w+|tup_\w+)"
    r"|mysql_global_status_(queries|questions|slow_queries|connections|aborted_\w+|bytes_\w+)"
    r"|node_vmstat_(pgfault|pgmajfault|pgpgin|pgpgout|pswpin|pswpout|oom_kill)"
    r"|node_netstat_\w+_(In|Out)\w+)$"
)
"""Counters of exporters in wide use whose names do not say so."""
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
    if known is not None:
        return known is not Kind.GAUGE
    return bool(_COUNTERS.search(name) or _OF_EXPORTERS.search(name))


def is_gauge(name: str, around: Around) -> tuple[bool, bool]:
    """Return whether a series is a gauge, and whether that is known and not guessed."""
    if around.is_there(name) or ":" in name:
        return False, False
    known = around.kind(name)
    if known is not None:
        return known is Kind.GAUGE, True
    return bool(_GAUGES.search(name)) and not _COUNTERS.search(name), False
