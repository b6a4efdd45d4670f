"""Is MongoDB fast enough: what the service waits for, and what the server says of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from kit.pure.answers import Answer, Series
from kit.pure.durations import to_prometheus
from kit.pure.json_values import JsonMapping
from kit.pure.query import Query, at
from kit.pure.words import milliseconds, seconds
from ops.checks.evidence import Evidence, named, paths_in
from ops.checks.finding import Finding, State, away, info, no_data
from ops.checks.limits import above
from ops.checks.observe.mongodb import ObservedMongo
from ops.checks.own_limits import Limits
from reports.period.quantiles import histogram, quantile

_API: Final = 'job="calendar-api"'
_CACHE_FULL, _CACHE_DIRTY = 0.95, 0.20
"""WiredTiger's own eviction_trigger and eviction_dirty_trigger: above them operations must wait."""
_SCANNED_PER_RETURNED: Final = 100
"""Documents read for each one returned; MongoDB's own advisor speaks of a poor index above it."""
_SLOW_MS: Final = 100.0
"""MongoDB's own slowms: what takes longer on the average goes into its log."""
_BACKGROUND: Final = frozenset({"ping", "hello", "createIndexes"})


@dataclass(frozen=True, slots=True)
class ObservedDatabase:
    """What was looked at. `server` is None where no address was given.

    `answers` are those to `queries` over a time that `lasted`, or the reason why there are none;
    `counted` says how much of that time, or of the pages, was there.
    """

    server: ObservedMongo | None
    answers: Mapping[str, Answer] | str
    lasted: timedelta = timedelta()
    counted: tuple[Evidence, ...] = ()


_TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "server latency": ("opLatencies.reads", "opLatencies.writes", "opLatencies.commands"),
    "WiredTiger": ("wiredTiger.cache",),
    "scans": ("metrics.queryExecutor", "metrics.document.returned"),
}


def evidence(observed: ObservedDatabase) -> tuple[Evidence, ...]:
    """Return how much the service and the server told."""
    if observed.server is None or observed.server.problem:
        return observed.counted or (Evidence("MongoDB", 1, 0, "answers"),)
    status = observed.server.answer("serverStatus")
    told = (
        named(f"serverStatus ({subject})", paths, paths_in(status, paths), unit="fields",
              bears=(subject,))
        for subject, paths in _TOLD.items()
    )  # fmt: skip
    operations = paths_in(observed.server.answer("currentOp"), ("inprog",))
    own = named("currentOp", ("inprog",), operations, unit="answers", bears=("long operations",))
    return (*observed.counted, *told, own)


def queries(window: timedelta, now_s: int) -> tuple[Query, ...]:
    """Return what is asked of the service's own counts."""
    length = to_prometheus(window)
    buckets = f"mongodb_command_duration_seconds_bucket{{{_API}}}[{length}]"
    return (
        at("commands", f"sum by (command, le) (increase({buckets}))", now_s),
        at("waiting", f'max(mongodb_pool_connections{{{_API},state="waiting"}})', now_s),
    )


def judge(observed: ObservedDatabase, limits: Limits) -> tuple[Finding, ...]:
    """Return what the service waits for, then what the server itself tells."""
    return (*_waits(observed, limits), *_server(observed.server))


def _waits(observed: ObservedDatabase, limits: Limits) -> Iterator[Finding]:
    if isinstance(observed.answers, str):
        step = "give --target or --prometheus; sre check health"
        yield no_data("commands", f"the service's counts: {observed.answers}", step)
        return
    series = observed.answers.get("commands", Answer()).series
    work = [one for one in series if one.label("command") not in _BACKGROUND]
    yield _all_commands(work, limits, to_prometheus(observed.lasted))
    for command in sorted({one.label("command") for one in work}):
        own = [one for one in work if one.label("command") == command]
        count, p95_s = _p95(own)
        if count >= 1:
            yield info(f"· {command}", f"p95 {seconds(p95_s)}, {count:,.0f} times", measured=p95_s)
    waiting = observed.answers.get("waiting", Answer()).value
    if waiting is None:
        yield no_data("pool", "the service does not tell who waits for a connection")
    else:
        yield above(
            "pool",
            waiting,
            warn=limits.pool_waiting,
            show=lambda value: f"{value:.0f}",
            detail="requests wait for a connection",
            do_next="a larger CALENDAR_MONGODB_POOL_SIZE, if sre check mongodb shows room",
        )


def _all_commands(work: list[Series], limits: Limits, span: str) -> Finding:
    count, p95_s = _p95(work)
    if p95_s is None:
        return no_data("commands", f"the service sent none in {span}", "look when there is traffic")
    step = "the slowest commands are below; look for operations that run long and for scans"
    found = above(
        "commands",
        p95_s,
        warn=limits.database_slow_s,
        show=seconds,
        detail=f"p95 of {count:,.0f} in {span}",
        do_next=step,
    )
    if found.state is State.PASS or count >= limits.database_fewest:
        return found
    value = f"{found.value}; {limits.database_fewest} are needed to say"
    return Finding("commands", State.NO_DATA, value, found.limit, measured=p95_s)


