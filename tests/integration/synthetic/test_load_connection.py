"""A connection that a target has answered early is not used for another request."""

import subprocess
import sys

from tests.support.waiting import HANGS_S

EARLY = """
import gevent.monkey; gevent.monkey.patch_all()
import gevent, gevent.event, socket
from synthetic.edge.load.connection import Connection

def refuse(server):
    accepted, _ = server.accept()
    accepted.recv(1000)
    accepted.sendall(b"HTTP/1.1 413 Too Large\\r\\nContent-Length: 0\\r\\n\\r\\n")
    ended.get()

ended = gevent.event.AsyncResult()
server = socket.create_server(("127.0.0.1", 0))
gevent.spawn(refuse, server)
client = socket.create_connection(server.getsockname())
client.setblocking(False)
connection = Connection(client, lambda it, status: ended.set((status, it.reusable)))
head = b"POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 50000000\\r\\n\\r\\n"
connection.send(head + b"x" * 50_000_000, 1, keep_body=False, no_body=False)
print(ended.get())
"""


def test_what_was_refused_before_all_was_sent_leaves_no_connection_to_use_again() -> None:
    """The rest of the body would stand before the next request."""
    done = subprocess.run(
        (sys.executable, "-c", EARLY), capture_output=True, text=True, timeout=HANGS_S, check=True
    )
    assert done.stdout.strip() == "(413, False)"
