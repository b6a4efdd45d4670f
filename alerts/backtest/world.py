"""What Prometheus would have stored during a scenario, with seeded noise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alerts.backtest.scenario import Fault, Scenario

Floats = NDArray[np.float64]
Series = Mapping[str, Floats]
"""Series in PromQL notation to one value a step; NaN is a missing sample."""

ROUTES: Final = {
    "/parse": 0.34,
    "/events": 0.36,
    "/events/{id}": 0.22,
    "/slots": 0.05,
    "/calendar.ics": 0.03,
}
NOT_STORED: Final = np.inf  # a sample that Prometheus missed, where NaN is a series that ended
METHODS: Final = {"/parse": "POST", "/events": "GET", "/events/{id}": "GET"}
INSTANCES: Final = ("api-1:8000", "api-2:8000")
JOURNEYS: Final = ("create", "list")
SLICES: Final = {"all": 0.92, "relative": 0.94, "recurrence": 0.9, "attendees": 0.88}
EDGES: Final = ("0.5", "1.0", "2.0", "4.0", "+Inf")
_USUAL_ERRORS: Final = 0.0002
_USUAL_SLOW: Final = 0.004
_USUAL_SLUGGISH: Final = 0.01
_NIGHT: Final = 0.05
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class World:
    """A scenario, its clock and its dice."""

    scenario: Scenario
    times: Floats
    dice: np.random.Generator

    def faults(self, kind: str, only: str = "") -> Iterator[tuple[Fault, NDArray[np.bool_]]]:
        """Yield the faults of a kind that concern `only`, with the steps during which they last."""
        for fault in self.scenario.faults:
            if fault.kind == kind and fault.only in {"", only}:
                end = fault.start_s + fault.length_s
                yield fault, (self.times > fault.start_s) & (self.times <= end)

    def levels(self, fault: Fault) -> Floats:
        """Return the level of a fault over time."""
        first = fault.level if fault.first is None else fault.first
        passed = np.clip((self.times - fault.start_s) / max(1, fault.length_s), 0.0, 1.0)
        return first + (fault.level - first) * passed

    def level(self, kind: str, usual: float, noise: float = 0.0, only: str = "") -> Floats:
        """Return a quantity over time: usual, but as the faults say while they last."""
        values = np.full(len(self.times), usual)
        for fault, during in self.faults(kind, only):
            values[during] = self.levels(fault)[during]
        if noise:
            values = values + self.dice.normal(0.0, noise, len(values))
        return values

    def counter(self, per_s: Floats) -> Floats:
        """Return a counter of events at this rate."""
        events = self.dice.poisson(np.maximum(per_s, 0.0) * self.scenario.step_s)
        return np.cumsum(events).astype(np.float64)


def simulate(scenario: Scenario, seed: int) -> dict[str, Floats]:
    """Return every series of the scenario; the same seed gives the same samples."""
    steps = scenario.length_s // scenario.step_s + 1
    times = np.arange(steps, dtype=np.float64) * scenario.step_s
    world = World(scenario, times, np.random.default_rng([seed, len(scenario.name)]))
    service = _service(world)
    return {**service, **_surroundings(world)}


def _service(world: World) -> dict[str, Floats]:
    found, count = dict[str, Floats](), len(INSTANCES)
    for index, instance in enumerate(INSTANCES):
        series = {**_requests(world), **_process(world, index)}
        _reset(series)
        up = np.ones(len(world.times))
        for kind in ("down", "targets_gone", "series_gone"):
            for fault, during in world.faults(kind):
                if index >= round(fault.level * count):
                    continue
                for values in series.values():
                    values[during] = np.nan
                if kind != "series_gone":
                    up[during] = 0.0 if kind == "down" else np.nan
        series["up"] = up
        for _, during in world.faults("scrape_gap"):
            for values in series.values():
                values[during & ~np.isnan(values)] = NOT_STORED
        for name, values in series.items():
            found[_with(name, job="calendar-api", instance=instance)] = values
    return found


def _reset(series: Mapping[str, Floats]) -> None:
    """Let every counter begin anew where its process did."""
    begun = np.flatnonzero(np.diff(series["process_start_time_seconds"])) + 1
    for name, values in series.items():
        if name.partition("{")[0].endswith(("_total", "_bucket")):
            for index in begun:
                values[index:] -= values[index - 1]


def _rate(world: World) -> Floats:
    """Return the requests per second of one instance."""
    traffic = world.scenario.traffic
    rate = np.full(len(world.times), traffic.per_s / len(INSTANCES))
    if traffic.daily:
        # Noon is at twelve hours; midnight is a twentieth of it.
        day = 0.5 - 0.5 * np.cos(2 * np.pi * world.times / _DAY_S)
        rate = rate * (_NIGHT + (1 - _NIGHT) * day)
    for fault, during in world.faults("traffic"):
        rate[during] *= world.levels(fault)[during]
    return rate


def _requests(world: World) -> dict[str, Floats]:
    found, rate = dict[str, Floats](), _rate(world)
    for route, share in ROUTES.items():
        count = world.dice.poisson(rate * share * world.scenario.step_s)
        bad = world.dice.binomial(count, _share(world, "errors", _USUAL_ERRORS, route))
        method = METHODS.get(route, "GET")
        for status, number in (("200", count - bad), ("500", bad)):
            name = _with("http_requests_total", method=method, route=route, status=status)
            found[name] = np.cumsum(number).astype(np.float64)
        late = world.dice.binomial(count, _share(world, "slow", _USUAL_SLOW, route))
        middle = world.dice.binomial(
            count - late, _share(world, "sluggish", _USUAL_SLUGGISH, route)
        )
        quick = world.dice.binomial(count - late - middle, 0.9)
        within = (quick, count - late - middle, count - late, count - late // 2, count)
        for edge, number in zip(EDGES, within, strict=True):
            name = _with(
                "http_request_duration_seconds_bucket", method=method, route=route, le=edge
            )
            found[name] = np.cumsum(number).astype(np.float64)
    return found


def _share(world: World, kind: str, usual: float, route: str) -> Floats:
    return np.clip(world.level(kind, usual, only=route), 0.0, 1.0)


_MODEL_FAILED: Final = 'component_failures_total{component="llm",reason="timeout"}'
_MODEL_CALLED: Final = 'component_latency_seconds_bucket{component="llm",le="+Inf"}'


def _process(world: World, index: int) -> dict[str, Floats]:
    limit = 2.0**30
    started = np.full(len(world.times), -7200.0)
    for fault, during in world.faults("crash_loop"):
        if index == 0:
            restarts = np.floor((world.times - fault.start_s) / fault.level) * fault.level
            started[during] = (fault.start_s + restarts)[during]
            started[world.times > fault.start_s + fault.length_s] = started[during][-1]
    for fault, _ in world.faults("restart"):
        if index < round(fault.level * len(INSTANCES)):
            started[world.times > fault.start_s] = fault.start_s
    found: dict[str, Floats] = {
        "process_start_time_seconds": started,
        "process_resident_memory_bytes": world.level("memory", 0.55, 0.01) * limit,
        "process_memory_limit_bytes": np.full(len(world.times), limit),
        "process_open_fds": world.level("descriptors", 0.1) * 1024,
        "process_max_fds": np.full(len(world.times), 1024.0),
        "review_queue_size": world.level("review", 12, 2.0),
        "mongodb_replication_lag_seconds": np.abs(world.level("replication", 0.4, 0.2)),
        'mongodb_pool_connections{state="waiting"}': world.level("pool", 0.0),
        'auth_failures_total{reason="wrong"}': world.counter(world.level("auth", 0.02)),
        _MODEL_FAILED: world.counter(world.level("component", 0.01)),
        _MODEL_CALLED: world.counter(_rate(world) * 0.05),
        'service_mode{mode="normal"}': 1 - world.level("mode", 0.0),
        'service_mode{mode="read_only"}': world.level("mode", 0.0),
    }
    for dependency in ("mongodb", "redis"):
        name = _with("dependency_up", dependency=dependency)
        found[name] = world.level("dependency", 1.0, only=dependency)
    return {**found, **_counted_parts(world)}


def _counted_parts(world: World) -> dict[str, Floats]:
    """Return what the parts of the service count: cache, database, parser."""
    lookups = _rate(world) * 0.4
    hits = np.clip(world.level("cache", 0.88), 0.0, 1.0)
    failing = np.clip(world.level("parsing", 0.001), 0.0, 1.0)
    late = np.clip(world.level("database_slow", 0.001), 0.0, 1.0)
    commands = world.dice.poisson(_rate(world) * 1.5 * world.scenario.step_s)
    over = world.dice.binomial(commands, late)
    quick = world.dice.binomial(commands - over, 0.95)
    increments = (quick, commands - over, commands - over // 10, commands)
    found: dict[str, Floats] = {
        _with("mongodb_command_duration_seconds_bucket", command="find", le=edge): np.cumsum(
            number
        ).astype(np.float64)
        for edge, number in zip(("0.1", "1.0", "5.0", "+Inf"), increments, strict=True)
    }
    # The first tier answers three in four of what is found at all.
    found[_with("cache_hits_total", tier="memory")] = world.counter(lookups * hits * 0.75)
    found[_with("cache_misses_total", tier="memory")] = world.counter(lookups * (1 - hits * 0.75))
    found[_with("cache_hits_total", tier="redis")] = world.counter(lookups * hits * 0.25)
    found[_with("cache_misses_total", tier="redis")] = world.counter(lookups * (1 - hits))
    for outcome, share in (("understood", 1 - failing), ("error", failing)):
        name = _with("parsing_requests_total", outcome=outcome, source="rules")
        found[name] = world.counter(_rate(world) * 0.34 * share)
    return found


_DAYS_OFF_END: Final = "probe_days_off_end_timestamp_seconds"


def _surroundings(world: World) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for job, instance in (("prober", "prober:9115"), ("node", "node:9100")):
        up = np.ones(len(world.times))
        for _, during in world.faults("watcher_down", job):
            up[during] = 0.0
        found[_with("up", job=job, instance=instance)] = up
    prober = {"job": "prober", "instance": "prober:9115"}
    for journey in JOURNEYS:
        share = world.level("probe", 0.0, only=journey)
        every = max(1, round(60 / world.scenario.step_s))
        rolls = np.repeat(world.dice.random(len(share) // every + 1), every)[: len(share)]
        good = np.where(rolls < share, 0.0, 1.0)
        for _, during in world.faults("probes_gone"):
            good[during] = np.nan
        found[_with("probe_success", journey=journey, **prober)] = good
    found[_with("probe_day_off", service="calendar-assistant", **prober)] = world.level(
        "day_off", 0.0
    )
    far = np.full(len(world.times), 4e9)
    found[_with(_DAYS_OFF_END, service="calendar-assistant", **prober)] = far
    for name, usual in SLICES.items():
        values = world.level("accuracy", usual)
        for fault, during in world.faults("slice", name):
            values[during] = world.levels(fault)[during]
        values = np.clip(values + world.dice.normal(0.0, 0.008, len(values)), 0.0, 1.0)
        for _, during in world.faults("accuracy_gone"):
            values[during] = np.nan
        found[_with("parsing_accuracy_ratio", suite="golden", slice=name, **prober)] = values
    return {**found, **_node(world)}


def _node(world: World) -> dict[str, Floats]:
    node = {"job": "node", "instance": "node:9100"}
    busy = np.clip(world.level("cpu", 0.3, 0.05), 0.0, 1.0)
    total, size, step = 8.0 * 2**30, 1e11, world.scenario.step_s
    disk = {"device": "sda1", "fstype": "ext4", "mountpoint": "/", **node}
    return {
        _with("node_cpu_seconds_total", cpu="0", mode="idle", **node): np.cumsum((1 - busy) * step),
        _with("node_cpu_seconds_total", cpu="0", mode="user", **node): np.cumsum(busy * step),
        _with("node_memory_MemTotal_bytes", **node): np.full(len(busy), total),
        _with("node_memory_MemAvailable_bytes", **node): (1 - world.level("node_memory", 0.5, 0.02))
        * total,
        _with("node_filesystem_size_bytes", **disk): np.full(len(busy), size),
        _with("node_filesystem_avail_bytes", **disk): (1 - world.level("disk", 0.6)) * size,
    }


def _with(name: str, **labels: Any) -> str:
    """Add labels to a series in PromQL notation."""
    bare, _, inner = name.rstrip("}").partition("{")
    own = [inner] if inner else []
    own += [f'{key}="{value}"' for key, value in labels.items()]
    return f"{bare}{{{','.join(own)}}}"
