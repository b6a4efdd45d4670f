"""Tell Locust's own statistics what was sent: its console, web page and listeners see the run.

Locust takes a request at a time, at a cost near that of the request itself; here many are added
at once. Its rounded percentiles are filled in by rounded milliseconds, and never used by ours.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any


class Tally:
    """Counts since the last `flush` into the statistics of a Locust environment."""

    def __init__(self, stats: Any, routes: Sequence[str]) -> None:
        self._stats = stats
        self._names = [route.partition(" ")[::2] for route in routes]
        self._milliseconds: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._failed: Counter[int] = Counter()

    def add(self, route: int, latency_s: float, *, fine: bool) -> None:
        """Count one ended request."""
        self._milliseconds[route][int(latency_s * 1000 + 0.5)] += 1
        if not fine:
            self._failed[route] += 1

    def flush(self) -> None:
        """Hand over what was counted."""
        for route, times in self._milliseconds.items():
            method, name = self._names[route]
            for one in (self._stats.get(name, method), self._stats.total):
                _fill(one, times, self._failed[route])
        self._milliseconds.clear()
        self._failed.clear()


def _fill(entry: Any, times: Counter[int], failed: int) -> None:
    count, now = times.total(), time.time()
    entry.num_requests += count
    entry.num_failures += failed
    entry.last_request_timestamp = now
    entry.total_response_time += sum(ms * n for ms, n in times.items())
    lowest, highest = min(times), max(times)
    known = entry.min_response_time
    entry.min_response_time = lowest if known is None else min(known, lowest)
    entry.max_response_time = max(entry.max_response_time, highest)
    for ms, number in times.items():
        entry.response_times[ms] = entry.response_times.get(ms, 0) + number
    entry.num_reqs_per_sec[int(now)] = entry.num_reqs_per_sec.get(int(now), 0) + count
    if failed:
        entry.num_fail_per_sec[int(now)] = entry.num_fail_per_sec.get(int(now), 0) + failed
