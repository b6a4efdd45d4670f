"""The console on a loopback port of its own, in a thread of the test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from console.edge.about import About
from console.edge.app import build
from slo.edge.files import load_objectives
from slo.edge.project_file import SHIPPED, load_project
from tests.support.waiting import wait_for


def about_of(folder: Path, **places: Any) -> About:
    """Return what a console in a test is about; nothing is named unless `places` does."""
    shipped = About(
        project=load_project(SHIPPED),
        objectives=load_objectives(),
        prometheus=None,
        alertmanager=None,
        runs=folder,
        backups=None,
        logs=None,
        notices=folder / "status",
    )
    return replace(shipped, **places)


@contextmanager
def serving(about: About, **options: Any) -> Iterator[str]:
    """Give the address of a console that serves until the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(build(about, **options), log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        wait_for(lambda: server.started, what="the console serves", within_s=5)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
