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


@contextmanager
def listening_mailbox(*, starttls: bytes = b"") -> Iterator[Mailbox]:
    """Listen on a free loopback port for as long as the block lasts.

    With `starttls`, the beginning of its answer to that, it offers STARTTLS: "220" goes through
    with it. Without it is what a client sees when somebody between takes the offer away.
    """
    mailbox = Mailbox("")

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            encrypted = False
            while line := self.rfile.readline():
                mailbox.lines.append((encrypted, line))
                verb = line.strip().upper()
                if verb.startswith(b"MAIL") and mailbox.refusals:
                    self.wfile.write(mailbox.refusals.pop(0))
                elif verb.startswith(b"EHLO"):
                    offer = b"250-STARTTLS\r\n" if starttls and not encrypted else b""
                    self.wfile.write(b"250-test\r\n" + offer + b"250 AUTH PLAIN\r\n")
                elif verb == b"STARTTLS":
                    self.wfile.write(starttls + b" go on\r\n")
                    encrypted = starttls == b"220" and self._encrypt()
                    if not encrypted:
                        return
                elif verb.startswith(b"AUTH"):
                    self.wfile.write(b"235 welcome\r\n")
                elif verb == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self._keep(is_mail=verb == b"DATA")

        def _keep(self, *, is_mail: bool) -> None:
            if is_mail:
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                # A line that begins with a dot is sent with two (RFC 5321, section 4.5.2).
                plain = (one[1:] if one.startswith(b".") else one for one in lines)
                mailbox.mails.append(b"".join(plain))
            self.wfile.write(b"250 ok\r\n")

        def _encrypt(self) -> bool:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            try:
                self.request = context.wrap_socket(self.request, server_side=True)
            except OSError:  # the client does not trust us
                return False
            self.setup()
            return True

        def finish(self) -> None:
            super().finish()
            self.request.close()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        mailbox.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
