"""Servers that answer as badly as a target can, one connection after the other."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

Behaviour = Callable[[socket.socket, threading.Event], None]


def hang(_connection: socket.socket, stop: threading.Event) -> None:
    """Take the request and say nothing."""
    stop.wait(30)


def drip(connection: socket.socket, stop: threading.Event) -> None:
    """Send a byte of the answer now and then, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not stop.is_set():
        connection.sendall(b"x")
        time.sleep(0.05)


def drip_head(connection: socket.socket, stop: threading.Event) -> None:
    """Never come to the end of the answer's head."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not stop.is_set():
        connection.sendall(b"x")
        time.sleep(0.05)


def cut(connection: socket.socket, _stop: threading.Event) -> None:
    """End the connection in the middle of the body."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


def redirect(connection: socket.socket, _stop: threading.Event) -> None:
    """Send everybody elsewhere."""
    connection.sendall(
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://elsewhere.example/\r\n"
        b"Content-Length: 0\r\nConnection: close\r\n\r\n"
    )


def talk_html(connection: socket.socket, _stop: threading.Event) -> None:
    """Answer as a proxy's sign-in page does: fine, and no JSON."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>")


def refuse_entry(connection: socket.socket, _stop: threading.Event) -> None:
    """Want a key."""
    connection.sendall(
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


def well_then(after: Behaviour) -> Behaviour:
    """Answer the health check properly and everything else by `after`."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        request = connection.recv(65536)
        if b" /healthz" in request:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            after(connection, stop)

    return behave


@contextlib.contextmanager
def awkward_server(behaviour: Behaviour) -> Iterator[str]:
    """Yield the URL of a server that treats every connection by `behaviour`."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    listener.settimeout(0.05)
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            behaviour(connection, stop)

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                thread = threading.Thread(target=serve, args=(connection,))
                thread.start()
                threads.append(thread)

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        acceptor.join()
        for thread in threads:
            thread.join()
        listener.close()


def tire(connection: socket.socket, _stop: threading.Event) -> None:
    """Answer one request, promise to go on, and close when the next one comes."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    connection.recv(65536)


def announce(connection: socket.socket, _stop: threading.Event) -> None:
    """Say that an answer will come before it does, and then in small pieces."""
    connection.recv(65536)
    for piece in (b"HTTP/1.1 100 Continue\r\n\r\nHTT", b"P/1.1 200 OK\r\nContent-Le", b"ngth: 2"):
        connection.sendall(piece)
        time.sleep(0.01)
    connection.sendall(b"\r\nConnection: close\r\n\r\nok")


def exceed(connection: socket.socket, _stop: threading.Event) -> None:
    """Send more than was announced: what was announced is a whole answer."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokokok")


def refuse_early(connection: socket.socket, _stop: threading.Event) -> None:
    """Answer before the body has come, take no more of it, and go (RFC 9110 section 15.5.14)."""
    head = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    connection.sendall(head)
    time.sleep(0.05)


def babble(connection: socket.socket, _stop: threading.Event) -> None:
    """Speak no HTTP."""
    connection.sendall(b"220 mail.example ESMTP\r\n")
