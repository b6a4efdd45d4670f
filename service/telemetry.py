"""Every metric of the service with every label set it can have, and every bucket edge.

All series exist at 0 from the start, because a series that is born with its first error loses
that error for `increase()`.
"""

import math
import time
import zlib
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from service.observe.metrics import Count, Gauge, Histogram, Metric, Sheet, every

# An edge at each objective (1 s and 2 s) and three per doubling around them keep the estimate of
# the 95th percentile within 5 %; the small ones are for looking at only.
DURATION_EDGES: Final = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.63, 0.794, 1.0, 1.26, 1.587, 2.0, 2.52, 3.175, 4.0,
)  # fmt: skip
COMPONENT_EDGES: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
CONFIDENCE_EDGES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)

COMPONENTS: Final = ("mongodb", "redis", "parser", "llm")
FAILURES: Final = ("timeout", "connection", "breaker_open", "invalid_answer", "error")
DEPENDENCIES: Final = ("mongodb", "redis")
OPERATIONS: Final = (
    "create", "read", "list", "replace", "patch", "delete", "occurrences", "change_occurrence",
    "conflicts", "freebusy", "slots", "quick", "import", "export",
)  # fmt: skip
OUTCOMES: Final = ("ok", "rejected", "not_found", "conflict", "unavailable", "error")
FEATURES: Final = (
    "parse", "quick", "recurrence", "occurrences", "conflicts", "freebusy", "slots", "search",
    "import", "export", "feedback", "review", "idempotency", "llm",
)  # fmt: skip
AUTH_FAILURES: Final = ("missing", "malformed", "unknown", "wrong", "revoked", "scope", "blocked")
COMMANDS: Final = (
    "find", "insert", "update", "delete", "findAndModify", "aggregate", "count", "getMore",
    "createIndexes", "ping", "hello", "commitTransaction", "abortTransaction", "other",
)  # fmt: skip
MODES: Final = ("normal", "degraded", "read_only")
RATINGS: Final = ("1", "2", "3", "4", "5")
TIERS: Final = ("memory", "redis")
POOL_STATES: Final = ("open", "in_use", "idle", "waiting")
SOURCES: Final = ("rules", "llm", "cache")
PARSE_OUTCOMES: Final = ("understood", "uncertain", "nothing_found", "rejected", "error")

ACTIVE_USER_WINDOW_S: Final = 300.0
_USER_SLOTS: Final = 4096

REQUESTS: Final = "http_requests_total"
DURATIONS: Final = "http_request_duration_seconds"
ACTIVE_USERS: Final = "active_users"


def requests_metric(routes: Iterable[tuple[str, str, tuple[str, ...]]]) -> Metric:
    """Return the metric of requests, given (method, template, possible statuses) of each route.

    CachedEvent as one histogram per (method, route, status); the exposition shows the count and the
    duration that the contract names.
    """
    sets = tuple((method, route, status) for method, route, found in routes for status in found)
    labels = ("method", "route", "status")
    return Metric(REQUESTS, "histogram", "Requests answered.", labels, sets, DURATION_EDGES)


def _http() -> tuple[Metric, ...]:
    return (
        Metric("http_requests_in_progress", "gauge", "Requests being answered now."),
        Metric(ACTIVE_USERS, "gauge", "Different users in the last five minutes (estimated).",
               ("slot",), every([str(i) for i in range(_USER_SLOTS)]), combine="max"),
        Metric("auth_failures_total", "counter", "Requests whose credentials were refused.",
               ("reason",), every(AUTH_FAILURES)),
    )  # fmt: skip


def _work() -> tuple[Metric, ...]:
    return (
        Metric("component_latency_seconds", "histogram", "Time spent in a part of the service.",
               ("component",), every(COMPONENTS), COMPONENT_EDGES),
        Metric("component_failures_total", "counter", "Failures of a part of the service.",
               ("component", "reason"), every(COMPONENTS, FAILURES)),
        Metric("calendar_operations_total", "counter", "What was done to calendars, and its end.",
               ("operation", "outcome"), every(OPERATIONS, OUTCOMES)),
        Metric("feature_usage_total", "counter", "How often each feature was used.",
               ("feature",), every(FEATURES)),
        Metric("feedback_total", "counter", "Ratings by users.", ("rating",), every(RATINGS)),
        Metric("parsing_requests_total", "counter", "Sentences read, and who read them.",
               ("outcome", "source"), every(PARSE_OUTCOMES, SOURCES)),
        Metric("parsing_confidence", "histogram", "How sure the parser was, 0 to 1.",
               (), ((),), CONFIDENCE_EDGES),
        Metric("review_queue_size", "gauge", "Decisions that wait for a person.", combine="max"),
    )  # fmt: skip


def _cache() -> tuple[Metric, ...]:
    return (
        Metric("cache_hits_total", "counter", "Answers found in a cache.", ("tier",), every(TIERS)),
        Metric("cache_misses_total", "counter", "Answers not found in a cache.",
               ("tier",), every(TIERS)),
        Metric("cache_entries", "gauge", "Entries in the cache inside the process.",
               ("tier",), every(("memory",))),
    )  # fmt: skip


def _dependencies(used: Sequence[str]) -> tuple[Metric, ...]:
    return (
        Metric("dependency_up", "gauge", "1 when a dependency that is configured answers.",
               ("dependency",), every(used), combine="min"),
        Metric("mongodb_pool_connections", "gauge", "Connections to MongoDB.",
               ("state",), every(POOL_STATES)),
        Metric("mongodb_command_duration_seconds", "histogram", "Time MongoDB took for a command.",
               ("command",), every(COMMANDS), COMPONENT_EDGES),
        Metric("mongodb_replication_lag_seconds", "gauge", "How far the slowest is behind.",
               combine="max"),
    )  # fmt: skip


def _state() -> tuple[Metric, ...]:
    return (
        Metric("service_mode", "gauge", "1 for the mode the service is in.",
               ("mode",), every(MODES), combine="max"),
        Metric("log_lines_dropped_total", "counter", "Log lines lost: writing was too slow."),
    )  # fmt: skip


class Telemetry:
    """The handles through which the parts of one worker count.

    `dependencies` are those that are configured: one that is not cannot be down.
    """

    def __init__(
        self, directory: Path | None, *, dependencies: Sequence[str] = DEPENDENCIES
    ) -> None:
        metrics = (*_http(), *_work(), *_cache(), *_dependencies(dependencies), *_state())
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
        self.component_failures = count("component_failures_total")
        self.operations = count("calendar_operations_total")
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
        self._users_at = sheet.layout.places[ACTIVE_USERS, ("0",)]

    def foresee(self, routes: Iterable[tuple[str, str, tuple[str, ...]]]) -> Sheet:
        """Create the series of every request that can happen, and return their sheet."""
        requests = Sheet.of("requests", (requests_metric(routes),), self._directory)
        self.sheets = (self._parts, requests)
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
