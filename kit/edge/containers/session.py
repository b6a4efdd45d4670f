"""Run a command while an engine and every image are there, and put things back afterwards."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import IO, Final

from kit.edge.children import heeded
from kit.edge.containers import Say
from kit.edge.containers.catalog import REPOSITORY, SOON_NEEDED, image_of
from kit.edge.containers.docker import engine_version, last_line, remove_labelled
from kit.edge.containers.engine import STATE, ensure_engine, stop_our_engine
from kit.edge.containers.images import ImageLadder, present_image
from kit.edge.containers.packages import announce_packages
from kit.edge.containers.steps import step
from kit.pure.errors import UnreachableError

REQUIRE: Final = "SRE_REQUIRE_CONTAINERS"
SESSION: Final = "SRE_TEST_SESSION"
"""Environment variable with the name that every container of a test run is labelled with."""
FOLDER: Final = "SRE_TEST_FOLDER"
"""Environment variable with a folder that lasts as long as the test run."""
SESSION_LABEL: Final = f"{REPOSITORY}.session"
_BUILT_WITHIN_S: Final = 1800.0
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def end_on_signals() -> None:
    """Turn a signal that would end this process into SystemExit, so that `with` blocks clean up."""
    for number in heeded(_ENDING):
        signal.signal(number, _unwind)


def containers_required() -> bool:
    """Tell whether running without containers would be a failure, as it is where CI is set."""
    return os.environ.get(REQUIRE, os.environ.get("CI", "")) not in {"", "0", "false"}


@contextmanager
def engine_session(say: Say) -> Iterator[None]:
    """Have an engine that answers; the last to leave stops it, if we started it.

    Raises UnreachableError when there can be none.
    """
    with _engine_in_use(say):
        ensure_engine(say)
        yield


def leave_engine(say: Say) -> None:
    """Stop the engine if we started it, no other run uses it and no container runs in it."""
    with _engine_in_use(say):
        pass


@contextmanager
def _engine_in_use(say: Say) -> Iterator[None]:
    lock = _shared_lock()
    try:
        yield
    finally:
        if _nobody_else_uses(lock):
            stop_our_engine(say)
        if lock is not None:
            lock.close()


def ensure_images(roles: Sequence[str], say: Say) -> None:
    """Fetch or build what is missing of these images."""
    ladder = ImageLadder(say)
    for role in roles:
        ladder.ensure(role)


@contextmanager
def built_apart(role: str, say: Say) -> Iterator[None]:
    """Have another process build an image while the block lasts, and wait for it at the end.

    Its parent is made first, so that the block finds it too. UnreachableError when it fails.
    """
    if present_image(role) is not None:
        ensure_images([role], say)
        yield
        return
    ensure_images([image_of(role).parent], say)
    say(f"image {role}: building beside the others")
    with step((sys.executable, "-m", "ops.images", role)) as builder:
        yield
        _, output = builder.communicate(timeout=_BUILT_WITHIN_S)
    if builder.returncode != 0:
        raise UnreachableError(f"image {role} could not be made: {last_line(output)}")
    say(last_line(output))


def run_with_containers(command: Sequence[str], say: Say) -> int:
    """Run a command with engine and images there, and return its exit code.

    Those images are made that most tests run; the others, and Debian's packages, when a test asks.
    Where there can be none, the command runs without, unless they are required: then
    UnreachableError is raised before it starts. Whatever ends the command, its labelled containers
    are removed, and the engine is stopped if it was started for it.
    """
    with ExitStack() as held:
        with _unless_required(say):
            held.enter_context(engine_session(say))
            first, *others = SOON_NEEDED
            with built_apart(first, say):
                ensure_images(others, say)
        announce_packages(say)
        return _run(command)


@contextmanager
def _unless_required(say: Say) -> Iterator[None]:
    """Say that there can be no containers; let UnreachableError through where they must be."""
    try:
        yield
    except UnreachableError as err:
        if containers_required():
            raise
        say(f"containers: none ({err}); what needs them will be skipped")


def _run(command: Sequence[str]) -> int:
    name = f"{os.getpid()}-{os.urandom(4).hex()}"
    with tempfile.TemporaryDirectory(prefix="calendar-sre-tests-") as folder:
        environment = {**os.environ, SESSION: name, FOLDER: folder}
        with subprocess.Popen(command, env=environment) as child:
            try:
                code = _wait(child)
            finally:
                _ignore_ending_signals()
                if child.poll() is None:
                    child.terminate()
                if engine_version() is not None:
                    remove_labelled(f"{SESSION_LABEL}={name}")
    return code if code >= 0 else 128 - code


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child and pass on what would end us; return its code, negative for a signal."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # The terminal sends Ctrl-C to the child itself.
        if number != signal.SIGINT:
            child.send_signal(number)

    for number in _ENDING:
        signal.signal(number, pass_on)
    return child.wait()


def _unwind(number: int, _frame: FrameType | None) -> None:
    _ignore_ending_signals()
    raise SystemExit(128 + number)


def _ignore_ending_signals() -> None:
    """Let nothing, an impatient second Ctrl-C included, cut a clean-up short."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


def _shared_lock() -> IO[str] | None:
    """Say that the engine is in use; only root, who may start and stop it, needs to."""
    if os.geteuid() != 0:
        return None
    STATE.mkdir(mode=0o755, exist_ok=True)
    lock = (STATE / "engine.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def _nobody_else_uses(lock: IO[str] | None) -> bool:
    if lock is None:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
