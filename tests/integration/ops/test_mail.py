"""A password reaches a mail server encrypted and verified, or not at all; whoever sends."""

import base64
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from kit.edge.mail import MailServer, hand_in
from kit.pure.errors import BadInputError, HarnessError, RefusedError
from ops.incidents.notices.contacts import SHIPPED, read_contacts
from reports.edge import delivery
from sre.running import run
from tests.support.mail_server import CERTIFICATE, Mailbox, listening_mailbox

PASSWORD = "S3cret-of-the-mail"
LOGIN = base64.b64encode(f"\0ada\0{PASSWORD}".encode())


def message() -> EmailMessage:
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = "a@x.example", "b@x.example", "it burns"
    found.set_content("put it out")
    return found


def came_in_clear(mailbox: Mailbox) -> bytes:
    return b"".join(line for encrypted, line in mailbox.lines if not encrypted)


def hand(mailbox: Mailbox, *, tls: str = "", login: bool = True) -> None:
    name, password = ("ada", PASSWORD) if login else ("", "")
    hand_in(message(), MailServer(mailbox.url, name, password, tls), timeout_s=10)


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def test_with_a_log_in_nothing_is_said_in_clear_but_the_wish_for_tls(trusted: None) -> None:
    del trusted
    with listening_mailbox(starttls=b"220") as mailbox:
        hand(mailbox)
    assert (True, b"AUTH PLAIN " + LOGIN + b"\r\n") in mailbox.lines
    assert [line[:4] for encrypted, line in mailbox.lines if not encrypted] == [b"ehlo", b"STAR"]
    assert mailbox.messages()[0]["Subject"] == "it burns"


@pytest.mark.parametrize("starttls", [b"", b"454", b"500"])
def test_a_password_does_not_arrive_where_starttls_is_taken_away(
    trusted: None, starttls: bytes
) -> None:
    del trusted
    kinds = (RefusedError, smtplib.SMTPResponseException)
    with listening_mailbox(starttls=starttls) as mailbox, pytest.raises(kinds) as caught:
        hand(mailbox)
    assert LOGIN not in came_in_clear(mailbox)
    assert not mailbox.mails
    if not starttls:
        assert isinstance(caught.value, RefusedError)
        assert "127.0.0.1 offers no STARTTLS" in str(caught.value)
        assert "smtps://" in caught.value.hint


def test_a_password_does_not_arrive_at_a_server_that_nobody_vouches_for() -> None:
    with listening_mailbox(starttls=b"220") as mailbox, pytest.raises(ssl.SSLError):
        hand(mailbox)
    assert [line[:4] for _, line in mailbox.lines] == [b"ehlo", b"STAR"]


def test_a_mail_without_a_log_in_goes_as_it_is_asked_to(trusted: None) -> None:
    del trusted
    with listening_mailbox() as plain:
        hand(plain, login=False)
        with pytest.raises(RefusedError, match="offers no STARTTLS"):
            hand(plain, login=False, tls="required")
    assert len(plain.mails) == 1
    with listening_mailbox(starttls=b"220") as offering:
        hand(offering, login=False)
        assert b"burns" not in came_in_clear(offering)
        hand(offering, login=False, tls="off")
    assert len(offering.mails) == 2


@pytest.mark.parametrize("tls", ["off", "offered", "requird"])
def test_no_setting_lets_a_password_go_in_clear(tls: str) -> None:
    with listening_mailbox() as mailbox:
        with pytest.raises(BadInputError) as caught:
            hand(mailbox, tls=tls)
        assert mailbox.lines == []
    assert "never sent in clear" in str(caught.value) or "'required'" in caught.value.hint


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://h:99999", "smtp://[h"])
def test_an_address_that_is_none_is_reported(url: str) -> None:
    with pytest.raises(BadInputError, match="is no smtp:// or smtps:// URL"):
        hand_in(message(), MailServer(url), timeout_s=1)


def test_a_report_s_password_does_not_arrive_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening_mailbox() as mailbox:
        address = mailbox.url.replace("//", f"//ada:{PASSWORD}@")
        monkeypatch.setenv("SRE_SMTP_URL", address)
        monkeypatch.setenv("SRE_MAIL_FROM", "a@x.example")
        monkeypatch.setenv("SRE_MAIL_TO", "b@x.example")
        report = delivery.Delivery("PASS", {}, "# well", "<p>well</p>", "week.html")
        with pytest.raises(HarnessError) as caught:
            delivery.send("email", report)
    assert isinstance(caught.value, RefusedError)
    assert PASSWORD not in f"{caught.value} {caught.value.hint}"
    assert LOGIN not in came_in_clear(mailbox)


def test_a_notice_s_password_does_not_arrive_in_clear(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    with listening_mailbox() as mailbox:
        text = SHIPPED.read_text().replace("smtp://smtp.calendar.example:587", mailbox.url)
        text = text.replace("/etc/calendar-sre/secrets/smtp", str(tmp_path / "password"))
        (tmp_path / "c.yaml").write_text(text)
        words = ["--what", "x", "--impact", "y", "--commander", "Ada", "--to", "security"]
        contacts = ["--contacts", str(tmp_path / "c.yaml")]
        assert run(["incident", "notify", "P1", *words, *contacts]) == 3
    assert "offers no STARTTLS" in capsys.readouterr().out
    assert LOGIN not in came_in_clear(mailbox)
    assert not mailbox.mails


def test_contacts_that_would_send_a_password_in_clear_are_reported_when_they_are_read() -> None:
    text = SHIPPED.read_text().replace("username: incidents", "tls: off, username: incidents", 1)
    with pytest.raises(BadInputError, match="never sent in clear") as caught:
        read_contacts("c.yaml", text.replace("tls: off", 'tls: "off"'))
    assert str(caught.value).startswith("c.yaml: receivers.")
