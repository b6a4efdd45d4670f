"""Listen on a port of this machine and answer there until a signal ends it."""

import contextlib
import errno
import ipaddress
import os
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, Final

import psutil
import pymongo
import pymongo.errors
import uvicorn
from pydantic import ValidationError
from uvicorn.supervisors import Multiprocess

from service.app import build_app, create
from service.settings import Settings

_WORKERS_START_S: Final = 30.0
_PREFIX: Final = "CALENDAR_"
OnListening = Callable[[str], None]


class Ending(IntEnum):
    """The exit codes of a service that could not start."""

    BAD_INPUT = 2
    UNREACHABLE = 3
    REFUSED = 4


class StartError(Exception):
    """Why the service cannot start; `hint` is the next step and `code` the exit code."""

    def __init__(self, code: Ending, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.code, self.hint = code, hint


def serve(
    environment: Mapping[str, str],
    listener: socket.socket,
    *,
    workers: int,
    wait_s: float,
    on_listening: OnListening,
) -> None:
    """Serve until a signal ends it, with the service's settings taken from `environment`.

    `on_listening` gets the URL once requests are answered. Before that, waits up to `wait_s`
    seconds for MongoDB; 0 starts without it, and the service then says 503 until it is there.
    """
    with contextlib.ExitStack() as stack:
        shared = {"CALENDAR_WORKERS": str(workers)}
        if workers > 1 and "CALENDAR_METRICS_DIR" not in environment:
            shared["CALENDAR_METRICS_DIR"] = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="calendar-metrics-")
            )
        settings = _settings({**environment, **shared})
        if wait_s > 0:
            wait_for_mongodb(settings.mongodb_url.get_secret_value(), timeout_s=wait_s)
        if workers == 1:
            app = _config(build_app(settings))
            _AnnouncingServer(app, listener, on_listening).run([listener])
        else:
            os.environ.update({**environment, **shared})  # from which each worker is built
            config = _config(f"{create.__module__}:create", factory=True, workers=workers)
            _AnnouncingSupervisor(config, [listener], on_listening).run()


def listen(environment: Mapping[str, str], host: str, port: int) -> socket.socket:
    """Return a listening socket; 0 takes a free port.

    Raises StartError for a public address without authentication, and when the port cannot be
    had.
    """
    if _settings(environment).auth == "off" and not _is_loopback(host):
        raise StartError(
            Ending.REFUSED,
            f"{host} can be reached by others and authentication is off",
            hint="set CALENDAR_AUTH=on, or listen on 127.0.0.1",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as err:
        raise _not_listening(host, port, err) from err


def _config(app: Any, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        **more,
    )


def _settings(environment: Mapping[str, str]) -> Settings:
    """Return the service's settings; raises StartError naming the variable that is wrong."""
    given = {
        name.removeprefix(_PREFIX).lower(): value for name, value in environment.items() if value
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as err:
        first = err.errors()[0]
        name = _PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise StartError(
            Ending.BAD_INPUT,
            f"{name}={first['input']!r}: {first['msg']}",
            hint="docs/service.md lists every setting and what it may be",
        ) from err


class _AnnouncingServer(uvicorn.Server):
    """Says where it listens as soon as, and not before, it answers."""

    def __init__(
        self, config: uvicorn.Config, listener: socket.socket, on_listening: OnListening
    ) -> None:
        super().__init__(config)
        self._listener, self._on_listening = listener, on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._on_listening(_url_of(self._listener))


class _AnnouncingSupervisor(Multiprocess):
    """Says where its workers listen as soon as all of them have started."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], on_listening: OnListening
    ) -> None:
        super().__init__(config, sockets)
        self._on_listening = on_listening

    def init_processes(self) -> None:
        super().init_processes()
        deadline = time.monotonic() + _WORKERS_START_S
        while not all(process.is_ready(timeout=1) for process in self.processes):
            if time.monotonic() > deadline or not self.processes[0].is_alive():
                return
            time.sleep(0.05)
        self._on_listening(_url_of(self.sockets[0]))


def wait_for_mongodb(url: str, *, timeout_s: float) -> None:
    """Return when MongoDB answers a ping; raise StartError after `timeout_s` seconds."""
    if not url.startswith(("mongodb://", "mongodb+srv://")):
        raise StartError(
            Ending.BAD_INPUT,
            "CALENDAR_MONGODB_URL does not begin with mongodb://",
            hint="it looks like mongodb://HOST:27017/calendar",
        )
    deadline = time.monotonic() + timeout_s
    try:
        with pymongo.MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=500) as client:
            while True:
                try:
                    client.admin.command("ping")
                except pymongo.errors.ConnectionFailure as err:
                    if time.monotonic() >= deadline:
                        raise _no_mongodb(client, timeout_s) from err
                    time.sleep(0.1)
                else:
                    return
    except (pymongo.errors.InvalidURI, pymongo.errors.ConfigurationError) as err:
        raise StartError(
            Ending.BAD_INPUT,
            f"CALENDAR_MONGODB_URL is not a MongoDB URL: {err}",
            hint="it looks like mongodb://HOST:27017/calendar",
        ) from err


def _no_mongodb(client: pymongo.MongoClient[dict[str, object]], timeout_s: float) -> StartError:
    seeds = ", ".join(
        f"{host}:{port}" for host, port in sorted(client.topology_description.server_descriptions())
    )
    return StartError(
        Ending.UNREACHABLE,
        f"MongoDB at {seeds} did not answer within {timeout_s:g} s",
        hint="start it, correct CALENDAR_MONGODB_URL, or bring one along with --embedded",
    )


def _not_listening(host: str, port: int, err: OSError) -> StartError:
    if err.errno == errno.EADDRINUSE:
        return StartError(
            Ending.UNREACHABLE,
            f"port {port} on {host} is in use{_holder(port)}",
            hint="end that process, or choose another port; --port 0 takes a free one",
        )
    reason = err.strerror or str(err)
    return StartError(
        Ending.UNREACHABLE,
        f"cannot listen on {host} port {port}: {reason}",
        hint="use an address of this machine and a port above 1023",
    )


def _holder(port: int) -> str:
    """Return who holds a port, as far as this user may know."""
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("inet"):
            local = connection.laddr
            if connection.pid and local and local.port == port and connection.status == "LISTEN":
                return f" by process {connection.pid} ({psutil.Process(connection.pid).name()})"
    return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"
