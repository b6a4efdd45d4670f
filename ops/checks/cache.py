"""Does the cache find enough: the share of lookups that any tier answered."""

from collections.abc import Iterator
from typing import Final

from kit.pure.json_values import JsonMapping
from kit.pure.words import percent
from ops.checks.dependencies import said_by
from ops.checks.evidence import Evidence, named, paths_in
from ops.checks.finding import Finding, State, away, info, no_data
from ops.checks.limits import below
from ops.checks.observe.replies import Reply
from ops.checks.own_limits import Limits

_AFTER_CLEARING = (
    "after a release or a clearing wait half an hour; else raise CALENDAR_CACHE_TTL_S or "
    "CALENDAR_CACHE_ENTRIES"
)


_FIELDS: Final = ("hits", "misses", "entries", "tiers.memory.hits", "tiers.memory.misses",
                  "tiers.redis.hits", "tiers.redis.misses")  # fmt: skip
_CONNECTED, _NO_REDIS = "connected", "not_configured"


def evidence(reply: Reply, health: Reply) -> tuple[Evidence, ...]:
    """Return how much the two pages told."""
    step = "" if reply.is_ok else "set SRE_API_KEYS to a key with the scope metrics"
    said = ("dependencies.redis",)
    return (
        named("/cache/stats", _FIELDS, paths_in(reply.data if reply.is_ok else None, _FIELDS),
              unit="fields", do_next=step),
        named("/health", said, paths_in(health.data if health.is_ok else None, said),
              unit="fields", do_next="sre check health"),
    )  # fmt: skip


def judge(reply: Reply, limits: Limits, health: Reply | None = None) -> tuple[Finding, ...]:
    """Return how well the caches work by the answer of `/cache/stats`.

    By `health` a tier that the service has lost is told apart from one that finds too little.
    """
    if reply.problem:
        return (away("cache", f"{reply.url}: {reply.problem}", "sre check health"),)
    if reply.is_refused:
        step = "set SRE_API_KEYS to a key with the scope metrics"
        return (no_data("cache", f"/cache/stats {reply.why}", step),)
    answer = reply.data if reply.is_ok else None
    try:
        return tuple(_findings(answer or {}, limits, _redis_of(health)))
    except (KeyError, TypeError, ValueError):
        return (no_data("cache", f"/cache/stats {reply.why}: those are no figures of a cache"),)


def _redis_of(health: Reply | None) -> str:
    return "" if health is None else said_by(health).get("redis", "")


def _findings(answer: JsonMapping, limits: Limits, redis: str) -> Iterator[Finding]:
    hits, misses = int(answer["hits"]), int(answer["misses"])
    lookups = hits + misses
    tiers = answer["tiers"]
    if hits != sum(int(one["hits"]) for one in tiers.values()):
        yield no_data("hit ratio", "the tiers' hits do not add up to all: part of it is missing")
        return
    is_lost = redis not in {"", _CONNECTED, _NO_REDIS}
    if is_lost:
        value = f"the service says {redis}: every worker has its own memory only"
        yield Finding("redis", State.WARN, value, limit=_CONNECTED, do_next="sre check redis")
    if lookups < limits.cache_fewest:
        value = f"{lookups:,} lookups since the service started"
        step = "look again when it has worked for a while"
        yield Finding(
            "hit ratio", State.NO_DATA, value, limit=f"at least {limits.cache_fewest} to say",
            do_next=step, measured=hits / lookups if lookups else None,
        )  # fmt: skip
    else:
        detail = f"{hits:,} of {lookups:,} lookups since the service started"
        yield below(
            "hit ratio",
            hits / lookups,
            warn=limits.cache_hit_ratio,
            detail=detail,
            do_next="sre check redis: bring the lost tier back first"
            if is_lost
            else _AFTER_CLEARING,
        )
    for tier, counts in tiers.items():
        yield _tier(str(tier), int(counts["hits"]), int(counts["misses"]))
    yield info(
        "entries", f"{int(answer['entries']):,} in this worker", measured=int(answer["entries"])
    )


def _tier(tier: str, hits: int, misses: int) -> Finding:
    """Tell of one tier; only what no tier answers is judged, for a miss goes on to the next."""
    asked = hits + misses
    if not asked:
        return info(f"tier {tier}", "not asked")
    value = f"{percent(hits / asked)} {hits:,} of {asked:,}"
    return info(f"tier {tier}", value, measured=hits / asked)
