"""Look at this machine: processor, memory, disks, files, clock, containers."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import psutil

from kit.edge.containers.docker import docker
from ops.checks.system import Clock, Container, Disk, ObservedSystem

_LOOK_S: Final = 0.5
_PSEUDO: Final = frozenset({"tmpfs", "ramfs", "squashfs", "iso9660", "overlay", "devtmpfs"})
_MOST_CONTAINERS: Final = 200
_UNREADABLE: Final = (psutil.Error, OSError, ValueError, LookupError, RuntimeError, StopIteration)
"""What psutil raises where /proc lacks what it reads."""
T = TypeVar("T")


def look(*, timeout_s: float, clocks: tuple[Clock, ...] = ()) -> ObservedSystem:
    """Return how this machine is; takes about half a second. What it does not tell is None."""
    processes = _told(lambda: list(psutil.process_iter(["name"]))) or []
    for process in processes:
        _cpu_of(process)
    cpu = _told(lambda: psutil.cpu_percent(interval=_LOOK_S) / 100)
    memory = _told(psutil.virtual_memory)
    containers, there, is_silent = _containers(timeout_s)
    mounts = _mounts()
    found = (_told(lambda mount=mount: _disk(mount)) for mount in mounts)  # type: ignore[misc]
    return ObservedSystem(
        cpu=cpu,
        cores=_told(lambda: psutil.cpu_count() or 1) or 1,
        load_5m=_told(lambda: psutil.getloadavg()[1]),
        memory_used=1 - memory.available / memory.total if memory and memory.total else None,
        memory_free_bytes=memory.available if memory else 0,
        disks=tuple(one for one in found if one is not None),
        files_used=_files(),
        busiest=_busiest(processes),
        clock_synced=_clock(timeout_s),
        containers=containers,
        disks_there=mounts,
        clocks=clocks,
        containers_there=there,
        is_engine_silent=is_silent,
    )


def _told(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except _UNREADABLE:
        return None


def _cpu_of(process: psutil.Process) -> float:
    return _told(lambda: float(process.cpu_percent())) or 0.0


def _busiest(processes: list[psutil.Process]) -> str:
    shares = [(_cpu_of(process), process) for process in processes]
    share, process = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return f"{process.info['name']} (process {process.pid})" if process and share else "none"


def _mounts() -> tuple[str, ...]:
    """Return the file systems that keep something, each device once, and the root always.

    Where the machine does not list them there is one besides the root that nobody can look at.
    """
    parts = _told(psutil.disk_partitions)
    everything = _told(lambda: psutil.disk_partitions(all=True)) or []
    if parts is None or not any(part.mountpoint == "/" for part in everything):
        return ("/", "the list of mounts")
    mounts = {part.device: part.mountpoint for part in reversed(parts)
              if part.fstype not in _PSEUDO and Path(part.mountpoint).is_dir()}  # fmt: skip
    return tuple(dict.fromkeys(["/", *sorted(mounts.values())]))


def _disk(mount: str) -> Disk:
    usage, answer = psutil.disk_usage(mount), os.statvfs(mount)
    inodes = 1 - answer.f_favail / answer.f_files if answer.f_files else None
    return Disk(mount, usage.percent / 100, usage.free, inodes)


def _files() -> float | None:
    try:
        path = Path(psutil.PROCFS_PATH) / "sys/fs/file-nr"
        used, _, most = map(int, path.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return None
    return used / most if most else None


def _clock(timeout_s: float) -> bool | None:
    command = ("timedatectl", "show", "--property=NTPSynchronized", "--value")
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(answer.stdout.strip())


def _containers(timeout_s: float) -> tuple[tuple[Container, ...] | str, int, bool]:
    """Return the containers or why there are none, how many there are, and an engine's silence."""
    if shutil.which("docker") is None:
        return "no Docker engine here", 0, False
    answer = docker("ps", "--all", "--format", "{{json .}}", timeout_s=timeout_s)
    if answer.returncode:
        reason = (answer.stderr.strip().splitlines() or ["it does not answer"])[-1]
        absent = "Cannot connect" in reason or "no such file" in reason
        told = "no Docker engine runs here" if absent else f"the Docker engine: {reason[:120]}"
        return told, 0, not absent
    lines = [line for line in answer.stdout.splitlines() if line.strip()]
    rows = (_told(lambda line=line: json.loads(line)) for line in lines[:_MOST_CONTAINERS])  # type: ignore[misc]
    found = (_told(lambda row=row: _container(row)) for row in rows if isinstance(row, dict))  # type: ignore[misc]
    return tuple(one for one in found if one is not None), len(lines), False


def _container(row: dict[str, str]) -> Container:
    return Container(row["Names"], row["State"], row["Status"])
