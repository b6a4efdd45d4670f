"""The fault proxy in its container: what it breaks, and that it mends when nobody holds it."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from kit.edge.containers.docker import remove_labelled
from kit.pure.errors import UnreachableError
from ops.drills.containers import DRILL_LABEL
from ops.faultproxy.client import FaultProxy, fault_proxy
from tests.support.waiting import wait_for

LABEL = f"fault-proxy-of-tests-{os.getpid()}"
SOON_S = 0.4
"""Long enough for an answer that is not held back; none comes in it where one is."""


def _echo(connection: socket.socket) -> None:
    with connection, suppress(OSError):
        while data := connection.recv(4096):
            connection.sendall(data)


@contextmanager
def echoing() -> Iterator[int]:
    """Give the port of a server that says what it is told."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_echo, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    with listener:
        yield int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def proxy(image_of_role: Callable[[str], str]) -> Iterator[FaultProxy]:
    with ExitStack() as stack:
        port = stack.enter_context(echoing())
        stack.callback(remove_labelled, f"{DRILL_LABEL}={LABEL}")
        yield stack.enter_context(fault_proxy(LABEL, image_of_role("python"), {"echo": port}))


@pytest.fixture
def line(proxy: FaultProxy) -> Iterator[socket.socket]:
    """Give a connection that works; whatever the test breaks is mended afterwards."""
    with socket.create_connection(("127.0.0.1", proxy.ports["echo"]), timeout=30) as connection:
        assert said(connection, b"hello") == b"hello"
        yield connection
    proxy.mend("echo")


def said(connection: socket.socket, data: bytes) -> bytes:
    connection.sendall(data)
    return connection.recv(4096)


@pytest.mark.parametrize("hold", ["to_server", "to_client", "both"])
def test_what_is_held_back_arrives_when_it_is_mended(
    hold: str, proxy: FaultProxy, line: socket.socket
) -> None:
    proxy.set("echo", hold=hold)
    line.settimeout(SOON_S)
    with pytest.raises(TimeoutError):
        said(line, b"late")
    line.settimeout(30)
    assert proxy.mend("echo") > 0
    assert line.recv(4096) == b"late"


def test_a_dropped_connection_is_reset_with_what_it_held(
    proxy: FaultProxy, line: socket.socket
) -> None:
    proxy.set("echo", hold="to_client")
    line.sendall(b"lost")
    wait_for(lambda: proxy.set("echo", hold="to_client"), what="it is held", within_s=30)
    proxy.set("echo", drop=True)
    with pytest.raises(ConnectionResetError):
        line.recv(4096)


def test_a_share_of_one_resets_the_next_exchange(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.set("echo", reset_share=1.0)
    with pytest.raises(ConnectionError):
        assert said(line, b"anything") == b"never"


def test_a_slow_line_takes_at_least_what_it_is_told_to(
    proxy: FaultProxy, line: socket.socket
) -> None:
    def took_s() -> float:
        began = time.monotonic()
        assert said(line, b"x") == b"x"
        return time.monotonic() - began

    quick_s = min(took_s() for _ in range(5))
    proxy.set("echo", latency_s=0.3)
    assert took_s() > quick_s + 0.4  # there and back, beside a line without latency


def test_a_fault_that_is_none_is_refused_with_the_reason(proxy: FaultProxy) -> None:
    with pytest.raises(UnreachableError, match="sideways"):
        proxy.set("echo", hold="sideways")
    with pytest.raises(UnreachableError, match="nothing"):
        proxy.set("nothing", hold="both")


def test_when_who_broke_it_is_gone_the_line_is_mended(
    proxy: FaultProxy, line: socket.socket
) -> None:
    control = socket.create_connection(("127.0.0.1", proxy.running.port), timeout=30)
    other = FaultProxy(proxy.running, proxy.ports, control)
    other.set("echo", hold="both")
    line.settimeout(SOON_S)
    with pytest.raises(TimeoutError):
        said(line, b"again")
    line.settimeout(30)
    other.close()
    assert line.recv(4096) == b"again"


def test_after_its_connection_broke_the_next_command_works_again(
    proxy: FaultProxy, line: socket.socket
) -> None:
    proxy.control.shutdown(socket.SHUT_RDWR)
    with pytest.raises(UnreachableError):
        proxy.set("echo", hold="both")
    proxy.set("echo", latency_s=0.01)
    assert said(line, b"there") == b"there"
