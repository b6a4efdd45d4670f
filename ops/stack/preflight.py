"""What would keep a stack from starting, looked at before anything is changed."""

import errno
import shutil
import socket
from pathlib import Path
from typing import Final

import psutil

from kit.edge.containers.docker import docker
from kit.pure.errors import RefusedError, UnreachableError
from ops.stack.settings import Settings

_MB: Final = 1 << 20
_OTHERS_MB: Final = 1536
"""What the stores and the monitoring take with little data, by measurement: about half of this."""
_LEAST_SHARE: Final = 0.5
_LEAST_DISK_MB: Final = 2048


def check_ports(settings: Settings, *, with_grafana: bool, ours: frozenset[int]) -> None:
    """Raise UnreachableError for a port that somebody else holds; `ours` the stack holds itself."""
    for who, port in settings.ports.items():
        if port in ours or (who == "grafana" and not with_grafana):
            continue
        address = settings.https_address if who == "https" else "127.0.0.1"
        if problem := _not_free(address, port):
            raise UnreachableError(
                f"{who}_port {port} on {address} {problem}",
                hint=f"end what holds it, or set {who}_port in stack.toml",
            )


def check_memory(settings: Settings, *, running: int) -> None:
    """Raise RefusedError where the machine has not half of what the stack may take.

    `running` replicas have taken theirs already.
    """
    wanted = settings.memory_mb * max(settings.replicas - running, 0)
    wanted += _OTHERS_MB if not running else 0
    free = psutil.virtual_memory().available // _MB
    if free < _LEAST_SHARE * wanted:
        raise RefusedError(
            f"{free} MB of memory are free, and the stack may take {wanted} MB",
            hint="lower replicas or memory in stack.toml, or free some",
        )


def check_disk(folder: Path) -> None:
    """Raise UnreachableError where Docker's disk, or that of the stack's folder, is almost full."""
    root = docker("info", "--format", "{{.DockerRootDir}}").stdout.strip()
    for path in (folder, *([Path(root)] if root and Path(root).is_dir() else [])):
        free = shutil.disk_usage(path).free // _MB
        if free < _LEAST_DISK_MB:
            raise UnreachableError(
                f"{free} MB are free on the disk of {path}, and {_LEAST_DISK_MB} are needed",
                hint="make room: docker image prune, sre maintain logs, sre backup list",
            )


def _not_free(address: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((address, port))
        except OSError as err:
            if err.errno == errno.EADDRINUSE:
                return "is in use"
            return f"cannot be had: {err.strerror or err}"
    return ""
