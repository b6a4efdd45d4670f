"""The ways to people: what each is sent, and sending it once."""

import json
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2

from kit.edge.mail import MailServer, hand_in, mail_address
from kit.edge.tls import authorities
from kit.pure.addresses import shown
from kit.pure.errors import BadInputError, HarnessError, reason_of
from kit.pure.json_values import JsonMapping
from ops.incidents.notices.contacts import Channel
from ops.incidents.notices.notice import Notice

TIMEOUT_S: Final = 10.0
_PAGERDUTY: Final = "https://events.pagerduty.com/v2/enqueue"
_SEVERITIES: Final = {"P1": "critical", "P2": "error", "P3": "warning", "P4": "info"}
_MOST_WAIT_S: Final = 10.0


class NotTakenError(HarnessError):
    """A receiver did not take a notice; `again` says whether it may take it later."""

    def __init__(self, message: str, *, again: bool, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.again, self.wait_s = again, wait_s


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one receiver: whereto, and a JSON body or an e-mail.

    Both hold secrets where the receiver wants them; `shown` is the same without.
    """

    where: str
    body: dict[str, object] | None
    mail: EmailMessage | None
    shown: str


def letter(channel: Channel, notice: Notice, *, secrets: bool) -> Letter:
    """Return what a receiver is sent; without `secrets` they are left as the files' names.

    Raises BadInputError when a file with a secret cannot be read.
    """
    settings = channel.settings
    if channel.kind == "email":
        mail = _mail(settings, notice)
        return Letter(settings["smtp"], None, mail, mail.as_string())
    where = settings.get("url") or ""
    if not where and "url_file" in settings:
        where = _secret(settings["url_file"]) if secrets else f"<{settings['url_file']}>"
    if channel.kind == "slack":
        return _json(where, {"text": _escaped(f"*{notice.title}*\n{notice.text}")})
    if channel.kind == "webhook":
        return _json(where, notice.plain())
    key = settings["routing_key_file"]
    body = _page(notice, _secret(key) if secrets else f"<{key}>")
    return _json(where or _PAGERDUTY, body)


def send(channel: Channel, notice: Notice) -> str:
    """Send a notice once and return whereto; raises NotTakenError or BadInputError."""
    made = letter(channel, notice, secrets=True)
    if made.mail is not None:
        return _send_mail(channel, made.mail)
    host = _host(made.where)
    try:
        answer = httpx2.post(made.where, json=made.body, timeout=TIMEOUT_S, verify=authorities())
    except httpx2.InvalidURL as err:
        raise NotTakenError(f"{host}: that is no address", again=False) from err
    except httpx2.UnsupportedProtocol as err:
        raise NotTakenError("the address does not begin with https://", again=False) from err
    except httpx2.HTTPError as err:
        raise NotTakenError(f"{host}: {reason_of(err)}", again=True) from err
    if not answer.is_success:
        code = answer.status_code
        again = code == httpx2.codes.TOO_MANY_REQUESTS or code >= 500  # noqa: PLR2004 -- RFC 9110
        raise NotTakenError(f"{host} answers {code}", again=again, wait_s=_wait_s(answer))
    return host


def _page(notice: Notice, routing_key: str) -> dict[str, object]:
    """Return an event of PagerDuty's Events API v2."""
    facts = notice.facts
    action = "resolve" if facts.state == "resolved" else "trigger"
    event: dict[str, object] = {
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": facts.incident,
    }
    if action == "trigger":
        event["payload"] = {
            "summary": notice.title,
            "severity": _SEVERITIES[facts.severity],
            "source": "calendar-assistant",
            "timestamp": facts.since.isoformat(),
            "custom_details": notice.plain(),
        }
    return event


def _mail(settings: JsonMapping, notice: Notice) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = notice.title
    message["From"] = settings["from"]
    message["To"] = settings["to"]
    message["Date"] = format_datetime(notice.facts.now)
    # The same each time that it is tried, so that a mail server may know it again.
    message["Message-ID"] = make_msgid(notice.facts.incident, domain="calendar-sre.invalid")
    if notice.facts.severity == "P1":
        message["X-Priority"] = "1"
    message.set_content(notice.text)
    return message


def _send_mail(channel: Channel, message: EmailMessage) -> str:
    settings = channel.settings
    password = _secret(settings["password_file"]) if "password_file" in settings else ""
    server = MailServer(
        settings["smtp"], settings.get("username", ""), password, settings.get("tls", "")
    )
    host = mail_address(server.url).hostname
    try:
        hand_in(message, server, timeout_s=TIMEOUT_S)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPAuthenticationError) as err:
        raise NotTakenError(f"{host}: {err}", again=False) from err
    except smtplib.SMTPResponseException as err:
        passing = 400 <= err.smtp_code < 500  # noqa: PLR2004 -- RFC 5321 section 4.2.1
        raise NotTakenError(f"{host} answers {err.smtp_code}", again=passing) from err
    except (OSError, smtplib.SMTPException) as err:
        again = not isinstance(err, ssl.SSLCertVerificationError)
        raise NotTakenError(f"{host}: {err}", again=again) from err
    return settings["to"]


def _host(url: str) -> str:
    """Return the host of an address; raises NotTakenError when that has none."""
    try:
        found = urlsplit(url)
        if found.hostname and (found.port is None or found.port):
            return found.hostname
    except ValueError:  # a port that is no number, a bracket that stays open
        pass
    raise NotTakenError(f"{shown(url)!r} is no address", again=False)


def _json(where: str, body: dict[str, object]) -> Letter:
    return Letter(where, body, None, json.dumps(body, indent=1, ensure_ascii=False))


def _secret(file: str) -> str:
    try:
        found = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"cannot read {file}: {err}", hint="put the secret there") from err
    if not found:
        raise BadInputError(f"{file} is empty", hint="put the secret there")
    return found


def _wait_s(answer: httpx2.Response) -> float | None:
    try:
        return min(_MOST_WAIT_S, max(0.0, float(answer.headers["retry-after"])))
    except (KeyError, ValueError):
        return None


def _escaped(text: str) -> str:
    """Return text for Slack's markup; source: Slack, Formatting text for app surfaces."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
