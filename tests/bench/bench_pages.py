"""What pages cost: the console's first page and its questions, and the site of ninety days."""

import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx2 as httpx

from console.edge.running import Place, serving
from kit.edge.prometheus import connect
from slo.edge.files import load_objectives
from status.components import Component
from status.edge.measuring import measure
from status.edge.public_site import write_site
from status.page import page_of
from tests.compat.frozen import RELEASES
from tests.support.console_app import about_of
from tests.support.prometheus_double import double
from tests.support.status_pages import incident, page

OBJECTIVES, ALERTS, RECORDS = 20, 200, 2_000


def cpu_s() -> float:
    """Return the CPU time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True, slots=True)
class Apart:
    """The servers in a process of their own, so that what they cost is not counted."""

    url: str
    pipe: Connection

    def asked(self) -> int:
        """Return how many questions came so far."""
        self.pipe.send("asked")
        return int(self.pipe.recv())


@contextmanager
def apart() -> Iterator[Apart]:
    """Give the servers; their process ends with the block."""
    ours, theirs = Pipe()
    process = get_context("spawn").Process(target=_serve, args=(theirs,))
    process.start()
    try:
        yield Apart(ours.recv(), ours)
    finally:
        ours.send("end")
        process.join()


def _serve(pipe: Connection) -> None:
    with double() as servers:
        servers.alerts = [_alert(number) for number in range(ALERTS)]
        pipe.send(servers.url)
        while pipe.recv() == "asked":
            pipe.send(len(servers.asked))


def console(servers: Apart, folder: Path) -> list[tuple[str, float, int, int]]:
    """Return (what, CPU in ms, questions, bytes) of the first page and of others."""
    own = load_objectives()
    objectives = tuple(replace(own[n % 4], name=f"o{n}") for n in range(OBJECTIVES))
    _records(folder / "load")
    about = replace(
        about_of(folder, prometheus=servers.url, alertmanager=servers.url), objectives=objectives
    )
    rows: list[tuple[str, float, int, int]] = []
    with serving(about, Place("127.0.0.1", 0)) as opened, httpx.Client(timeout=60) as client:
        client.get(f"{opened.url}healthz")
        for path in ("", "", "alerts", "runs", "runs/load", "objectives/o1"):
            began, asked = cpu_s(), servers.asked()
            answer = client.get(opened.url + path)
            name = f"/{path} again" if any(row[0] == f"/{path}" for row in rows) else f"/{path}"
            used = (cpu_s() - began) * 1000
            rows.append((name, used, servers.asked() - asked, len(answer.content)))
    return rows


def status(servers: Apart) -> list[tuple[str, float]]:
    """Return (what, CPU in s) of measuring three parts, and of writing the site."""
    own, now = load_objectives(), datetime.now(UTC).replace(microsecond=0)
    parts = (
        Component("a", "Using", "", ("calendar_day",), own[:2]),
        Component("b", "Speed", "", (), own[2:3]),
        Component("c", "Sentences", "", (), own[3:]),
    )
    with connect(servers.url) as server:
        began = cpu_s()
        found = measure(server, parts, now, [])
        measured = cpu_s() - began
    notices = [
        incident(f"n{n}", "x" * 500, ago=timedelta(hours=12 * n + 2), over=timedelta(hours=12 * n))
        for n in range(100)
    ]
    named = replace(page().named, components=parts)
    with tempfile.TemporaryDirectory() as folder:
        began = cpu_s()
        write_site(page_of(named, found, notices, [], now), Path(folder))
        return [("measured", measured), ("written", cpu_s() - began)]


def _alert(number: int) -> dict[str, Any]:
    return {
        "labels": {
            "alertname": f"Alert{number % 40}",
            "severity": "warning",
            "route": f"/{number}",
        },
        "annotations": {"summary": "More than usual fails.", "description": "x" * 200},
        "startsAt": "2026-11-29T11:00:00Z",
        "status": {"state": "active"},
    }


def _records(folder: Path) -> None:
    folder.mkdir(parents=True)
    newest = max((RELEASES[0] / "runs" / "load").glob("*.json"))
    for number in range(RECORDS):
        shutil.copy(newest, folder / f"20261101T{number:06}-smoke.json")


def main() -> None:
    """Print the figures."""
    with apart() as servers, tempfile.TemporaryDirectory() as folder:
        print(f"console, {OBJECTIVES} objectives, {ALERTS} alerts, {RECORDS} records")
        print("page               CPU ms  questions   kB")
        for name, used, asked, size in console(servers, Path(folder)):
            print(f"{name:18} {used:6.0f} {asked:10} {size / 1000:6.1f}")
        print("status site of 90 days, 3 parts, 100 notices")
        for what, used in status(servers):
            print(f"{what:18} {used:6.2f} s")


if __name__ == "__main__":
    main()
