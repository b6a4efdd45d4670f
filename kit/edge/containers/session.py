"""Run a command while an engine and every image are there, and put things back afterwards."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
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
IMAGES_COMING: Final = "SRE_TEST_IMAGES_COMING"
"""Environment variable that is set while images are still being made."""
SESSION_LABEL: Final = f"{REPOSITORY}.session"
_BUILT_WITHIN_S: Final = 1800.0
_ERROR: Final = 2
"""Lines of an error: what is wrong, and a hint."""
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
    """Fetch or build what is missing of these images, the first of several beside the others.

    UnreachableError where one cannot be had.
    """
    ladder = ImageLadder(say)
    first, *others = roles
    apart = others and present_image(first) is None
    with _built_apart(first, ladder, say) if apart else nullcontext():
        for role in others if apart else roles:
            ladder.ensure(role)


@contextmanager
def _built_apart(role: str, ladder: ImageLadder, say: Say) -> Iterator[None]:
    """Have another process build an image while the block lasts, and wait for it at the end."""
    parent = image_of(role).parent
    if parent:
        ladder.ensure(parent)  # so that the block finds it too
    say(f"image {role}: building beside the others")
    with step((sys.executable, "-m", "ops.images", role)) as builder:
        yield
        _, output = builder.communicate(timeout=_BUILT_WITHIN_S)
    if builder.returncode != 0:
        raise UnreachableError(f"image {role} could not be made: {last_line(output, _ERROR)}")
    say(last_line(output))


@contextmanager
def _images_beside(roles: Sequence[str], say: Say) -> Iterator[bool]:
    """Have what is missing of these images made while the block lasts; tell whether it is any.

    Who needs one before it is there waits for it (ImageLadder).
    """
    missing = [role for role in roles if present_image(role) is None]
    if not missing:
        yield False
        return
    say(f"images: making {', '.join(missing)} while the first tests run")
    with step((sys.executable, "-m", "ops.images", *missing)) as builder:
        yield True
        if builder.poll() and builder.stderr:
            say(f"images: {last_line(builder.stderr.read(), _ERROR)}")


def run_with_containers(command: Sequence[str], say: Say) -> int:
    """Run a command with an engine there, and return its exit code.

    Those images that most tests run are made beside the first tests; the others, and Debian's
    packages, when a test asks. Where there can be no engine, the command runs without, unless it
    is required: then UnreachableError is raised before it starts. Whatever ends the command, its
    labelled containers are removed, and the engine is stopped if it was started for it.
    """
    with ExitStack() as held:
        coming = False
        with _unless_required(say):
            held.enter_context(engine_session(say))
            coming = held.enter_context(_images_beside(SOON_NEEDED, say))
        announce_packages(say)
        return _run(command, coming=coming)


@contextmanager
def _unless_required(say: Say) -> Iterator[None]:
    """Say that there can be no containers; let UnreachableError through where they must be."""
    try:
        yield
    except UnreachableError as err:
        if containers_required():
            raise
        say(f"containers: none ({err}); what needs them will be skipped")


def _run(command: Sequence[str], *, coming: bool) -> int:
    name = f"{os.getpid()}-{os.urandom(4).hex()}"
    with tempfile.TemporaryDirectory(prefix="calendar-sre-tests-") as folder:
        environment = {**os.environ, SESSION: name, FOLDER: folder}
        environment |= {IMAGES_COMING: "1"} if coming else {}
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
