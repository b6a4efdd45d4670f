"""Each rung of the ladder to an engine, as the command line shows it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.edge.containers.catalog import ROOT
from kit.edge.containers.docker import docker
from kit.edge.containers.session import FOLDER, REQUIRE, SESSION, SESSION_LABEL
from tests.support.waiting import HANGS_S, wait_for

NOWHERE = {"DOCKER_HOST": "tcp://127.0.0.1:1", REQUIRE: ""}
IMAGES = (sys.executable, "-m", "ops.images")


def _run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGS_S,
    )


def test_an_engine_elsewhere_that_does_not_answer_is_one_error_line_and_exit_3() -> None:
    done = _run(*IMAGES, "redis", **NOWHERE)
    assert done.returncode == 3
    error, hint = done.stderr.splitlines()
    assert error.startswith("error: the container engine at DOCKER_HOST=tcp://127.0.0.1:1")
    assert hint.startswith("hint: start that engine")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_who_may_not_start_an_engine_is_told_what_to_do() -> None:
    done = subprocess.run(
        ("/usr/bin/python3", "-m", "ops.images", "redis"),
        cwd=ROOT,
        # Nobody may open the engine's socket, nor read a package installed for root alone.
        env={"PATH": "/nonexistent", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        user=65534,
        group=65534,
        extra_groups=(),
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGS_S,
    )
    assert done.returncode == 3, done.stderr
    assert "error: no container engine answers, and only root may start one" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_engine_the_command_still_runs_and_keeps_its_exit_code() -> None:
    done = _run(*IMAGES, "run", "--", "sh", "-c", "exit 7", **NOWHERE)
    assert done.returncode == 7
    assert "what needs them will be skipped" in done.stderr


def test_where_containers_are_required_the_command_does_not_even_start(tmp_path: Path) -> None:
    mark = tmp_path / "started"
    done = _run(*IMAGES, "run", "--", "touch", str(mark), **{**NOWHERE, REQUIRE: "1"})
    assert done.returncode == 3
    assert not mark.exists()


ASKS = """
def test_asks_for_redis(redis_url):
    assert redis_url
"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("required", "code", "outcome"), [("", 0, "1 skipped"), ("1", 1, "1 error")]
)
def test_a_test_without_an_engine_is_skipped_with_the_reason_or_fails_where_required(
    tmp_path: Path, required: str, code: int, outcome: str
) -> None:
    (tmp_path / "test_it.py").write_text(ASKS)
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    words = ("-p", "no:cacheprovider", "-q", "-rs", "--rootdir", str(ROOT), "-c", "pyproject.toml")
    done = _run(
        *(sys.executable, "-m", "pytest", *words, str(tmp_path)),
        **{**NOWHERE, REQUIRE: required, SESSION: "nowhere", FOLDER: str(tmp_path / "notes")},
    )
    assert done.returncode == code, done.stdout
    assert outcome in done.stdout
    assert "no container engine answers" in done.stdout


def test_the_engine_that_answers_is_taken_and_stays(
    engine: str, image_of_role: Callable[[str], str]
) -> None:
    image_of_role("redis")
    done = _run(*IMAGES, "redis")
    assert done.returncode == 0
    first, second = done.stderr.splitlines()
    assert first == f"engine: the one that answers (Docker {engine})"
    assert second.startswith("image redis: present")
    assert docker("version").returncode == 0


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_killed_leaves_no_container_behind(
    image_of_role: Callable[[str], str], tmp_path: Path, number: signal.Signals
) -> None:
    image = image_of_role("redis")
    note = tmp_path / "session"
    script = (
        f'printf %s "${SESSION}" >{note}.part && '
        f'docker run --detach --label "{SESSION_LABEL}=${SESSION}" {image} && '
        f"mv {note}.part {note} && exec sleep 60"
    )
    with subprocess.Popen(
        (*IMAGES, "run", "--", "sh", "-c", script),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as child:
        wait_for(note.is_file, what="the container runs", within_s=90)
        label = f"label={SESSION_LABEL}={note.read_text()}"
        assert docker("ps", "--quiet", "--filter", label).stdout.strip()
        child.send_signal(number)
        assert child.wait(timeout=HANGS_S) == 128 + number
    assert not docker("ps", "--all", "--quiet", "--filter", label).stdout.strip()
