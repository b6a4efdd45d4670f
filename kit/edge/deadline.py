"""An HTTP client whose time limit is for the whole answer.

A usual client's limit is for each read, so that a target which sends a byte now and then holds
it for ever. Here each read may only take what is left of the request's time.
"""

import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import httpcore2
import httpx2

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


class BoundedClient(httpx2.Client):
    """A client that gives each request `limit_s` seconds, from connecting to the last byte."""

    def __init__(
        self, base_url: str, *, limit_s: float, headers: dict[str, str], tls: ssl.SSLContext
    ) -> None:
        super().__init__(
            base_url=base_url,
            headers=headers,
            timeout=limit_s,
            transport=_Transport(tls),
            trust_env=False,
        )
        self._limit_s = limit_s

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send a request; raises httpx2.TimeoutException when its time is over."""
        token = _ends_at.set(time.monotonic() + self._limit_s)
        try:
            return super().send(request, **options)
        finally:
            _ends_at.reset(token)


class _Transport(httpx2.HTTPTransport):
    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls,
            max_connections=100,
            max_keepalive_connections=100,
            network_backend=_Backend(),
        )


class _Backend(httpcore2.NetworkBackend):
    def __init__(self) -> None:
        self._real = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        limit_s = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._real.connect_tcp(host, port, limit_s, local_address, socket_options))


class _Stream(httpcore2.NetworkStream):
    def __init__(self, real: httpcore2.NetworkStream) -> None:
        self._real = real

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, _left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._real.write(buffer, _left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        limit_s = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._real.start_tls(ssl_context, server_hostname, limit_s))

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)


def _left(timeout: float | None, over: type[httpcore2.TimeoutException]) -> float | None:
    """Return what is left of the request's time, at most `timeout`; raise `over` at its end."""
    ends_at = _ends_at.get()
    if ends_at is None:
        return timeout
    left = ends_at - time.monotonic()
    if left <= 0:
        raise over("the time for the whole answer is over")
    return left if timeout is None else min(left, timeout)
