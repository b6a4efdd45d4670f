"""One server for all workers of a parallel run: the first that needs it starts it."""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.support.container import Server
from tests.support.environment import session_folder


def shared_server(name: str, start: Callable[[], Server]) -> Server:
    """Return the server called `name`, started by whoever of this test run asks first.

    It is removed with everything else of the run, by the process that started the workers.
    """
    with locked(name):
        note = session_folder() / f"{name}.json"
        if note.is_file():
            return Server(**json.loads(note.read_text()))
        server = start()
        note.write_text(json.dumps(asdict(server)))
        return server


def shared_folder(name: str, fill: Callable[[Path], None]) -> Path:
    """Return the folder called `name`, filled by whoever of this test run asks first."""
    with locked(name):
        folder = session_folder() / name
        if not folder.is_dir():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            fill(part)
            part.rename(folder)
        return folder


def next_number(name: str) -> int:
    """Return 0, 1, 2, … : each number once in this test run, whichever worker asks."""
    with locked(name):
        note = session_folder() / f"{name}.count"
        number = int(note.read_text()) if note.is_file() else 0
        note.write_text(str(number + 1))
        return number


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one worker of a test run in at a time."""
    session_folder().mkdir(exist_ok=True)
    with (session_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
