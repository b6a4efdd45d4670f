"""Start processes that begin with our packages imported: a start costs a fork.

Importing takes over a second of CPU and is the same each time; what a test is about comes after.
The processes are the product's own in everything else: environment, folder, files, session.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.support.waiting import HANGS_S
from tests.support.warm_generators import use_warm_generators


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.warm_imports"])
    return context


def start_service(words: Sequence[str], environment: Mapping[str, str], log: Path) -> BaseProcess:
    """Return a running `uvicorn WORDS` in a session of its own; it writes into `log`."""
    return _start(_serve, words, environment, Path.cwd(), log, log)


def sre_warm(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run one command line of `sre` in a folder and return what it printed, none of it to a TTY."""
    with tempfile.TemporaryDirectory(prefix="sre-warm-") as place:
        out, complaint = Path(place) / "out", Path(place) / "err"
        process = _start(_command, words, environment, folder, out, complaint)
        process.join(HANGS_S)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(words), HANGS_S, out.read_text())
        return subprocess.CompletedProcess(
            list(words), process.exitcode, out.read_text(), complaint.read_text()
        )


def sre_begun(words: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> BaseProcess:
    """Return one command line of `sre` at work in a folder; nobody reads what it prints."""
    return _start(_command, words, environment, folder, Path(os.devnull), Path(os.devnull))


Work = Callable[[list[str]], None]


def _start(
    work: Work,
    words: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    out: Path,
    complaint: Path,
) -> BaseProcess:
    options = (work, list(words), dict(environment), folder, out, complaint)
    process = _context().Process(target=_in_its_place, args=options)
    process.start()
    return process


def _in_its_place(
    work: Work,
    words: list[str],
    environment: dict[str, str],
    folder: Path,
    out: Path,
    complaint: Path,
) -> None:
    os.setsid()
    os.chdir(folder)
    with Path(os.devnull).open("rb") as no, out.open("ab") as one, complaint.open("ab") as two:
        for number, file in enumerate((no, one, two)):
            os.dup2(file.fileno(), number)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    work(words)


def _serve(words: list[str]) -> None:
    process, command = import_module("uvicorn._subprocess"), import_module("uvicorn.main")
    vars(process)["spawn"] = multiprocessing.get_context("fork")  # its workers begin imported, too
    sys.argv = ["uvicorn", *words]
    command.main(args=words, prog_name="uvicorn")


def _command(words: list[str]) -> None:
    sys.argv = ["sre", *words]
    use_warm_generators()
    import_module("sre.main").main()
