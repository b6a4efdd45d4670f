"""A mail server that tests listen on: it speaks SMTP and keeps what it is given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(slots=True)
class Mailbox:
    """What arrived so far at `url`; `refusals` are answers to give before a sender is taken."""

    url: str
    mails: list[bytes] = field(default_factory=list)
    refusals: list[bytes] = field(default_factory=list)

    def messages(self) -> list[EmailMessage]:
        """Return the mails, parsed, oldest first."""
        return [message_from_bytes(mail, policy=policy.default) for mail in self.mails]


@contextmanager
def listening_mailbox() -> Iterator[Mailbox]:
    """Listen on a free loopback port for as long as the block lasts."""
    mailbox = Mailbox("")

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            for line in self.rfile:
                verb = line.strip().upper()
                if verb.startswith(b"MAIL") and mailbox.refusals:
                    self.wfile.write(mailbox.refusals.pop(0))
                    continue
                if verb == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    # A line that begins with a dot is sent with two (RFC 5321, section 4.5.2).
                    plain = (one[1:] if one.startswith(b".") else one for one in lines)
                    mailbox.mails.append(b"".join(plain))
                if verb == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                self.wfile.write(b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        mailbox.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
