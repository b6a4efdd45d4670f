"""The handles through which the service counts what `metrics.yaml` declares.

All series exist at 0 from the start, because a series that is born with its first error loses
that error for `increase()`.
"""

import math
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from service.observe.declared import CELLS, closed, declared
from service.observe.exemplars import Exemplars
from service.observe.metrics import Count, Gauge, Histogram, Metric, Sheet, every

ACTIVE_USER_WINDOW_S: Final = 300.0
_USER_SLOTS: Final = 4096

REQUESTS: Final = "http_requests_total"
DURATIONS: Final = "http_request_duration_seconds"
GIVEN: Final = "events_given_total"
FAILURES: Final = "component_failures_total"
ACTIVE_USERS: Final = "active_users"


def requests_metric(routes: Iterable[tuple[str, str, tuple[str, ...]]]) -> Metric:
    """Return the metric of requests, given (method, template, possible statuses) of each route.

    Kept as one histogram per (method, route, status); the exposition shows the count and the
    duration that the contract names.
    """
    sets = tuple((method, route, status) for method, route, found in routes for status in found)
    what, edges = declared()[REQUESTS], declared()[DURATIONS].edges
    return Metric(REQUESTS, "histogram", what.help, what.labels, sets, edges)


def known_dependencies() -> tuple[str, ...]:
    """Return everything that the service can depend on."""
    return closed("dependency_up", "dependency")


def key_groups() -> tuple[str, ...]:
    """Return the groups into which keys are put."""
    return closed(GIVEN, "key_group")


def _parts(dependencies: Sequence[str]) -> Iterable[Metric]:
    """Yield what the parts of the service count."""
    for each in declared().values():
        if each.name == ACTIVE_USERS:  # a cell for each slot holds when one of its users was here
            slots = every([str(number) for number in range(_USER_SLOTS)])
            users = replace(each, combine="max").metric()
            yield replace(users, labels=("slot",), label_sets=slots)
        elif each.name == "dependency_up":
            yield each.metric(dependency=dependencies)
        elif each.origin == CELLS:
            yield each.metric()


def _exampled(requests: Metric) -> list[tuple[object, ...]]:
    """Return every series that can have an exemplar: buckets of latency, counters of failures."""
    pairs = dict.fromkeys(labels[:2] for labels in requests.label_sets)
    buckets = range(len(requests.edges) + 1)
    failures = declared()[FAILURES].metric()
    return [
        *((DURATIONS, *pair, bucket) for pair in pairs for bucket in buckets),
        *((REQUESTS, *labels) for labels in requests.label_sets if labels[2][0] == "5"),
        *((FAILURES, *labels) for labels in failures.label_sets),
    ]


class Telemetry:
    """The handles through which the parts of one worker count.

    `dependencies` are those that are configured, all by default: one that is not cannot be down.
    """

    def __init__(
        self, directory: Path | None, *, dependencies: Sequence[str] | None = None
    ) -> None:
        used = known_dependencies() if dependencies is None else dependencies
        metrics = tuple(_parts(used))
        self._directory = directory
        self._parts = sheet = Sheet.of("parts", metrics, directory)
        self.sheets: tuple[Sheet, ...] = (sheet,)
        count, gauge, histogram = (
            partial(Count, sheet),
            partial(Gauge, sheet),
            partial(Histogram, sheet),
        )
        self.in_progress = gauge("http_requests_in_progress")
        self.auth_failures = count("auth_failures_total")
        self.component_latency = histogram("component_latency_seconds")
        self.component_failures = count(FAILURES)
        self.operations = count("calendar_operations_total")
        self.given = count(GIVEN)
        self.features = count("feature_usage_total")
        self.feedback = count("feedback_total")
        self.parsing = count("parsing_requests_total")
        self.confidence = histogram("parsing_confidence")
        self.review_queue = gauge("review_queue_size")
        self.cache_hits = count("cache_hits_total")
        self.cache_misses = count("cache_misses_total")
        self.cache_entries = gauge("cache_entries")
        self.dependency_up = gauge("dependency_up")
        self.pool = gauge("mongodb_pool_connections")
        self.commands = histogram("mongodb_command_duration_seconds")
        self.replication_lag = gauge("mongodb_replication_lag_seconds")
        self.mode = gauge("service_mode")
        self.lines_dropped = count("log_lines_dropped_total")
        self.traces_kept = count("traces_kept_total")
        self.traces_dropped = count("traces_dropped_total")
        self.duration_edges = declared()[DURATIONS].edges
        self.exemplars = Exemplars((), None)
        self._users_at = sheet.layout.places[ACTIVE_USERS, ("0",)]

    def foresee(self, routes: Iterable[tuple[str, str, tuple[str, ...]]]) -> Sheet:
        """Create the series of every request that can happen, and return their sheet."""
        metric = requests_metric(routes)
        requests = Sheet.of("requests", (metric,), self._directory)
        self.sheets = (self._parts, requests)
        self.exemplars = Exemplars(_exampled(metric), self._directory)
        return requests

    def total(self, name: str, *labels: str) -> float:
        """Return what a counter has counted in all workers, those that are gone included."""
        place = self._parts.layout.places[name, labels]
        cells = self._parts.cells
        columns = [*(values for _, values in cells.living()), *cells.dead()]
        return float(sum(values[place] for values in columns))

    def saw_user(self, owner: str) -> None:
        """Remember that a user was here now."""
        slot = zlib.crc32(owner.encode()) % _USER_SLOTS
        self._parts.cells.own[self._users_at + slot] = time.time()


def estimate_users(last_seen: Iterable[float], now: float) -> float:
    """Return about how many users were seen within the window, from the time stamps of all slots.

    Linear counting (Whang et al. 1990): n = -m ln(empty / m), within 2 % up to 2,000 users here.
    """
    stamps = list(last_seen)
    empty = sum(stamp < now - ACTIVE_USER_WINDOW_S for stamp in stamps)
    size = len(stamps)
    return float(round(-size * math.log(max(empty, 1) / size)))
