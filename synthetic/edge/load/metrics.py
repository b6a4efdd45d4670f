"""A running load test's own metrics: scraped while it goes, or pushed at its end."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Final
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Gauge, push_to_gateway, start_http_server
from prometheus_client.exposition import default_handler

from kit.pure.errors import UnreachableError
from kit.pure.urls import Address, address_of
from synthetic.load.progress import OnProgress, Progress, Tick

JOB: Final = "load"
_MS_PER_S: Final = 1000.0
_GATEWAY: Final = "--push-to http://127.0.0.1:9091"


class RunMetrics:
    """Gauges of the last tick, on a registry of their own, labelled with the profile."""

    def __init__(self, profile: str) -> None:
        self.registry = CollectorRegistry()
        self._profile = profile
        self._requests = self._gauge("load_requests", "Requests that have ended")
        self._failed = self._gauge("load_failed_requests", "Requests that failed")
        self._rate = self._gauge("load_rate_per_second", "Requests ended in the last half second")
        self._p95 = self._gauge("load_p95_seconds", "95th percentile of latency so far")
        self._lag = self._gauge("load_lag_p99_seconds", "99th percentile of the schedule lag")
        self._budget = self._gauge("load_budget_spent_ratio", "Highest budget spent, 1 is all")

    def take(self, tick: Tick) -> None:
        """Remember a tick."""
        values = (
            (self._requests, float(tick.finished)),
            (self._failed, float(tick.failed)),
            (self._rate, tick.rate_per_s),
            (self._p95, None if tick.p95_ms is None else tick.p95_ms / _MS_PER_S),
            (self._lag, None if tick.lag_p99_ms is None else tick.lag_p99_ms / _MS_PER_S),
            (self._budget, tick.budget_spent),
        )
        for gauge, value in values:
            if value is not None:
                gauge.labels(self._profile).set(value)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, ("profile",), registry=self.registry)


def gateway_at(text: str) -> Address:
    """Return the address of a Pushgateway given as a URL or as HOST:PORT.

    Raises BadInputError when it is neither, UnreachableError when the host has no address.
    """
    place = address_of(text if "://" in text else f"http://{text}", example=_GATEWAY)
    parts = urlsplit(place.url)
    try:
        socket.getaddrinfo(parts.hostname, parts.port or parts.scheme)
    except OSError as err:
        raise UnreachableError(
            f"the Pushgateway's host {parts.hostname!r} has no address: {err.strerror}",
            hint=f"e.g. {_GATEWAY}",
        ) from err
    return place


def _sender(place: Address) -> Callable[..., Callable[[], None]]:
    """Return the client's own way to push, with what the gateway wants to see."""

    def send(
        url: str, method: str, timeout: float | None, headers: list[tuple[str, str]], data: bytes
    ) -> Callable[[], None]:
        return default_handler(url, method, timeout, [*headers, *place.headers.items()], data)

    return send


@contextmanager
def watched(
    inner: OnProgress,
    port: int | None,
    push_to: Address | None,
    profile: str,
    warn: Callable[[str], None],
) -> Iterator[OnProgress]:
    """Yield a callback that feeds `inner` and, where asked for, /metrics on `port`.

    At the end they are pushed to the Pushgateway at `push_to`; when that fails, `warn` is called,
    for the run is done and its verdict stands. Raises UnreachableError when the port is taken.
    """
    if port is None and push_to is None:
        yield inner
        return
    metrics = RunMetrics(profile)

    def take(event: Progress) -> None:
        if isinstance(event, Tick):
            metrics.take(event)
        inner(event)

    with _served(metrics, port):
        yield take
    if push_to is not None:
        try:
            push_to_gateway(push_to.url, JOB, metrics.registry, handler=_sender(push_to))
        except (OSError, HTTPException) as err:
            warn(f"the run's metrics were not pushed to {push_to.url}: {err}")


@contextmanager
def _served(metrics: RunMetrics, port: int | None) -> Iterator[None]:
    if port is None:
        yield
        return
    try:
        server, thread = start_http_server(port, addr="127.0.0.1", registry=metrics.registry)
    except OSError as err:
        raise UnreachableError(
            f"cannot serve metrics on port {port}: {err.strerror}", hint="choose another port"
        ) from err
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
