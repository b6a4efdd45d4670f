"""Children end with us, whatever ends us."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit.edge.children import child
from kit.pure.errors import UnreachableError
from tests.support.waiting import HANGS_S

PARENT = """
import sys, pathlib, time
from kit.edge.children import Ending, child
from ops.embedded import temporary_folder
from tests.support.waiting import HANGS_S
ending = Ending()
try:
    with temporary_folder() as folder:
        log = folder / "log"
        command = [sys.executable, "-c", "import time; time.sleep(60)"]
        with child(command, name="x", log=log) as running:
            print(running.process.pid, folder, flush=True)
            time.sleep(60)
finally:
    sys.exit(ending.exit_code)
"""

HEEDING = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)\n" + PARENT
"""The same where whoever runs the tests ignores a hang-up."""


def gone(pid: int, *, within_s: float = HANGS_S) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_the_child_and_removes_the_folder(number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HEEDING], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().split()
        parent.send_signal(number)
        parent.send_signal(number)
        assert parent.wait(HANGS_S) == code
    assert gone(int(pid))
    assert not Path(folder).exists()


def test_killing_us_outright_still_ends_the_child() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().split()
        parent.kill()
    assert gone(int(pid))
    (Path(folder) / "log").unlink()
    Path(folder).rmdir()


def test_a_child_that_ends_while_starting_is_reported_with_its_last_words(tmp_path: Path) -> None:
    script = "print('no room on the disk'); raise SystemExit(7)"
    with (
        pytest.raises(UnreachableError, match=r"the thing ended with exit code 7 .* no room on"),
        child([sys.executable, "-c", script], name="the thing", log=tmp_path / "log") as running,
    ):
        running.wait_for_line("ready", timeout_s=20)


def test_a_child_that_says_nothing_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    with (
        pytest.raises(UnreachableError, match=r"the thing did not start within 0\.2 s"),
        child(
            [sys.executable, "-c", "import time; time.sleep(60)"],
            name="the thing",
            log=tmp_path / "log",
        ) as running,
    ):
        running.wait_for_line("ready", timeout_s=0.2)


def test_a_child_that_ignores_the_request_to_end_is_ended_with_all_it_started(
    tmp_path: Path,
) -> None:
    script = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print('started', p.pid, flush=True); time.sleep(60)"
    )
    with child([sys.executable, "-c", script], name="the thing", log=tmp_path / "log") as running:
        grandchild = int(running.wait_for_line(r"started (\d+)", timeout_s=20)[1])
        running.process.send_signal(signal.SIGSTOP)
        os.kill(running.process.pid, signal.SIGCONT)
    assert gone(grandchild)
    assert running.process.returncode == -signal.SIGKILL


def test_a_hang_up_that_nohup_ignores_ends_nothing() -> None:
    with subprocess.Popen(
        ["nohup", sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid, _ = parent.stdout.readline().split()
        parent.send_signal(signal.SIGHUP)
        ignored = int(
            Path(f"/proc/{parent.pid}/status").read_text().split("SigIgn:")[1].split()[0], 16
        )
        assert ignored & 1 << (signal.SIGHUP - 1)
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(HANGS_S) == 128 + signal.SIGTERM
    assert gone(int(pid))
