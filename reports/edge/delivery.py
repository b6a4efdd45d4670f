"""Bring a report to people: an e-mail with the page attached, or a message to a Slack webhook."""

import os
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx2 as httpx
import orjson

from kit.edge.mail import MailServer, hand_in
from kit.edge.tls import authorities
from kit.pure.addresses import no_such_address
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.file_names import file_name

TARGETS: Final = ("email", "slack")
_TIMEOUT_S: Final = 20.0
_MAIL_PORT: Final = 25
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """A report that is on disk: what it says, its Markdown, and its page."""

    subject: str
    record: Mapping[str, Any]
    markdown: str
    page: str
    page_name: str


def read_delivery(folder: Path, name: str) -> Delivery:
    """Return the report `name` (such as `week-2026-W46`) from the folder it was written to.

    Raises BadInputError when it is not there in all three formats.
    """
    file_name(name, what="report")
    try:
        record = orjson.loads((folder / f"{name}.json").read_bytes())
        markdown = (folder / f"{name}.md").read_text(encoding="utf-8")
        page = (folder / f"{name}.html").read_text(encoding="utf-8")
    except (OSError, ValueError) as err:
        raise BadInputError(
            f"no report {name!r} in {folder}: {err}", hint="make it first: sre report weekly"
        ) from err
    subject = f"{record['verdict']}: {record['headline']}"
    return Delivery(subject.replace("\n", " "), record, markdown, page, f"{name}.html")


def email(delivery: Delivery, sender: str, recipients: str) -> EmailMessage:
    """Return the message: the text is the Markdown, the page is attached."""
    message = EmailMessage()
    message["Subject"] = delivery.subject
    message["From"] = sender
    message["To"] = recipients
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="calendar-sre.invalid")
    message.set_content(delivery.markdown)
    message.add_attachment(delivery.page, subtype="html", filename=delivery.page_name)
    return message


def slack(delivery: Delivery) -> dict[str, str]:
    """Return the body for an incoming webhook: the verdict and the three things to do."""
    record = delivery.record
    lines = [f"*{_escaped(delivery.subject)}*"]
    lines += [
        f"{n}. *{_escaped(one['do'])}*: {_escaped(one['because'])}"
        for n, one in enumerate(record["actions"], 1)
    ]
    lines.append(f"_{_escaped(record['id'])}, {_escaped(record['quality']['source'] or 'runs')}_")
    return {"text": "\n".join(lines)}


def send(target: str, delivery: Delivery) -> str:
    """Send to `email` or `slack` as the environment configures it; return whereto.

    Raises BadInputError when it is not configured, and UnreachableError when it does not take it.
    """
    return _send_email(delivery) if target == "email" else _send_slack(delivery)


def whereto(target: str) -> str:
    """Return who would get it, without any secret; "" when nothing is configured."""
    if target == "email":
        return os.environ.get("SRE_MAIL_TO", "")
    return urlsplit(os.environ.get("SRE_SLACK_WEBHOOK_URL", "")).hostname or ""


def _send_email(delivery: Delivery) -> str:
    server = _mail_server(_configured("SRE_SMTP_URL", "smtp://user:password@host:587"))
    recipients = _configured("SRE_MAIL_TO", "addresses, with commas")
    message = email(delivery, _configured("SRE_MAIL_FROM", "an address"), recipients)
    try:
        hand_in(message, server, timeout_s=_TIMEOUT_S)
    except (OSError, smtplib.SMTPException) as err:
        raise UnreachableError(
            f"the mail server {urlsplit(server.url).hostname} does not take the report: {err}",
            hint="check SRE_SMTP_URL, SRE_MAIL_FROM and SRE_MAIL_TO",
        ) from err
    return recipients


def _mail_server(address: str) -> MailServer:
    try:
        url = urlsplit(address)
    except ValueError as err:
        raise no_such_address("SRE_SMTP_URL", address, "smtp:// or smtps://") from err
    name, password = (unquote(each or "") for each in (url.username, url.password))
    plain = url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()
    tls = os.environ.get("SRE_SMTP_TLS", "")
    return MailServer(plain, name, password, tls, default_port=_MAIL_PORT)


def _send_slack(delivery: Delivery) -> str:
    url = _configured("SRE_SLACK_WEBHOOK_URL", "the URL of an incoming webhook")
    host = urlsplit(url).hostname or "the webhook"
    try:
        answer = httpx.post(url, json=slack(delivery), timeout=_TIMEOUT_S, verify=authorities())
    except (httpx.HTTPError, httpx.InvalidURL) as err:
        raise UnreachableError(
            f"{host} does not take the report: {err}", hint="check SRE_SLACK_WEBHOOK_URL"
        ) from err
    if answer.status_code != _OK:
        raise UnreachableError(
            f"{host} answers {answer.status_code} to the report",
            hint="is the webhook still active?",
        )
    return host


def _configured(name: str, what: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise BadInputError(f"{name} is not set", hint=f"set it to {what}")
    return value


def _escaped(text: str) -> str:
    """Return text for Slack's markup; source: Slack, Formatting text for app surfaces."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
