"""Ask a target for its own word: its health, and its counts of requests."""

import httpx2

from kit.edge.target import Access
from synthetic.load.crosscheck import METRICS_PATH, Counts, counts_in
from synthetic.load.health import HEALTH_PATH, Health, health_in


def read_health(url: str, *, access: Access, timeout_s: float = 5.0) -> Health | None:
    """Return what the target says of itself, None when it has no such page."""
    try:
        with access.client(url, timeout_s=timeout_s) as client:
            content = client.get(HEALTH_PATH).json()
    except (httpx2.HTTPError, ValueError):
        return None
    return health_in(content)


def read_counts(url: str, *, access: Access, timeout_s: float = 5.0) -> Counts | str:
    """Return the service's own counts, or why they cannot be had."""
    try:
        with access.client(url, timeout_s=timeout_s) as client:
            answer = client.get(METRICS_PATH)
    except httpx2.HTTPError as err:
        return f"{METRICS_PATH} cannot be read: {err}"
    if answer.status_code != httpx2.codes.OK:
        return f"{METRICS_PATH} answers {answer.status_code}"
    try:
        return counts_in(answer.text)
    except ValueError as err:
        return f"{METRICS_PATH} is not in Prometheus's format: {err}"
