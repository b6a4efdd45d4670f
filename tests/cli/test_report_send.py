"""`sre report send` shows first, and really sends over SMTP and to a webhook when told to."""

from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest

from reports.edge.html_page import to_html
from reports.edge.period_charts import draw
from reports.markdown import to_markdown
from reports.period.as_json import to_json
from reports.period.compose import document
from sre.running import run
from tests.properties.reports.test_period_report import report
from tests.support.json_schemas import keeps_schema
from tests.support.mail_server import Mailbox, listening_mailbox
from tests.support.sampling import quick
from tests.support.webhook import listening_webhook


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with listening_mailbox() as box:
        yield box


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path))
    for setting in ("SRE_SMTP_URL", "SRE_MAIL_FROM", "SRE_MAIL_TO", "SRE_SLACK_WEBHOOK_URL"):
        monkeypatch.delenv(setting, raising=False)
    found = report()
    whole = document(found)
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / f"{found.id}.json").write_text(to_json(found))
    (folder / f"{found.id}.md").write_text(to_markdown(whole))
    (folder / f"{found.id}.html").write_text(to_html(whole, partial(draw, report=found)))
    return found.id


def test_nothing_is_sent_unless_it_is_really_meant(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with listening_webhook("127.0.0.1") as webhook:
        monkeypatch.setenv("SRE_SLACK_WEBHOOK_URL", webhook.url + "secret")
        assert run(["report", "send", name, "--to=slack"]) == 0
        assert webhook.received == []
    told = capsys.readouterr().out
    assert told.startswith("would send to 127.0.0.1")
    assert "secret" not in told


def test_a_webhook_gets_the_verdict_and_the_things_to_do(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening_webhook("127.0.0.1") as webhook:
        monkeypatch.setenv("SRE_SLACK_WEBHOOK_URL", webhook.url)
        assert run(["report", "send", name, "--to=slack", "--really"]) == 0
    (told,) = webhook.received
    assert told["text"].startswith("*PASS: Every objective is met")
    assert "\n1. *" in told["text"]


@pytest.mark.thorough
def test_a_mail_has_the_words_in_it_and_the_page_attached(
    name: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SRE_SMTP_URL", mailbox.url)
    monkeypatch.setenv("SRE_MAIL_FROM", "reports@example.org")
    monkeypatch.setenv("SRE_MAIL_TO", "team@example.org, lead@example.org")
    assert run(["report", "send", name, "--to=email", "--really"]) == 0
    (mail,) = mailbox.messages()
    assert isinstance(mail, EmailMessage)
    assert mail["Subject"].strip().startswith("PASS: Every objective is met")
    assert mail["To"] == "team@example.org, lead@example.org"
    body = mail.get_body()
    assert body is not None
    assert "## Objectives" in body.get_content()
    (page,) = mail.iter_attachments()
    assert page.get_filename() == f"{name}.html"
    written = (tmp_path / "report" / f"{name}.html").read_text()
    assert page.get_content().replace("\r\n", "\n").strip() == written.strip()


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "said"),
    quick(
        [
            (["--to=slack", "--really"], {}, 2, "SRE_SLACK_WEBHOOK_URL is not set"),
            (["--to=pigeon"], {}, 2, "pigeon"),
            (["--to=email", "--really"], {}, 2, "SRE_SMTP_URL is not set"),
            (
                ["--to=slack", "--really"],
                {"SRE_SLACK_WEBHOOK_URL": "http://127.0.0.1:9/"},
                3,
                "does not take",
            ),
        ],
        first=1,
    ),
)
def test_what_keeps_a_report_from_being_sent_is_said(
    name: str,
    arguments: list[str],
    settings: dict[str, str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for setting, value in settings.items():
        monkeypatch.setenv(setting, value)
    assert run(["report", "send", name, *arguments]) == code
    assert said in capsys.readouterr().err


@pytest.mark.thorough
def test_a_report_that_was_not_made_cannot_be_sent(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", "send", f"{name}0", "--to=slack"]) == 2
    assert "sre report weekly" in capsys.readouterr().err


@pytest.mark.thorough
def test_what_would_be_sent_can_be_read_by_a_program(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", "send", name, "--to=email", "--json"]) == 0
    told = keeps_schema(capsys.readouterr().out, "report-send")
    assert told["sent"] is False
    assert told["subject"].startswith("PASS")
