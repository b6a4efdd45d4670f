"""Listen on a port of this machine and answer there until a signal ends it."""

import contextlib
import errno
import ipaddress
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import psutil
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from service.app import build_app, create
from service.heads import HeadsThatEnd
from service.mongodb_url import understood, wait_for_mongodb
from service.settings import Settings
from service.start_error import Ending, StartError

_WORKERS_START_S: Final = 30.0
_PREFIX: Final = "CALENDAR_"
OnListening = Callable[[str], None]


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
            app = _config(_built(settings))
            _AnnouncingServer(app, listener, on_listening).run([listener])
        else:
            os.environ.update({**environment, **shared})  # from which each worker is built
            config = _config(f"{create.__module__}:create", factory=True, workers=workers)
            _AnnouncingSupervisor(config, [listener], on_listening).run()


def _built(settings: Settings) -> FastAPI:
    """Return the service; raises StartError for a MongoDB URL that the driver does not take."""
    with understood(settings.mongodb_url.get_secret_value()):
        return build_app(settings)


def listen(environment: Mapping[str, str], host: str, port: int) -> socket.socket:
    """Return a socket that holds the port; 0 takes a free one.

    Connections are refused until the service can answer: a proxy in front then asks another replica
    instead of waiting for this one's start.

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
    held = socket.socket(family, socket.SOCK_STREAM)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        held.bind((host, port))
    except OSError as err:
        held.close()
        raise _not_listening(host, port, err) from err
    return held


def _config(
    app: ASGIApp | str,
    **more: Any,  # Any: uvicorn's options
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        backlog=2048,
        access_log=False,
        server_header=False,
        http=HeadsThatEnd,
        proxy_headers=False,  # CALENDAR_TRUSTED_PROXIES says whose word counts
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
        field = "_".join(str(part) for part in first["loc"])
        is_secret = Settings.model_fields[field].annotation is SecretStr
        value = "" if is_secret else f"={first['input']!r}"
        raise StartError(
            Ending.BAD_INPUT,
            f"{_PREFIX}{field.upper()}{value}: {first['msg']}",
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
        try:
            await super().startup(sockets)
        except OSError as err:  # another that held the port as well began to listen first
            host, port = self._listener.getsockname()[:2]
            raise _not_listening(host, port, err) from err
        if not self.should_exit:
            self._on_listening(_url_of(self._listener))


class _AnnouncingSupervisor(Multiprocess):
    """Says where its workers listen as soon as all of them have started."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], on_listening: OnListening
    ) -> None:
        at_hang_up = signal.getsignal(signal.SIGHUP)
        super().__init__(config, sockets)
        if at_hang_up == signal.SIG_IGN:  # by nohup; else it would start the workers anew
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._on_listening = on_listening

    def init_processes(self) -> None:
        super().init_processes()
        deadline = time.monotonic() + _WORKERS_START_S
        while not all(process.is_ready(timeout=1) for process in self.processes):
            if time.monotonic() > deadline or not self.processes[0].is_alive():
                return
            time.sleep(0.05)
        self._on_listening(_url_of(self.sockets[0]))


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
