"""Panels about the database and the caches."""

from collections.abc import Iterator
from typing import Final

from dashboards.boards.promql import TARGET, quantile, rate, share
from dashboards.facts import Facts
from dashboards.panel import Kind, Panel, Query, Row, Unit
from dashboards.thresholds import warn_above, warn_below

_SLOW_COMMAND_S: Final = 1.0


def stores(facts: Facts) -> Row:
    """Return the row about MongoDB and the caches."""
    return Row("Are database and cache in order?", tuple(_panels(facts)))


def _panels(facts: Facts) -> Iterator[Panel]:
    yield Panel(
        title="Connections to MongoDB",
        kind=Kind.TIMESERIES,
        unit=Unit.COUNT,
        queries=(Query(f"sum by (state) (mongodb_pool_connections{{{TARGET}}})", "{{state}}"),),
        good="next to none waiting.",
        otherwise="requests that wait for a connection are slow ones: see slow commands beside "
        "this, then raise the pool.",
        alerts=("DatabasePoolExhausted",),
        width=8,
        lowest=0,
    )
    yield Panel(
        title="Slow database commands",
        kind=Kind.TIMESERIES,
        unit=Unit.SECONDS,
        queries=(
            Query(
                quantile(0.95, "mongodb_command_duration_seconds", by="command"),
                "{{command}} p95",
            ),
        ),
        good="a few milliseconds.",
        otherwise="look in MongoDB's log for slow queries and at the indexes they use.",
        steps=warn_above(_SLOW_COMMAND_S),
        alerts=("DatabaseSlow",),
        when_empty="No command was sent to MongoDB in this time.",
        width=8,
        lowest=0,
    )
    yield Panel(
        title="Replication lag",
        kind=Kind.TIMESERIES,
        unit=Unit.SECONDS,
        queries=(Query(f"max(mongodb_replication_lag_seconds{{{TARGET}}})", "slowest secondary"),),
        good="under a second or two.",
        otherwise="reads from a secondary are old; look at the secondary's disk and network.",
        steps=warn_above(facts.limit("replication_lag_s")),
        alerts=("ReplicationLagHigh",),
        width=8,
        lowest=0,
    )
    hits = rate("cache_hits_total", by="tier")
    misses = rate("cache_misses_total", by="tier")
    yield Panel(
        title="Cache hit rate",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(share(hits, f"({hits} + {misses})"), "{{tier}}"),),
        good="above the level of the alert once the cache is warm.",
        otherwise="after a deploy or a clear wait some minutes; else ask `/cache/stats`.",
        steps=warn_below(facts.limit("cache_hit_ratio")),
        alerts=("CacheHitRateLow",),
        when_empty="The caches were not asked in this time.",
        width=12,
        lowest=0,
        highest=1,
    )
    yield Panel(
        title="Entries in the cache",
        kind=Kind.TIMESERIES,
        unit=Unit.COUNT,
        queries=(Query(f"sum by (tier) (cache_entries{{{TARGET}}})", "{{tier}}"),),
        good="level, at its limit or below.",
        otherwise="a fall to 0 means a restart or `DELETE /cache/clear`.",
        width=12,
        lowest=0,
    )
