"""Make `.venv` with the `sre` command in it: the one module that runs before anything is installed.

Standard library only. Whatever ends it, no child and no temporary folder stays behind: each child
runs in a session of its own that is ended with it, and pip's scratch space lies inside `.venv`.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".complete"
LOCK = ROOT / "requirements.lock"
OLDEST = (3, 11)


def main() -> int:
    """Bring `.venv` up to date with the lock and return the exit code."""
    if sys.version_info < OLDEST:
        return _refuse(
            f"Python {sys.version.split()[0]} is too old", "install Python 3.11 or newer"
        )
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(ending) != signal.SIG_IGN:  # as nohup has it
            signal.signal(ending, _leave)
    wanted = _fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        STAMP.touch()
        return 0
    if importlib.util.find_spec("ensurepip") is None and not _install_venv_package():
        return 3
    STAMP.unlink(missing_ok=True)
    scratch = VENV / "tmp"
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-qq"]
    install = [*pip, "install", "--no-deps"]
    pinned = [*install, "--no-compile", "--require-hashes", "-r"]  # compiled when imported
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        steps = (
            ("creating .venv", [[sys.executable, "-m", "venv", str(VENV)]]),
            (
                "installing the pinned dependencies (about a minute)",
                [[*pinned, str(share)] for share in _shares(scratch)],
            ),
            (
                "installing the sre command",
                [[*install, "--no-build-isolation", "--editable", str(ROOT)]],
            ),
        )
        for number, (what, commands) in enumerate(steps, 1):
            _say(f"setup {number}/{len(steps)}: {what}")
            if any(_run(commands, scratch)):
                return _refuse(f"{what} failed", "see above; does a package index answer?")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    STAMP.write_text(wanted)
    return 0


def _shares(folder: Path) -> list[Path]:
    """Write the lock into one file for each processor, to be installed side by side."""
    pins = re.split(r"\n(?=\S)", LOCK.read_text().strip())
    many = min(os.cpu_count() or 1, 4, len(pins))
    shares = [folder / f"pins-{number}.txt" for number in range(many)]
    for number, share in enumerate(shares):
        share.write_text("\n".join(pins[number::many]) + "\n")
    return shares


def _fingerprint() -> str:
    """Return a value that changes when an installation is no longer current."""
    parts = (LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode())
    return hashlib.sha256(b"\0".join((*parts, str(ROOT).encode()))).hexdigest()


def _install_venv_package() -> bool:
    """Install Debian's package of the venv module, where that is possible."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        _refuse("Python has no ensurepip module", "install it: apt-get install python3-venv")
        return False
    _say("setup: installing Debian's python3-venv")
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install = [*apt, "install", "-y", "--no-install-recommends", "python3-venv"]
    return all(_run([step], None) == [0] for step in ([*apt, "update"], install))


_children: list[subprocess.Popen[bytes]] = []


def _run(commands: list[list[str]], scratch: Path | None) -> list[int]:
    """Run commands side by side, and return their exit codes."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if scratch is not None:
        environment["TMPDIR"] = str(scratch)
    _children.extend(
        subprocess.Popen(command, env=environment, start_new_session=True, stdin=subprocess.DEVNULL)
        for command in commands
    )
    try:
        return [child.wait() for child in _children]
    finally:
        for child in _children:
            child.wait()
        _children.clear()


def _leave(number: int, _frame: FrameType | None) -> None:
    for child in _children:
        os.killpg(child.pid, signal.SIGKILL)
    sys.exit(128 + number)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _refuse(problem: str, next_step: str) -> int:
    sys.stderr.write(f"error: {problem}\nhint: {next_step}\n")
    return 3


if __name__ == "__main__":
    sys.exit(main())
