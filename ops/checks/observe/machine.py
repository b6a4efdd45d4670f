"""Look at this machine: processor, memory, disks, files, clock, containers."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Final

import psutil

from kit.edge.containers.docker import docker
from ops.checks.system import Container, Disk, ObservedSystem

_LOOK_S: Final = 0.5
_PSEUDO: Final = frozenset({"tmpfs", "ramfs", "squashfs", "iso9660", "overlay", "devtmpfs"})
_FILES: Final = Path("/proc/sys/fs/file-nr")
_MOST_CONTAINERS: Final = 200


def look(*, timeout_s: float) -> ObservedSystem:
    """Return how this machine is; takes about half a second."""
    processes = list(psutil.process_iter(["name"]))
    for process in processes:
        _cpu_of(process)
    cpu = psutil.cpu_percent(interval=_LOOK_S) / 100
    memory = psutil.virtual_memory()
    return ObservedSystem(
        cpu=cpu,
        cores=psutil.cpu_count() or 1,
        load_5m=psutil.getloadavg()[1],
        memory_used=1 - memory.available / memory.total,
        memory_free_bytes=memory.available,
        disks=_disks(),
        files_used=_files(),
        busiest=_busiest(processes),
        clock_synced=_clock(timeout_s),
        containers=_containers(timeout_s),
    )


def _cpu_of(process: psutil.Process) -> float:
    try:
        return float(process.cpu_percent())
    except psutil.Error:
        return 0.0


def _busiest(processes: list[psutil.Process]) -> str:
    shares = [(_cpu_of(process), process) for process in processes]
    share, process = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return f"{process.info['name']} (process {process.pid})" if process and share else "none"


def _disks() -> tuple[Disk, ...]:
    """Return the file systems that keep something, each device once, and the root always."""
    mounts = {part.device: part.mountpoint for part in reversed(psutil.disk_partitions())
              if part.fstype not in _PSEUDO and Path(part.mountpoint).is_dir()}  # fmt: skip
    return tuple(_disk(mount) for mount in dict.fromkeys(["/", *sorted(mounts.values())]))


def _disk(mount: str) -> Disk:
    usage, answer = psutil.disk_usage(mount), os.statvfs(mount)
    inodes = 1 - answer.f_favail / answer.f_files if answer.f_files else None
    return Disk(mount, usage.percent / 100, usage.free, inodes)


def _files() -> float | None:
    try:
        used, _, most = map(int, _FILES.read_text(encoding="ascii").split())
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


def _containers(timeout_s: float) -> tuple[Container, ...] | str:
    began = time.monotonic()
    answer = docker("ps", "--all", "--format", "{{json .}}", timeout_s=timeout_s)
    if answer.returncode:
        slow = time.monotonic() - began >= timeout_s
        return "the Docker engine does not answer" if slow else "no Docker engine here"
    rows = [json.loads(line) for line in answer.stdout.splitlines()[:_MOST_CONTAINERS]]
    return tuple(Container(row["Names"], row["State"], row["Status"]) for row in rows)
