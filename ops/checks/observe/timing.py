"""Send a request and time its parts, as `curl --write-out` does."""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from kit.edge.target import Access, addressed
from kit.edge.tls import authorities
from kit.pure.errors import BadInputError
from ops.checks.timing import Taken


def check_timed(url: str) -> None:
    """Raise BadInputError where a URL cannot be asked."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInputError(f"{url!r} is no URL", hint="write https://calendar.example/healthz")


def take(url: str, access: Access, *, timeout_s: float) -> Taken:
    """Send one GET on a connection of its own; what goes wrong is a problem, with the part.

    Nothing is followed and no proxy is used: what is timed is the way to this very address.
    """
    parts = urlsplit(url)
    _, known = addressed(f"{parts.scheme}://{parts.netloc}", access)
    headers = {"User-Agent": "sre-check", "Connection": "close", **dict(known.headers)}
    if known.keys:
        headers["Authorization"] = f"Bearer {known.keys[0]}"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    timer = _Timer(str(parts.hostname), port, timeout_s)
    path = parts.path or "/"
    try:
        return timer.ask(f"{path}?{parts.query}" if parts.query else path, headers,
                         tls=_tls(known) if parts.scheme == "https" else None)  # fmt: skip
    except (OSError, http.client.HTTPException) as err:
        reason = f"no answer within {timeout_s:g} s" if isinstance(err, TimeoutError) else str(err)
        return Taken(problem=reason or type(err).__name__, part=timer.part)


def _tls(access: Access) -> ssl.SSLContext:
    if access.ca_file:
        return ssl.create_default_context(cafile=access.ca_file)
    return authorities()


class _Timer:
    """One request; `part` is the one that it is in."""

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        self.part = "DNS"
        self._host, self._port, self._timeout_s = host, port, timeout_s

    def ask(self, path: str, headers: Mapping[str, str], tls: ssl.SSLContext | None) -> Taken:
        began = time.monotonic()
        found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        named = time.monotonic()
        self.part = "connect"
        connection = _connected(found, self._timeout_s)
        joined = secured = time.monotonic()
        with connection:
            if tls is not None:
                self.part = "TLS"
                connection = tls.wrap_socket(connection, server_hostname=self._host)
                secured = time.monotonic()
            self.part = "first byte"
            with connection:
                status, size, first = self._read(connection, path, headers)
                ended = time.monotonic()
        return Taken(named - began, joined - named, secured - joined if tls else None,
                     first - secured, ended - began, status, size)  # fmt: skip

    def _read(
        self, connection: socket.socket, path: str, headers: Mapping[str, str]
    ) -> tuple[int, int, float]:
        client = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        client.sock = connection
        client.request("GET", path, headers=dict(headers))
        answer = client.getresponse()
        first = time.monotonic()
        self.part = "rest of the answer"
        return answer.status, len(answer.read()), first


Address = tuple[int, int, int, str, tuple[object, ...]]
"""As `getaddrinfo` gives it: family, kind, protocol, canonical name, and what to connect to."""


def _connected(found: Sequence[Address], timeout_s: float) -> socket.socket:
    """Return a connection to the first address that takes one."""
    problem: OSError = OSError("the name has no address")
    for family, kind, protocol, _, address in found:
        made = socket.socket(family, kind, protocol)
        made.settimeout(timeout_s)
        try:
            made.connect(address)
        except OSError as err:
            made.close()
            problem = err
        else:
            return made
    raise problem
