"""Is Redis well: it answers, has memory, keeps what it should, and is who it should be."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from kit.pure.json_values import JsonMapping
from kit.pure.words import mebibytes
from ops.checks.evidence import Evidence, named
from ops.checks.finding import Finding, State, info, no_data, silent
from ops.checks.limits import above, answering
from ops.checks.observe.redis import ObservedRedis
from ops.checks.own_limits import Limits

_TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "memory": ("used_memory", "maxmemory", "maxmemory_policy"),
    "evictions": ("evicted_keys", "expired_keys"),
    "clients": ("connected_clients", "maxclients", "rejected_connections"),
    "role": ("role", "loading"),
    "persistence": ("rdb_last_bgsave_status", "rdb_last_save_time", "aof_enabled"),
}
"""Subject to the fields of INFO that it rests on."""
_EVICTED: Final = 0.10
"""Of all keys that went, the share that went for want of room and not because their time was up."""
_OK: Final = "ok"


def judge(observed: ObservedRedis, limits: Limits, *, patience_s: float) -> tuple[Finding, ...]:
    """Return how a Redis is by what it said; the service gives up after `patience_s`."""
    if observed.problem:
        step = "correct the password in CALENDAR_REDIS_URL; was it changed?"
        return (silent(observed.server, observed.problem, step if observed.is_refused else ""),)
    step = "redis-cli SLOWLOG GET 10, and look at the network in between"
    return (
        answering(observed.ping_s or 0.0, observed.server, patience_s, step),
        *_findings(observed, limits),
    )


def evidence(observed: ObservedRedis) -> tuple[Evidence, ...]:
    """Return how much the server told of itself."""
    step = "may this user ask INFO? ACL SETUSER NAME +info"
    there = [name for name, value in observed.info.items() if value is not None and value != ""]
    told = (
        named(f"INFO ({subject})", fields, there, unit="fields", bears=(subject,), do_next=step)
        for subject, fields in _TOLD.items()
    )  # fmt: skip
    pinged = observed.ping_s is not None
    return (Evidence("PING", 1, float(pinged), "answers", bears=("answers",)), *told)


def _findings(observed: ObservedRedis, limits: Limits) -> Iterator[Finding]:
    yield info("version", str(observed.info.get("redis_version", "unknown")))
    yield _memory(observed.info, limits)
    yield _evictions(observed.info)
    yield _refused(observed.info)
    yield from _role(observed.info)
    yield from _kept(observed)


def _unreported(subject: str, names: str) -> Finding:
    step = "may this user ask INFO? ACL SETUSER NAME +info"
    return no_data(subject, f"INFO does not tell {names}", step)


def _memory(figures: JsonMapping, limits: Limits) -> Finding:
    if "used_memory" not in figures:
        return _unreported("memory", "used_memory")
    used, most = float(figures.get("used_memory", 0)), float(figures.get("maxmemory", 0))
    policy = str(figures.get("maxmemory_policy", "noeviction"))
    if most and policy != "noeviction":
        value = f"{mebibytes(used)} of {mebibytes(most)}, then {policy}"
        return Finding("memory", State.PASS, value, measured=used / most)
    whole = most or float(figures.get("total_system_memory", 0))
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


def _evictions(figures: JsonMapping) -> Finding:
    if not {"evicted_keys", "expired_keys"} <= figures.keys():
        return _unreported("evictions", "evicted_keys and expired_keys")
    evicted, expired = float(figures.get("evicted_keys", 0)), float(figures.get("expired_keys", 0))
    return above(
        "evictions",
        evicted / max(evicted + expired, 1),
        warn=_EVICTED,
        detail=f"of keys that went: {evicted:,.0f} evicted, {expired:,.0f} expired since its start",
        do_next="the cache is too small: redis-cli CONFIG SET maxmemory to more",
    )


def _refused(figures: JsonMapping) -> Finding:
    if not {"connected_clients", "rejected_connections"} <= figures.keys():
        return _unreported("clients", "connected_clients and rejected_connections")
    clients, most = int(figures.get("connected_clients", 0)), int(figures.get("maxclients", 0))
    refused = int(figures.get("rejected_connections", 0))
    value = f"{clients:,} of {most:,} clients, {refused:,} refused since its start"
    full = bool(most) and clients >= 0.9 * most
    state = State.WARN if full or refused else State.PASS
    step = "redis-cli CLIENT LIST; raise maxclients" if state is State.WARN else ""
    return Finding("clients", state, value, limit="none refused", do_next=step, measured=clients)


def _role(figures: JsonMapping) -> Iterator[Finding]:
    if "role" not in figures:
        yield _unreported("role", "role")
        return
    role = str(figures["role"])
    if figures.get("loading"):
        yield Finding("role", State.FAIL, "still loading its data", do_next="wait, then look again")
    elif role not in {"master", "slave"}:
        step = "the service must write to a master: correct CALENDAR_REDIS_URL"
        yield no_data("role", f"it calls itself {role[:40]!r}", step)
    elif role == "master":
        replicas = int(figures.get("connected_slaves", 0))
        yield Finding("role", State.PASS, f"{role}, {replicas} replicas")
    elif figures.get("master_link_status") != "up":
        lost_s = float(figures.get("master_link_down_since_seconds", 0))
        step = "the service must write to a master: correct CALENDAR_REDIS_URL, or fail over"
        value = f"replica that lost its master {lost_s:.0f} s ago"
        yield Finding("role", State.FAIL, value, do_next=step)
    else:
        step = "the service must write to a master: correct CALENDAR_REDIS_URL"
        yield Finding("role", State.FAIL, "replica, which takes no writes", do_next=step)


def _kept(observed: ObservedRedis) -> Iterator[Finding]:
    """Judge persistence: nothing kept is a choice, a save that fails is none."""
    figures = observed.info
    for key, name in (("rdb_last_bgsave_status", "snapshot"), ("aof_last_write_status", "log")):
        if key in figures and figures[key] != _OK:
            step = "df -h on its machine: is the disk full? see Redis's log; redis-cli BGSAVE"
            yield Finding(f"last {name}", State.FAIL, str(figures[key]), limit="ok", do_next=step)
    last_s = int(figures.get("rdb_last_save_time", 0))
    since = f"{datetime.fromtimestamp(last_s, UTC):%Y-%m-%d %H:%M} UTC" if last_s else "never"
    changes = int(figures.get("rdb_changes_since_last_save", 0))
    ways = ["append-only log"] * bool(figures.get("aof_enabled"))
    ways += ["snapshots"] * bool(observed.saves)
    value = f"last save {since}, {changes:,} changes since"
    if not ways and observed.saves is not None:
        yield info("persistence", f"none, as for a cache alone; {value}")
    else:
        yield info("persistence", f"{' and '.join(ways) or 'may not be asked'}; {value}")
