"""Projects of other services that bind every role they can: nothing of them is known to us."""

from pathlib import Path
from typing import Final

from tests.support.other_projects import ORDERS, STOCK, slo, written

_MORE: Final = """
[metrics.cache]
hits = "basket_cache_hits_total"
misses = "basket_cache_misses_total"
[metrics.prober]
job = "orders-walks"
[[metrics.dependency]]
name = "PostgreSQL"
up = "pg_up"
[[metrics.saturation]]
name = "memory"
used = "process_resident_memory_bytes"
limit = 500000000
"""


def orders(folder: Path) -> Path:
    """Write a service of prometheus-client, with routes in `handler`; return its project file."""
    labels = 'labels = {team = "payments", tier = "1"}'
    text = ORDERS.replace('uncounted = ["/metrics"]', labels).replace(
        "[metrics.requests]",
        '[metrics]\nstarted = "process_start_time_seconds"\n[metrics.requests]',
    )
    text = text.replace("[metrics.latency]", "[metrics.latency]\nearly = 0.1") + _MORE
    counter, histogram = "http_requests_total", "http_request_duration_seconds"
    return _project(folder, text, "orders", counter, histogram, "code", "0.3")


def stock(folder: Path) -> Path:
    """Write a service of OpenTelemetry, without a label of routes; return its project file."""
    histogram, status = "http_server_request_duration_seconds", "http_response_status_code"
    return _project(folder, STOCK, "stock", f"{histogram}_count", histogram, status, "2.0")


def _project(
    folder: Path, text: str, service: str, counter: str, histogram: str, status: str, edge: str
) -> Path:
    own = f'job="{service}"'
    requests, timed = f"{counter}{{{own}}}", f"{histogram}_count{{{own}}}"
    failed = f'{counter}{{{own},{status}=~"5.."}}'
    within = f'{histogram}_bucket{{{own},le="{edge}"}}'
    return written(
        folder / service,
        text,
        slo("availability", service, total=requests, bad=failed, target=0.999, team="checkout"),
        slo("speed", service, total=timed, good=within, target=0.95, team="checkout"),
    )
