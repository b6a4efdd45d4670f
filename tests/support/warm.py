"""Run the service in a process that begins with the service imported: a start costs a fork.

Importing takes over a second of CPU and is the same each time; what a test is about comes after. The
processes are the service's own in everything else: own environment, own files, own group.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path

from uvicorn import _subprocess
from uvicorn import main as uvicorn_main


@cache
def _imported() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.warm", "service.app"])
    return context


def start_warm(words: Sequence[str], environment: Mapping[str, str], log: Path) -> BaseProcess:
    """Return a running `uvicorn WORDS` in a session of its own; it writes into `log`."""
    process = _imported().Process(target=_serve, args=(list(words), dict(environment), log))
    process.start()
    return process


def _serve(words: list[str], environment: dict[str, str], log: Path) -> None:
    os.setsid()
    with log.open("ab") as out, Path(os.devnull).open("rb") as nothing:
        for number, file in enumerate((nothing, out, out)):
            os.dup2(file.fileno(), number)
    sys.stdin = Path(os.devnull).open()
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["uvicorn", *words]
    _subprocess.spawn = multiprocessing.get_context("fork")  # its workers begin imported, too
    uvicorn_main.main(args=words, prog_name="uvicorn")
