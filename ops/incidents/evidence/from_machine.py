"""What this machine runs: containers and their logs, pods, the system, versions, objectives."""

import json
import platform
import shutil
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

import psutil

from kit.edge import records
from kit.edge.containers.docker import docker, last_line
from kit.pure.errors import UnreachableError
from kit.pure.json_values import JsonObject
from ops.incidents.evidence.kubernetes import cluster
from ops.incidents.evidence.part import Part, Site, Source, Window
from slo.edge.files import read_sources

_MOST_LINES: Final = 5_000
_MOST_PROCESSES: Final = 40
_OURS: Final = "calendar"


def sources(site: Site) -> dict[str, Source]:
    """Return the sources of this machine and of the cluster that kubectl is set up for."""
    return {
        "the container engine": lambda window: _containers(site, window),
        "the cluster": lambda window: cluster(site, window),
        "this machine": lambda _window: [_system()],
        "versions": lambda _window: [_versions()],
        "objectives": lambda _window: [
            Part(f"objectives/{Path(path).name}", text, "this installation")
            for path, text in read_sources()
        ],
    }


def _containers(site: Site, window: Window) -> list[Part]:
    if shutil.which("docker") is None:
        return [Part("containers/none.txt", "docker is not on PATH\n", "docker")]
    listed = docker("ps", "--all", "--no-trunc", "--format", "{{json .}}", timeout_s=site.timeout_s)
    if listed.returncode != 0:
        raise UnreachableError(last_line(listed.stderr))
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    parts = [Part("containers/list.json", json.dumps(rows, indent=1) + "\n", "docker ps --all")]
    for row in rows:
        if _is_wanted(row, site.containers):
            parts += _container(row, window, site.timeout_s)
    return parts


def _is_wanted(row: JsonObject, named: tuple[str, ...]) -> bool:
    """Return whether a container's state and log are kept: those named, else what looks ours."""
    if named:
        return row["Names"] in named or any(row["ID"].startswith(name) for name in named)
    return _OURS in row["Names"] or f"{_OURS}-api" in row["Image"]


def _container(row: JsonObject, window: Window, timeout_s: float) -> list[Part]:
    name = row["Names"]
    state = docker("inspect", "--format", "{{json .State}}", row["ID"], timeout_s=timeout_s)
    since = ("--since", window.since.isoformat(), "--until", window.until.isoformat())
    log = docker(
        "logs", "--timestamps", "--tail", str(_MOST_LINES), *since, row["ID"], timeout_s=timeout_s
    )
    return [
        Part(f"containers/{name}/state.json", state.stdout, f"docker inspect {name}"),
        Part(f"containers/{name}/log.txt", log.stdout + log.stderr, f"docker logs {name}"),
    ]


def _system() -> Part:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    seen = ["pid", "name", "username", "cpu_percent", "memory_info", "create_time", "status"]
    processes = [p.info for p in psutil.process_iter(seen)]
    processes.sort(key=lambda p: p["memory_info"].rss if p["memory_info"] else 0, reverse=True)
    facts = {
        **records.machine(),
        "host": platform.node(),
        "started_at": _moment(psutil.boot_time()),
        "load": psutil.getloadavg(),
        "cpu_percent": psutil.cpu_percent(interval=0.2, percpu=True),
        "memory": memory._asdict(),
        "swap": swap._asdict(),
        "disks": {
            each.mountpoint: psutil.disk_usage(each.mountpoint)._asdict()
            for each in psutil.disk_partitions()
            if Path(each.mountpoint).is_dir()
        },
        "network": psutil.net_io_counters()._asdict(),
        "processes": [
            {
                **{name: p[name] for name in ("pid", "name", "username", "status")},
                "resident_bytes": p["memory_info"].rss if p["memory_info"] else None,
                "started_at": _moment(p["create_time"]),
            }
            for p in processes[:_MOST_PROCESSES]
        ],
    }
    return Part("system/facts.json", json.dumps(facts, indent=1) + "\n", "this machine")


def _versions() -> Part:
    found = {
        "commit": records.commit(),
        "packages": dict(sorted((d.name, d.version) for d in distributions())),
    }
    return Part("system/versions.json", json.dumps(found, indent=1) + "\n", "this installation")


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
