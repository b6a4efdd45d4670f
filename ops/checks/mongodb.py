"""Is MongoDB well: it answers, has room for connections, keeps up, and has its indexes."""

from collections.abc import Iterator, Mapping
from typing import Final

from kit.pure.json_values import JsonMapping
from ops.checks.evidence import Evidence, named, paths_in
from ops.checks.finding import Finding, State, info, no_data, silent
from ops.checks.limits import above, answering
from ops.checks.observe.mongodb import Indexes, ObservedMongo
from ops.checks.own_limits import Limits
from service.store.replication import lag_of

_CONNECTIONS_USED: Final = 0.80
"""Above it a second replica of the service may find no room."""
_TOLD: Final = ("version", "connections.current", "connections.available")
_KEEPS_UP: Final = frozenset({"PRIMARY", "SECONDARY"})
_HEALTHY: Final = frozenset({"PRIMARY", "SECONDARY", "ARBITER"})


def judge(
    observed: ObservedMongo, needed: Indexes, limits: Limits, *, patience_s: float
) -> tuple[Finding, ...]:
    """Return how a MongoDB is by what it said; the service gives up after `patience_s`."""
    if observed.named:
        names = ", ".join(observed.named)
        value = f"{observed.server} answers and names {names}, which this machine cannot reach"
        step = (
            "give names that resolve here, or ask that member alone: add directConnection=true "
            "to the URL"
        )
        return (Finding("answers", State.FAIL, value, do_next=step, unreachable=True),)
    if observed.problem:
        step = "correct user and password in CALENDAR_MONGODB_URL; was the password changed?"
        return (silent(observed.server, observed.problem, step if observed.is_refused else ""),)
    step = "sre check db-performance, and look at the network in between"
    return (
        answering(observed.ping_s or 0.0, observed.server, patience_s, step),
        *_findings(observed, needed, limits),
    )


def evidence(observed: ObservedMongo) -> tuple[Evidence, ...]:
    """Return how much the server told of itself."""
    status = observed.answer("serverStatus")
    step = "grant the user the role clusterMonitor"
    there = () if isinstance(observed.indexes, str) else ("the indexes",)
    return (
        Evidence("ping", 1, float(observed.ping_s is not None), "answers", bears=("answers",)),
        named("serverStatus", _TOLD, paths_in(status, _TOLD), unit="fields",
              bears=("connections",), do_next=step),
        *_members(observed.answer("replSetGetStatus"), status),
        named("listIndexes", ("the indexes",), there, unit="answers", bears=("indexes",)),
    )  # fmt: skip


def _members(answer: JsonMapping | str, status: JsonMapping | str) -> Iterator[Evidence]:
    """Yield how many members of the set that the server counts are told of; none of no set."""
    if isinstance(answer, str):
        if "replSet" not in answer:
            yield Evidence("replSetGetStatus", 1, 0, "answers", (answer,), bears=("replica set",))
        return
    told = [one for one in answer.get("members", []) if one.get("stateStr")]
    names = [str(one.get("name")) for one in told]
    repl = {} if isinstance(status, str) else status.get("repl") or {}
    kinds = ("hosts", "passives", "arbiters")
    hosts = [str(host) for kind in kinds for host in repl.get(kind, ())]
    yield named("replSetGetStatus", hosts or names, names, unit="members",
                bears=("replica set", "replication lag"))  # fmt: skip


def _findings(observed: ObservedMongo, needed: Indexes, limits: Limits) -> Iterator[Finding]:
    yield from _status(observed.answer("serverStatus"))
    yield from _replicas(observed.answer("replSetGetStatus"), limits)
    yield _indexes(observed.indexes, needed)


def _status(answer: Mapping[str, object] | str) -> Iterator[Finding]:
    if isinstance(answer, str):
        step = "grant the user the role clusterMonitor"
        yield no_data("connections", f"serverStatus: {answer}", step)
        return
    yield info("version", str(answer.get("version", "unknown")))
    yield _connections(answer)


def _connections(answer: JsonMapping) -> Finding:
    found = answer.get("connections") or {}
    current, free = found.get("current"), found.get("available")
    if current is None or free is None:
        return no_data("connections", "the server does not tell them")
    if "secantus" in answer:  # the local stand-in always says that none is free
        return info("connections", f"{current} open; this server names no limit", measured=current)
    return above(
        "connections",
        current / max(current + free, 1),
        warn=_CONNECTIONS_USED,
        fail=0.95,
        detail=f"{current:,} of {current + free:,}",
        do_next="fewer workers, a smaller CALENDAR_MONGODB_POOL_SIZE, or a larger server",
    )


def _replicas(answer: JsonMapping | str, limits: Limits) -> Iterator[Finding]:
    if isinstance(answer, str):
        if "replSet" in answer:  # "not running with --replSet"
            yield info("replica set", "none: a single server, which no other can replace")
        else:
            yield no_data("replica set", answer, "grant the user the role clusterMonitor")
        return
    members = answer.get("members", [])
    ill = [one for one in members if one.get("stateStr") not in _HEALTHY]
    primary = [one for one in members if one.get("stateStr") == "PRIMARY"]
    value = f"{answer.get('set', '')}: {len(members) - len(ill)} of {len(members)} members are well"
    if not primary:
        step = "no member can be written to: look why the members elect none (rs.status())"
        yield Finding("replica set", State.FAIL, f"{value}, no primary", do_next=step)
    elif ill:
        names = ", ".join(f"{one.get('name')} is {one.get('stateStr')}" for one in ill)
        step = f"look at the log of {ill[0].get('name')}"
        yield Finding("replica set", State.WARN, f"{value}: {names}", do_next=step)
    else:
        yield Finding("replica set", State.PASS, value)
    if not any(one.get("stateStr") == "SECONDARY" for one in members):
        return
    if any("optimeDate" not in one for one in members if one.get("stateStr") in _KEEPS_UP):
        yield no_data("replication lag", "a member does not tell how far it is (optimeDate)")
    else:
        yield above(
            "replication lag",
            lag_of(answer),
            warn=limits.replication_lag_s,
            show=lambda value: f"{value:.0f} s",
            do_next="look at disk and network of the slowest secondary (rs.status())",
        )


def _indexes(found: Indexes | str, needed: Indexes) -> Finding:
    if isinstance(found, str):
        return no_data("indexes", found, "may the user read the service's database?")
    if not set(found) & set(needed):
        value = "none of the service's collections is here"
        step = "is it the service's database? the service makes them when it connects"
        return no_data("indexes", value, step)
    missing = [
        f"{collection}.{name}"
        for collection, names in sorted(needed.items())
        for name in sorted(names - found.get(collection, frozenset()))
    ]
    whole = sum(map(len, needed.values()))
    value = f"{whole - len(missing)} of {whole}"
    if missing:
        step = "restart the service: it makes them when it connects"
        value = f"{value}, missing {', '.join(missing)}"
        return Finding("indexes", State.FAIL, value, limit="all", do_next=step)
    return Finding("indexes", State.PASS, value, limit="all")
