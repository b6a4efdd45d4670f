"""Steps that are cut short take everything that they started with them."""

import subprocess
from pathlib import Path

import psutil
import pytest

from kit.edge.containers.steps import run_step, step
from tests.support.waiting import wait_for


def test_a_step_gives_what_it_printed_and_its_exit_code() -> None:
    done = run_step(("sh", "-c", "echo out; echo err >&2; exit 3"), limit_s=30)
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "err\n")


def test_a_step_that_is_cut_short_ends_its_grandchildren_too(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    script = f"sleep 60 & echo $! >{note}.part && mv {note}.part {note}; wait"
    with step(("sh", "-c", script)):
        wait_for(note.is_file, what="the grandchild runs", within_s=30)
    grandchild = int(note.read_text())
    wait_for(lambda: not _runs(grandchild), what="the grandchild has ended", within_s=10)


def test_a_step_that_is_cut_short_may_clean_up_after_itself(tmp_path: Path) -> None:
    scratch, ready = tmp_path / "scratch", tmp_path / "ready"
    script = f"trap 'rm {scratch}; exit 1' TERM; touch {scratch} {ready}; sleep 60 & wait"
    with step(("sh", "-c", script)):
        wait_for(ready.is_file, what="the step runs", within_s=30)
    assert not scratch.exists()


def test_a_step_that_takes_too_long_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run_step(("sleep", "infinity"), limit_s=0.2)


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
