"""Runs whose workers are other processes, directed through Locust's master."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import psutil
import pytest

from kit.pure.errors import BadInputError, UnreachableError
from synthetic.edge.load.children import ROOT
from synthetic.edge.load.remote import address_of, crew_at
from synthetic.edge.load.running import run as load_run
from synthetic.load.progress import Progress, Tick
from synthetic.load.request import FixedRequest
from synthetic.load.shape import Profile, Stage
from tests.support.sampling import quick
from tests.support.service_process import _free_port
from tests.support.small_calendar import SmallCalendar
from tests.support.waiting import HANGS_S


def profile(for_s: float) -> Profile:
    return Profile(
        "far",
        "",
        (Stage(for_s, 40, 40),),
        requests=(FixedRequest("GET", "/events", 1.0),),
        max_lag_p99_ms=5_000,
        timeout_s=5,
    )


@contextmanager
def workers(address: str, count: int) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    command = [sys.executable, "-m", "synthetic.edge.load.remote_worker", *address.split(":"), "60"]
    children = [subprocess.Popen(command, cwd=ROOT) for _ in range(count)]
    try:
        yield children
        for child in children:
            child.wait(HANGS_S)
    finally:
        for child in children:
            child.kill()
            child.wait()


def masters() -> list[int]:
    return [
        child.pid
        for child in psutil.Process().children(recursive=True)
        if "synthetic.edge.load.master" in " ".join(child.cmdline())
    ]


@pytest.mark.thorough
def test_two_workers_elsewhere_send_the_same_schedule_as_one_here(calendar: SmallCalendar) -> None:
    address = f"127.0.0.1:{_free_port()}"
    with workers(address, 2) as children:
        run = load_run(profile(3), calendar.url, workers=2, start_crew=crew_at(address))
    assert run.void_reason is None
    assert run.account.complete
    assert run.samples["due_s"] == pytest.approx(np.arange(120) / 40)
    assert run.samples["worker"].tolist() == [0, 1] * 60
    assert [child.returncode for child in children] == [0, 0]
    assert not masters()


@pytest.mark.thorough
def test_a_worker_that_dies_voids_the_run_and_the_other_ends_too(calendar: SmallCalendar) -> None:
    address = f"127.0.0.1:{_free_port()}"
    with workers(address, 2) as children:

        def kill(event: Progress) -> None:
            if isinstance(event, Tick) and event.finished > 20:
                children[0].kill()

        run = load_run(
            profile(40), calendar.url, workers=2, start_crew=crew_at(address), on_progress=kill
        )
    assert run.void_reason is not None
    assert "died" in run.void_reason
    assert run.wall_s < 40
    assert children[1].returncode == 0


def test_an_address_is_a_host_a_port_or_both() -> None:
    assert address_of("h:1") == ("h", 1)
    assert address_of(":7") == ("*", 7)


@pytest.mark.parametrize("text", ["h", "h:many", "h:0", "h:99999", "", ":²"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="HOST:PORT"):
        address_of(text)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1", "é" * 70])
def test_a_run_cannot_be_directed_from_where_nothing_here_can_listen(host: str) -> None:
    with pytest.raises(UnreachableError, match="can listen on"):
        crew_at(f"{host}:5557")


def waiting(host: str, port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "synthetic.edge.load.remote_worker", host, str(port), "1"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_S, check=False
    )


@pytest.mark.thorough
@pytest.mark.parametrize("host", quick(["127.0.0.1", "no-such-host.invalid"], first=1))
def test_a_worker_says_what_it_waits_for_and_gives_up(host: str) -> None:
    port = _free_port()
    told = waiting(host, port)
    assert told.returncode == 3
    assert f"waiting for a run on {host}:{port}, for 1 s at most" in told.stderr
    assert f"error: no run is waiting for workers on {host}:{port} after 1 s" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.thorough
def test_a_worker_does_not_wait_for_ever_on_something_else_that_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = waiting("127.0.0.1", other.getsockname()[1])
    assert told.returncode == 3
    assert "is no load run that waits for workers" in told.stderr
    assert "Traceback" not in told.stderr
