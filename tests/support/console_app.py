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
from console.edge.running import Server
from console.edge.session import Session
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
def serving(
    about: About, *, port: int = 0, token: str | None = None, **options: Any
) -> Iterator[str]:
    """Give the address of a console that serves until the end, with a token where one is given."""
    listening = socket.create_server(("127.0.0.1", port))
    options["session"] = None if token is None else Session(token)
    stopping = threading.Event()
    app = build(about, stopping=stopping, **options)
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=2)
    server = Server(config, stopping)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        wait_for(lambda: server.started, what="the console serves", within_s=5)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
