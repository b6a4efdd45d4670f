"""Is Redis well: it answers, has memory, keeps what it should, and is who it should be."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from alerts.thresholds import Thresholds
from ops.checks.finding import Finding, State, away, info, no_data
from ops.checks.limits import above, answering
from ops.checks.observe.redis import RedisSeen
from ops.checks.wording import mebibytes

_EVICTED: Final = 0.10
"""Of all keys that went, the share that went for want of room and not because their time was up."""
_OK: Final = "ok"


def judge(seen: RedisSeen, limits: Thresholds, *, patience_s: float) -> tuple[Finding, ...]:
    """Return how a Redis is by what it said; the service gives up after `patience_s`."""
    if seen.is_refused:
        step = "correct the password in CALENDAR_REDIS_URL; was it changed?"
        return (Finding("login", State.FAIL, f"{seen.server} {seen.problem}", do_next=step),)
    if seen.problem:
        step = "is it running, and open to this machine? sre check dependencies says who sees it"
        return (away("answers", f"{seen.server}: {seen.problem}", step),)
    step = "redis-cli SLOWLOG GET 10, and look at the network in between"
    return (
        answering(seen.ping_s or 0.0, seen.server, patience_s, step),
        *_findings(seen, limits),
    )


def _findings(seen: RedisSeen, limits: Thresholds) -> Iterator[Finding]:
    yield info("version", str(seen.info.get("redis_version", "not told")))
    yield _memory(seen.info, limits)
    yield _evictions(seen.info)
    yield _refused(seen.info)
    yield from _role(seen.info)
    yield from _kept(seen)


def _untold(subject: str, names: str) -> Finding:
    step = "may this user ask INFO? ACL SETUSER NAME +info"
    return no_data(subject, f"INFO does not tell {names}", step)


def _memory(told: Mapping[str, Any], limits: Thresholds) -> Finding:
    if "used_memory" not in told:
        return _untold("memory", "used_memory")
    used, most = float(told.get("used_memory", 0)), float(told.get("maxmemory", 0))
    policy = str(told.get("maxmemory_policy", "noeviction"))
    if most and policy != "noeviction":
        value = f"{mebibytes(used)} of {mebibytes(most)}, then {policy}"
        return Finding("memory", State.PASS, value, measured=used / most)
    whole = most or float(told.get("total_system_memory", 0))
    if not whole:
        return info("memory", f"{mebibytes(used)}; no maxmemory", measured=used)
    step = (
        "redis-cli CONFIG SET maxmemory-policy allkeys-lru, or a larger maxmemory"
        if most
        else "redis-cli CONFIG SET maxmemory 256mb, and maxmemory-policy allkeys-lru"
    )
    detail = f"{mebibytes(used)} of {mebibytes(whole)}"
    if not most:
        detail = f"{mebibytes(used)} of the machine's {mebibytes(whole)}; no maxmemory is set"
    return above("memory", used / whole, fail=limits.memory_ratio, detail=detail, do_next=step)


def _evictions(told: Mapping[str, Any]) -> Finding:
    if not {"evicted_keys", "expired_keys"} <= told.keys():
        return _untold("evictions", "evicted_keys and expired_keys")
    evicted, expired = float(told.get("evicted_keys", 0)), float(told.get("expired_keys", 0))
    return above(
        "evictions",
        evicted / max(evicted + expired, 1),
        warn=_EVICTED,
        detail=f"of keys that went: {evicted:,.0f} evicted, {expired:,.0f} expired since its start",
        do_next="the cache is too small: redis-cli CONFIG SET maxmemory to more",
    )


def _refused(told: Mapping[str, Any]) -> Finding:
    if not {"connected_clients", "rejected_connections"} <= told.keys():
        return _untold("clients", "connected_clients and rejected_connections")
    clients, most = int(told.get("connected_clients", 0)), int(told.get("maxclients", 0))
    refused = int(told.get("rejected_connections", 0))
    value = f"{clients:,} of {most:,} clients, {refused:,} refused since its start"
    full = bool(most) and clients >= 0.9 * most
    state = State.WARN if full or refused else State.PASS
    step = "redis-cli CLIENT LIST; raise maxclients" if state is State.WARN else ""
    return Finding("clients", state, value, limit="none refused", do_next=step, measured=clients)


def _role(told: Mapping[str, Any]) -> Iterator[Finding]:
    if "role" not in told:
        yield _untold("role", "role")
        return
    role = str(told["role"])
    if told.get("loading"):
        yield Finding("role", State.FAIL, "still loading its data", do_next="wait, then look again")
    elif role != "slave":
        replicas = int(told.get("connected_slaves", 0))
        yield Finding("role", State.PASS, f"{role}, {replicas} replicas")
    elif told.get("master_link_status") != "up":
        lost_s = float(told.get("master_link_down_since_seconds", 0))
        step = "the service must write to a master: correct CALENDAR_REDIS_URL, or fail over"
        value = f"replica that lost its master {lost_s:.0f} s ago"
        yield Finding("role", State.FAIL, value, do_next=step)
    else:
        step = "the service must write to a master: correct CALENDAR_REDIS_URL"
        yield Finding("role", State.FAIL, "replica, which takes no writes", do_next=step)


def _kept(seen: RedisSeen) -> Iterator[Finding]:
    """Judge persistence: nothing kept is a choice, a save that fails is none."""
    told = seen.info
    for key, name in (("rdb_last_bgsave_status", "snapshot"), ("aof_last_write_status", "log")):
        if key in told and told[key] != _OK:
            step = "df -h on its machine: is the disk full? see Redis's log; redis-cli BGSAVE"
            yield Finding(f"last {name}", State.FAIL, str(told[key]), limit="ok", do_next=step)
    last_s = int(told.get("rdb_last_save_time", 0))
    since = f"{datetime.fromtimestamp(last_s, UTC):%Y-%m-%d %H:%M} UTC" if last_s else "never"
    changes = int(told.get("rdb_changes_since_last_save", 0))
    ways = [
        name
        for name, on in (("append-only log", told.get("aof_enabled")), ("snapshots", seen.saves))
        if on
    ]
    value = f"last save {since}, {changes:,} changes since"
    if not ways and seen.saves is not None:
        yield info("persistence", f"none, as for a cache alone; {value}")
    else:
        yield info("persistence", f"{' and '.join(ways) or 'may not be asked'}; {value}")