def _p95(series: list[Series]) -> tuple[float, float | None]:
    buckets = histogram(series, [np.array([one.last or 0.0]) for one in series])
    if buckets is None or buckets.counts[0, -1] <= 0:
        return 0.0, None
    return float(buckets.counts[0, -1]), quantile(buckets, 0.95)


def _server(observed: ObservedMongo | None) -> Iterator[Finding]:
    if observed is None:
        step = "sre check db-performance --mongodb URL"
        yield no_data("server", "no address of MongoDB was given", step)
        return
    if observed.problem:
        yield away("server", f"{observed.server}: {observed.problem}", "sre check mongodb")
        return
    yield _running(observed.answer("currentOp"))
    status = observed.answer("serverStatus")
    status_or_why = status if not isinstance(status, str) else {}
    why = status if isinstance(status, str) else "this server does not tell it"
    yield _latencies(status_or_why, why)
    yield from _wired_tiger(status_or_why, why)
    yield _scans(status_or_why, why)


def _running(status_or_why: JsonMapping | str) -> Finding:
    if isinstance(status_or_why, str):
        return no_data("long operations", status_or_why, "grant the user the role clusterMonitor")
    if not isinstance(status_or_why.get("inprog"), list):
        return no_data("long operations", "currentOp: this server does not tell them")
    found = sorted(status_or_why["inprog"], key=lambda one: -float(one.get("secs_running", 0)))
    if not found:
        return Finding("long operations", State.PASS, "none runs for a second or more")
    first = found[0]
    value = (
        f"{len(found)} run for a second or more; the longest, {first.get('op')} on "
        f"{first.get('ns')}, for {first.get('secs_running')} s"
    )
    step = f"mongosh --eval 'db.killOp({first.get('opid')!r})' if it may end"
    return Finding("long operations", State.WARN, value, limit="none", do_next=step)


def _latencies(status_or_why: Mapping[str, object], why: str) -> Finding:
    found = status_or_why.get("opLatencies")
    if not isinstance(found, Mapping):
        return no_data("server latency", f"opLatencies: {why}")
    means = {
        kind: float(one.get("latency", 0)) / float(one["ops"]) / 1000
        for kind, one in found.items()
        if isinstance(one, Mapping) and one.get("ops")
    }
    if not means:
        return no_data("server latency", "it has done nothing yet")
    kind = max(means, key=lambda each: means[each])
    rest = ", ".join(f"{each} {mean:.2f} ms" for each, mean in sorted(means.items()))
    return above(
        "server latency",
        means[kind],
        warn=_SLOW_MS,
        show=milliseconds,
        detail=f"a mean since its start: {rest}",
        do_next="its log has every operation above slowms; sre check system on its machine",
    )


def _wired_tiger(status_or_why: JsonMapping, why: str) -> Iterator[Finding]:
    cache = (status_or_why.get("wiredTiger") or {}).get("cache") or {}
    most = float(cache.get("maximum bytes configured", 0))
    if not most:
        yield no_data("WiredTiger cache", f"wiredTiger.cache: {why}")
        return
    for name, key, limit in (
        ("WiredTiger cache", "bytes currently in the cache", _CACHE_FULL),
        ("WiredTiger dirty", "tracked dirty bytes in the cache", _CACHE_DIRTY),
    ):
        if key not in cache:
            yield no_data(name, f"wiredTiger.cache does not tell {key!r}")
            continue
        yield above(
            name,
            float(cache[key]) / most,
            warn=limit,
            detail=f"of {most / 2**30:.1f} GiB",
            do_next="a larger cache (storage.wiredTiger.engineConfig.cacheSizeGB), or fewer writes",
        )


def _scans(status_or_why: JsonMapping, why: str) -> Finding:
    metrics = status_or_why.get("metrics") or {}
    scanned = (metrics.get("queryExecutor") or {}).get("scannedObjects")
    returned = (metrics.get("document") or {}).get("returned")
    if scanned is None or returned is None:
        return no_data("scans", f"metrics.queryExecutor: {why}")
    whole = ((metrics["queryExecutor"].get("collectionScans") or {}).get("total")) or 0
    return above(
        "scans",
        float(scanned) / max(float(returned), 1.0),
        warn=_SCANNED_PER_RETURNED,
        show=lambda value: f"{value:.1f}",
        detail=f"documents read for each returned, {whole:,} whole collections, since its start",
        do_next="sre check mongodb says whether an index is missing",
    )
