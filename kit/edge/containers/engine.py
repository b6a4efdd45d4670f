"""The ladder to a container engine: the one that answers, else one that we install and start."""

import fcntl
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

from kit.edge.containers import Say
from kit.edge.containers.base import apt_install
from kit.edge.containers.cgroups import mount_cgroups
from kit.edge.containers.docker import docker, engine_version, last_line
from kit.pure.errors import UnreachableError

_ANSWERS_WITHIN_S: Final = 60.0
_STOPS_WITHIN_S: Final = 30.0
_LOOK_AGAIN_S: Final = 0.2
STATE: Final = Path("/run/calendar-sre")
_PID_FILE: Final = STATE / "dockerd.pid"
_LOG: Final = STATE / "dockerd.log"
_OURS: Final = "unix:///var/run/docker.sock"
_NEXT_STEP: Final = "install Docker and start it (as root on Debian this is done for you)"


def ensure_engine(say: Say) -> None:
    """Return when an engine answers, having started one where that was possible.

    Raises UnreachableError when no rung holds.
    """
    version = engine_version()
    if version is not None:
        say(f"engine: the one that answers (Docker {version})")
        return
    _refuse_unless_ours_to_start()
    STATE.mkdir(mode=0o755, exist_ok=True)
    with (STATE / "start.lock").open("w") as lock:
        # Of two that come at once, one starts the engine and the other finds it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if engine_version() is None:
            _bring_up(say)
    say(f"engine: Docker {engine_version()} answers")


def _bring_up(say: Say) -> None:
    if shutil.which("dockerd") is None or shutil.which("docker") is None:
        say("engine: installing Debian's docker.io")
        apt_install("docker.io", "iptables")
    if Path("/run/systemd/system").is_dir():
        say("engine: starting the system's docker service, which will stay")
        subprocess.run(("systemctl", "start", "docker"), check=False, capture_output=True)
        _wait_until_it_answers(None)
    else:
        _start_our_own(say)


def stop_our_engine(say: Say) -> None:
    """Stop the engine that `ensure_engine` started, unless a container runs in it.

    Any other engine stays, and so does ours while a stack that was brought up is still there, or
    while it does not say so.
    """
    try:
        pid = int(_PID_FILE.read_text())
    except (FileNotFoundError, ValueError):
        return
    if _is_dockerd(pid):
        running = docker("--host", _OURS, "ps", "--quiet")  # whatever DOCKER_HOST names
        if running.returncode != 0 or running.stdout.strip():
            return
        say("engine: stopping the one that was started here")
        _end(pid)
    _PID_FILE.unlink(missing_ok=True)


def _refuse_unless_ours_to_start() -> None:
    elsewhere = os.environ.get("DOCKER_HOST", "")
    if elsewhere:
        message = f"the container engine at DOCKER_HOST={elsewhere} does not answer"
        raise UnreachableError(message, hint="start that engine, or unset DOCKER_HOST")
    if os.geteuid() != 0:
        message = "no container engine answers, and only root may start one"
        raise UnreachableError(message, hint=_NEXT_STEP)
    if shutil.which("dockerd") is None and shutil.which("apt-get") is None:
        message = "no container engine answers, and this machine has no apt-get to install one with"
        raise UnreachableError(message, hint=_NEXT_STEP)


def _start_our_own(say: Say) -> None:
    say(f"engine: starting dockerd (log: {_LOG})")
    mount_cgroups()
    with _LOG.open("ab") as log:
        # A session of its own: Ctrl-C must reach the tests first, and the engine last.
        child = subprocess.Popen(
            ("dockerd",), stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    _PID_FILE.write_text(str(child.pid))
    _wait_until_it_answers(child)


def _wait_until_it_answers(child: subprocess.Popen[bytes] | None) -> None:
    deadline = time.monotonic() + _ANSWERS_WITHIN_S
    while time.monotonic() < deadline and (child is None or child.poll() is None):
        if engine_version() is not None:
            return
        time.sleep(_LOOK_AGAIN_S)
    if child is None:
        message, hint = "the docker service does not answer", "systemctl status docker says why"
        raise UnreachableError(message, hint=hint)
    said = last_line(_LOG.read_text(errors="replace"))
    _end(child.pid)
    _PID_FILE.unlink(missing_ok=True)
    message = f"dockerd does not answer within {_ANSWERS_WITHIN_S:.0f} s: {said}"
    raise UnreachableError(message, hint=f"{_LOG} holds its whole log")


def _is_dockerd(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "dockerd"
    except OSError:
        return False


def _end(pid: int) -> None:
    """End a process: ask, wait, and only then force; reap it where it is our child."""
    for number, patience_s in ((15, _STOPS_WITHIN_S), (9, 5.0)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if _gone(pid):
                return
            time.sleep(_LOOK_AGAIN_S)


def _gone(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    except ChildProcessError:
        pass
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"
