"""Send a mail: no password ever goes in clear, and what is encrypted is so for whom we mean."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import SplitResult, urlsplit

from kit.pure.addresses import shown
from kit.pure.errors import BadInputError, RefusedError
from kit.pure.fields import closest

REQUIRED, OFFERED, OFF = TLS = ("required", "offered", "off")
"""Encrypt with a verified certificate: always, where the server offers it, or never."""
_SMTPS_PORT: Final = 465


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in: `url` is smtp://HOST[:PORT], or smtps:// for TLS from the start.

    `tls` is one of TLS and about smtp://; "" is `required` with a log-in, else `offered`.
    """

    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    tls: str = ""
    default_port: int = 587


def hand_in(message: EmailMessage, server: MailServer, *, timeout_s: float) -> None:
    """Hand a mail in at a server.

    Raises BadInputError for what is configured wrong, RefusedError where a log-in, or a mail that
    needs TLS, would go in clear, and OSError or SMTPException when the server does not take it.
    """
    url, tls = mail_address(server.url), chosen_tls(server.tls, has_login=bool(server.username))
    with _opened(url, server.default_port, timeout_s) as connection:
        if url.scheme == "smtp":
            _encrypt(connection, str(url.hostname), tls)
        if server.username:
            connection.login(server.username, server.password)
        connection.send_message(message)


def chosen_tls(given: str, *, has_login: bool) -> str:
    """Return which of TLS applies; raises BadInputError for another, or one unfit for a log-in."""
    if given and given not in TLS:
        raise BadInputError(f"no such use of TLS: {given!r}", hint=closest(given, TLS))
    if has_login and given in {OFFERED, OFF}:
        raise BadInputError(
            f"TLS is {given!r}, and a password is never sent in clear",
            hint="leave that setting out, or send without user name and password",
        )
    return given or (REQUIRED if has_login else OFFERED)


def mail_address(text: str) -> SplitResult:
    """Return the parts of a mail server's URL; raises BadInputError when it is none."""
    try:
        url = urlsplit(text)
        is_one = url.scheme in {"smtp", "smtps"} and url.hostname and url.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise BadInputError(
            f"{shown(text)!r} is no smtp:// or smtps:// URL", hint="write smtp://HOST:587"
        )
    return url


def _opened(url: SplitResult, default_port: int, timeout_s: float) -> smtplib.SMTP:
    host = str(url.hostname)
    if url.scheme == "smtp":
        return smtplib.SMTP(host, url.port or default_port, timeout=timeout_s)
    context = ssl.create_default_context()
    return smtplib.SMTP_SSL(host, url.port or _SMTPS_PORT, timeout=timeout_s, context=context)


def _encrypt(connection: smtplib.SMTP, host: str, tls: str) -> None:
    if tls == OFF:
        return
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    elif tls == REQUIRED:
        raise RefusedError(
            f"{host} offers no STARTTLS, and this is never sent in clear",
            hint=f"use the port of {host} that offers it (587), or smtps://; where it used to be "
            "offered, somebody between may be taking it away",
        )
