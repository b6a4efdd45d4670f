"""A mail server that tests listen on: it speaks SMTP and keeps what it is given."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

CERTIFICATE: Final = Path(__file__).parent / "mail_certificate.pem"
"""For 127.0.0.1, with a key that opens nothing; trusted where SSL_CERT_FILE names it."""


@dataclass(slots=True)
class Mailbox:
    """What arrived so far at `url`; `refusals` are answers to give before a sender is taken.

    `lines` is all that was said to it, with whether that was encrypted; log-ins are all taken.
    """

    url: str
    mails: list[bytes] = field(default_factory=list)
    refusals: list[bytes] = field(default_factory=list)
    lines: list[tuple[bool, bytes]] = field(default_factory=list)

    def messages(self) -> list[EmailMessage]:
        """Return the mails, parsed, oldest first."""
        return [message_from_bytes(mail, policy=policy.default) for mail in self.mails]


class _Server(socketserver.ThreadingTCPServer):
    def __init__(self, mailbox: Mailbox, starttls: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mailbox, self.starttls = mailbox, starttls


class _Talk(socketserver.StreamRequestHandler):
    server: _Server
    encrypted = False

    def handle(self) -> None:
        mailbox = self.server.mailbox
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            mailbox.lines.append((self.encrypted, line))
            words = line.strip().upper().split() or [b""]
            if words[0] == b"MAIL" and mailbox.refusals:
                self.wfile.write(mailbox.refusals.pop(0))
                continue
            self.wfile.write(self._answer(words[0]))
            if words[0] == b"QUIT":
                return
            if words[0] == b"STARTTLS" and not self._encrypt():
                return
            if words[0] == b"DATA":
                self._keep()

    def _answer(self, verb: bytes) -> bytes:
        offer = b"250-STARTTLS\r\n" if self.server.starttls and not self.encrypted else b""
        return {
            b"EHLO": b"250-test\r\n" + offer + b"250 AUTH PLAIN\r\n",
            b"STARTTLS": self.server.starttls + b" go on\r\n",
            b"AUTH": b"235 welcome\r\n",
            b"DATA": b"354 go on\r\n",
            b"QUIT": b"221 bye\r\n",
        }.get(verb, b"250 ok\r\n")

    def _keep(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        # A line that begins with a dot is sent with two (RFC 5321, section 4.5.2).
        plain = (one[1:] if one.startswith(b".") else one for one in lines)
        self.server.mailbox.mails.append(b"".join(plain))
        self.wfile.write(b"250 ok\r\n")

    def _encrypt(self) -> bool:
        if self.server.starttls != b"220":
            return False
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        try:
            self.request = context.wrap_socket(self.request, server_side=True)
        except OSError:  # the client does not trust us
            return False
        self.encrypted = True
        self.setup()
        return True

    def finish(self) -> None:
        super().finish()
        self.request.close()


@contextmanager
def listening_mailbox(*, starttls: bytes = b"") -> Iterator[Mailbox]:
    """Listen on a free loopback port for as long as the block lasts.

    With `starttls`, the beginning of its answer to that, it offers STARTTLS: "220" goes through
    with it. Without it is what a client sees when somebody between takes the offer away.
    """
    mailbox = Mailbox("")
    with _Server(mailbox, starttls) as server:
        mailbox.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
