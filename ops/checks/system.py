"""Has this machine room: processor, memory, disk, files, load, a true clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alerts.thresholds import Thresholds
from ops.checks.finding import Finding, State, info, no_data
from ops.checks.limits import above

_GIB: Final = 2**30
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
class ObservedSystem:
    """What a machine shows of itself; shares are between 0 and 1.

    `clock_synced` is None where nobody tells; `containers` are a reason where no engine answers.
    """

    cpu: float
    cores: int
    load_5m: float
    memory_used: float
    memory_free_bytes: int
    disks: tuple[Disk, ...]
    files_used: float | None
    busiest: str
    clock_synced: bool | None
    containers: tuple[Container, ...] | str


def judge(observed: ObservedSystem, limits: Thresholds) -> tuple[Finding, ...]:
    """Return how much room there is, by the thresholds of the alerts."""
    disks = tuple(_disk(one, limits) for one in observed.disks)
    return (
        *_machine(observed, limits),
        *(disks or (no_data("disks", "no file system is observed from here"),)),
        _files(observed, limits),
        _clock(observed),
        *_containers(observed.containers),
    )


def _machine(observed: ObservedSystem, limits: Thresholds) -> Iterator[Finding]:
    yield above(
        "cpu",
        observed.cpu,
        warn=limits.cpu_ratio,
        detail=f"of {observed.cores} cores; most by {observed.busiest}",
        do_next="ps aux --sort=-%cpu | head; more replicas if it is the service",
    )
    yield above(
        "load",
        observed.load_5m,
        warn=2.0 * observed.cores,
        show=lambda value: f"{value:.1f}",
        detail="over five minutes",
        do_next="ps -eo state,pid,cmd | grep '^[RD]' shows what runs and what waits for a disk",
    )
    yield above(
        "memory",
        observed.memory_used,
        fail=limits.memory_ratio,
        detail=f"used, {observed.memory_free_bytes / _GIB:.1f} GiB free",
        do_next="ps aux --sort=-%mem | head; restart what leaks, or give it more",
    )


def _disk(one: Disk, limits: Thresholds) -> Finding:
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


def _files(observed: ObservedSystem, limits: Thresholds) -> Finding:
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
    if observed.clock_synced is None:
        return info("clock", "nothing here tells whether it is synchronised")
    if observed.clock_synced:
        return Finding("clock", State.PASS, "synchronised")
    step = "timedatectl set-ntp true; wrong clocks break keys, alerts and graphs"
    return Finding("clock", State.WARN, "not synchronised", do_next=step)


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
