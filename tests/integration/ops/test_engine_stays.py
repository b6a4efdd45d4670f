"""An engine started here ends with what it was started for, and never under a container."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.edge.containers import engine, session
from tests.support.waiting import wait_for


@pytest.fixture
def dockerd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """Give a process that is called as an engine is and noted as the one that was started here."""
    program = tmp_path / "dockerd"
    shutil.copy(shutil.which("sleep") or "sleep", program)
    with subprocess.Popen((str(program), "600")) as child:
        # Linux tells that a program has begun a moment before it calls the process so.
        try:
            wait_for(lambda: engine._is_dockerd(child.pid), what="it has its name", within_s=5)
        except BaseException:
            child.kill()
            raise
        (tmp_path / "dockerd.pid").write_text(str(child.pid))
        monkeypatch.setattr(engine, "_PID_FILE", tmp_path / "dockerd.pid")
        monkeypatch.setattr(session, "STATE", tmp_path)
        yield child
        child.kill()


def quietly(_line: str) -> None:
    """Say nothing."""


def answering(containers: str | None) -> object:
    """Answer for the engine that listens here; None is no answer."""

    def docker(*asked: str) -> subprocess.CompletedProcess[str]:
        assert asked[:2] == ("--host", "unix:///var/run/docker.sock")
        return subprocess.CompletedProcess(
            asked, 127 if containers is None else 0, containers or "", ""
        )

    return docker


@pytest.mark.parametrize(
    ("containers", "ends"), [("", True), ("4e1f0a\n9c2b77\n", False), (None, False)]
)
def test_an_engine_stays_while_a_container_runs_in_it(
    dockerd: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    containers: str | None,
    *,
    ends: bool,
) -> None:
    monkeypatch.setattr(engine, "docker", answering(containers))
    session.leave_engine(quietly)
    assert (dockerd.poll() is not None) is ends


def test_an_engine_stays_while_another_run_uses_it(
    dockerd: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "docker", answering(""))
    monkeypatch.setattr(session, "ensure_engine", lambda _say: None)
    with session.engine_session(quietly):
        session.leave_engine(quietly)
        assert dockerd.poll() is None
    assert dockerd.poll() is not None
