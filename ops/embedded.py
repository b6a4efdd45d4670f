"""The calendar service with all it needs, on loopback, for as long as a `with` block lasts."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kit.edge.children import child, signals_held

_MONGODB_START_S: Final = 30.0
_SERVICE_START_S: Final = 45.0


@dataclass(frozen=True, slots=True)
class EmbeddedService:
    """Where the service listens and where it writes its logs."""

    url: str
    logs: Path


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is gone when the block ends, also when a signal ends it."""
    with contextlib.ExitStack() as stack:
        with signals_held():
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="calendar-sre-"))
        yield Path(name)


@contextlib.contextmanager
def embedded_mongodb(data: Path, log: Path) -> Iterator[str]:
    """Run the local stand-in for MongoDB on `data` and yield its URL.

    It is a separate process on a free loopback port, never a part of this program.
    """
    server = [beside_python("secantusd-py"), "--host", "127.0.0.1", "--port", "0"]
    with child(
        [*server, "--cache-size", "256M", "--storage-path", str(data)],
        name="the MongoDB stand-in",
        log=log,
    ) as running:
        found = running.wait_for_line(
            r"listening on (127\.0\.0\.1:\d+)", timeout_s=_MONGODB_START_S
        )
        yield f"mongodb://{found[1]}/calendar"


@contextlib.contextmanager
def embedded_service() -> Iterator[EmbeddedService]:
    """Run `sre serve --embedded` as a child: no authentication, temporary data, loopback only.

    Everything is gone when the block ends, however it ends. Raises UnreachableError when a part
    does not start.
    """
    with temporary_folder() as folder:
        logs = folder / "logs"
        command = [beside_python("sre"), "serve", "--embedded", "--port", "0"]
        with child(
            [*command, "--data", str(folder / "data"), "--logs", str(logs)],
            name="the calendar service",
            log=folder / "service.log",
        ) as running:
            found = running.wait_for_line(r"listening on (http://\S+)", timeout_s=_SERVICE_START_S)
            yield EmbeddedService(url=found[1], logs=logs)


def beside_python(command: str) -> str:
    """Return the path of a command that is installed in the same environment as this program."""
    return str(Path(sys.executable).parent / command)
