"""Has this machine room: processor, memory, disk, files, load, a true clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kit.pure.words import age
from ops.checks.evidence import Evidence, named
from ops.checks.finding import Finding, State, info, no_data
from ops.checks.limits import above
from ops.checks.own_limits import Limits

_GIB: Final = 2**30
_OFF_S: Final = 2.0
_FAR_OFF_S: Final = 30.0
"""Beyond it keys that end, alerts and graphs go wrong; below _OFF_S is the way of the question."""
_WELL: Final = frozenset({"running", "created"})


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system; `inodes_used` is a share, None where it has none."""

    mount: str
    used: float
    free_bytes: int
    inodes_used: float | None


@dataclass(frozen=True, slots=True)
class Container:
    """A container: `state` in the engine's word, `status` with since when."""

    name: str
    state: str
    status: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a server, so many seconds ahead of ours; None where it does not tell.

    One on this machine is ours again, so that only what differs says anything.
    """

    name: str
    ahead_s: float | None
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class ObservedSystem:
    """What a machine shows of itself; shares are between 0 and 1, None is what it does not tell.

    `disks_there` are the file systems that should be among `disks`. `clock_synced` is None where
    nobody tells; `containers` are a reason where no engine answers, and `is_engine_silent` says
    that there is one.
    """

    cpu: float | None
    cores: int
    load_5m: float | None
    memory_used: float | None
    memory_free_bytes: int
    disks: tuple[Disk, ...]
    files_used: float | None
    busiest: str
    clock_synced: bool | None
    containers: tuple[Container, ...] | str
    disks_there: tuple[str, ...] = ("/",)
    clocks: tuple[Clock, ...] = ()
    containers_there: int = 0
    is_engine_silent: bool = False


def evidence(observed: ObservedSystem) -> tuple[Evidence, ...]:
    """Return how much the machine told of itself."""
    figures = {
        "cpu": observed.cpu, "load": observed.load_5m, "memory": observed.memory_used,
        "open files": observed.files_used,
    }  # fmt: skip
    known = [name for name, value in figures.items() if value is not None]
    mounts = [one.mount for one in observed.disks]
    found = [
        named("this machine", figures, known, unit="figures", bears=tuple(figures)),
        named("file systems", observed.disks_there, mounts, unit="file systems", bears=("disk",)),
    ]
    if not isinstance(observed.containers, str) and observed.containers_there:
        found.append(Evidence("docker ps", observed.containers_there, len(observed.containers),
                              "containers", bears=("container",)))  # fmt: skip
    elif observed.is_engine_silent:
        found.append(Evidence("docker ps", 1, 0, "answers", bears=("container",)))
    return tuple(found)


def judge(observed: ObservedSystem, limits: Limits) -> tuple[Finding, ...]:
    """Return how much room there is, by the thresholds of the alerts."""
    disks = tuple(_disk(one, limits) for one in observed.disks)
    return (
        *_machine(observed, limits),
        *(disks or (no_data("disks", "no file system is observed from here"),)),
        _files(observed, limits),
        _clock(observed),
        *_containers(observed.containers),
    )


def _machine(observed: ObservedSystem, limits: Limits) -> Iterator[Finding]:
    yield _figure(
        "cpu",
        observed.cpu,
        warn=limits.cpu_ratio,
        detail=f"of {observed.cores} cores; most by {observed.busiest}",
        do_next="ps aux --sort=-%cpu | head; more replicas if it is the service",
    )
    yield _figure(
        "load",
        observed.load_5m,
        warn=2.0 * observed.cores,
        show=lambda value: f"{value:.1f}",
        detail="over five minutes",
        do_next="ps -eo state,pid,cmd | grep '^[RD]' shows what runs and what waits for a disk",
    )
    yield _figure(
        "memory",
        observed.memory_used,
        fail=limits.memory_ratio,
        detail=f"used, {observed.memory_free_bytes / _GIB:.1f} GiB free",
        do_next="ps aux --sort=-%mem | head; restart what leaks, or give it more",
    )


def _figure(subject: str, value: float | None, **limits: Any) -> Finding:  # Any: what `above` takes
    if value is None:
        return no_data(subject, "the system does not tell", "is /proc there and readable?")
    return above(subject, value, **limits)


def _disk(one: Disk, limits: Limits) -> Finding:
    fullest = max(one.used, one.inodes_used or 0.0)
    what = "of its inodes" if one.inodes_used and one.inodes_used > one.used else "used"
    return above(
        f"disk {one.mount}",
        fullest,
        warn=limits.disk_ratio,
        fail=0.95,
        detail=f"{what}, {one.free_bytes / _GIB:.1f} GiB free",
        do_next=f"du -xh --max-depth=2 {one.mount} | sort -h | tail",
    )


def _files(observed: ObservedSystem, limits: Limits) -> Finding:
    if observed.files_used is None:
        return no_data("open files", "the system does not tell")
    return above(
        "open files",
        observed.files_used,
        warn=limits.descriptor_ratio,
        detail="of what the system allows",
        do_next="lsof -n | awk '{print $1}' | sort | uniq -c | sort -n | tail",
    )


def _clock(observed: ObservedSystem) -> Finding:
    told = {one: one.ahead_s for one in observed.clocks if one.ahead_s is not None}
    off = {one: ahead_s for one, ahead_s in told.items() if abs(ahead_s) > _OFF_S}
    step = "timedatectl set-ntp true; wrong clocks break keys, alerts and graphs"
    if off:
        worst = max(off.values(), key=abs)
        state = State.FAIL if abs(worst) > _FAR_OFF_S else State.WARN
        value = ", ".join(f"{one.name} {_apart(ahead_s)}" for one, ahead_s in off.items())
        value += f"; {len(told) - len(off)} of {len(told)} others agree with this machine"
        return Finding("clock", state, value, f"at most {_OFF_S:g} s apart", do_next=step,
                       measured=worst)  # fmt: skip
    if observed.clock_synced is False:
        return Finding("clock", State.WARN, "not synchronised", do_next=step)
    elsewhere = [one.name for one in told if one.is_elsewhere]
    if observed.clock_synced or elsewhere:
        by = f"agrees with {', '.join(elsewhere)}" if elsewhere else ""
        words = "; ".join(filter(None, ("synchronised" * bool(observed.clock_synced), by)))
        return Finding("clock", State.PASS, words)
    if told:
        names = ", ".join(one.name for one in told)
        return info("clock", f"that of {names}, which may be this machine's own; no other tells")
    return info("clock", "nothing here tells whether it is right; give --target, --prometheus …")


def _apart(ahead_s: float) -> str:
    return f"is {age(abs(ahead_s))} {'ahead' if ahead_s > 0 else 'behind'}"


def _containers(found: tuple[Container, ...] | str) -> Iterator[Finding]:
    if isinstance(found, str):
        yield info("containers", found)
        return
    ill = [one for one in found if one.state not in _WELL or "unhealthy" in one.status]
    for one in ill:
        ended_well = one.state == "exited" and "Exited (0)" in one.status
        state = State.INFO if ended_well else State.WARN
        step = "" if ended_well else f"docker logs --tail 50 {one.name}"
        yield Finding(f"container {one.name}", state, one.status, do_next=step)
    yield info("containers", f"{len(found) - len(ill)} of {len(found)} run" if found else "none")
