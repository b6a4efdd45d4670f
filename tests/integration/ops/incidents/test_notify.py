"""The right people get the right words by real HTTP and SMTP, or the output names who did not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kit.pure.errors import BadInputError
from ops.incidents.notices import delivery
from ops.incidents.notices.contacts import SHIPPED, load_contacts, read_contacts
from sre.running import run
from tests.support.mail_server import Mailbox, listening_mailbox

SAID = ["--what", "Events <cannot> be saved", "--impact", "all users", "--commander", "Ada"]


@dataclass(slots=True)
class Listener:
    """What was posted, and the codes to answer before it is taken."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    found = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(found.codes.pop(0) if found.codes else 202)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def hook() -> Iterator[Listener]:
    with listening() as found:
        yield found


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with listening_mailbox() as found:
        yield found


@pytest.fixture
def contacts(tmp_path: Path, hook: Listener, mailbox: Mailbox) -> Path:
    (tmp_path / "slack").write_text(f"{hook.url}/slack-secret\n")
    (tmp_path / "pagerduty").write_text("the-routing-key")
    path = tmp_path / "contacts.yaml"
    path.write_text(
        f"""
receivers:
  oncall:
    - {{kind: pagerduty, routing_key_file: {tmp_path}/pagerduty, url: "{hook.url}"}}
  team:
    - {{kind: slack, url_file: {tmp_path}/slack}}
    - {{kind: email, to: ops@calendar.example, from: sre@calendar.example, smtp: "{mailbox.url}"}}
  status: [{{kind: webhook, url: "{hook.url}"}}]
severities:
  P1: {{tell: [oncall, team, status], next_update: 30m}}
  P2: {{tell: [team], next_update: 1h}}
  P3: {{tell: [status], next_update: 4h}}
  P4: {{tell: [status], next_update: 24h}}
"""
    )
    return path


def notify(contacts: Path, *words: str) -> int:
    return run(["incident", "notify", *words, *SAID, "--contacts", str(contacts)])


def test_everybody_of_a_severity_gets_the_same_facts(
    contacts: Path, hook: Listener, mailbox: Mailbox
) -> None:
    words = ("P1", "--since", "2026-11-01T10:00:00Z", "--incident", "INC-7")
    assert notify(contacts, *words) == 0
    page = next(body for body in hook.bodies if "routing_key" in body)
    slack = next(body for body in hook.bodies if set(body) == {"text"})
    plain = next(body for body in hook.bodies if body.get("schema") == "calendar-sre/notice/v1")
    (mail,) = mailbox.messages()
    assert (page["routing_key"], page["event_action"]) == ("the-routing-key", "trigger")
    assert (page["dedup_key"], page["payload"]["severity"]) == ("INC-7", "critical")
    assert page["payload"]["timestamp"] == "2026-11-01T10:00:00+00:00"
    assert "Events &lt;cannot&gt; be saved" in slack["text"]
    assert plain["commander"] == "Ada"
    assert mail["Subject"] == "P1 open: Events <cannot> be saved"
    assert (mail["To"], mail["X-Priority"]) == ("ops@calendar.example", "1")
    for fact in ("2026-11-01 10:00 UTC", "all users", "Ada", "INC-7", "Next update:"):
        assert fact in mail.get_content()


def test_a_resolved_incident_resolves_its_page_and_promises_no_update(
    contacts: Path, hook: Listener, mailbox: Mailbox
) -> None:
    assert notify(contacts, "P1", "--state", "resolved", "--incident", "INC-7") == 0
    page = next(body for body in hook.bodies if "routing_key" in body)
    assert page == {
        "routing_key": "the-routing-key", "event_action": "resolve", "dedup_key": "INC-7"
    }  # fmt: skip
    assert "Next update" not in mailbox.messages()[0].get_content()


def test_a_dry_run_shows_all_of_it_sends_nothing_and_reads_no_secret(
    contacts: Path, hook: Listener, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    for secret in ("slack", "pagerduty"):
        (contacts.parent / secret).unlink()
    assert notify(contacts, "p1", "--dry-run") == 0
    said = capsys.readouterr().out
    for part in ("would tell oncall (pagerduty)", "To: ops@calendar.example", f"<{contacts.parent}",
                 "nothing was sent; 4 would be"):  # fmt: skip
        assert part in said
    assert not hook.bodies
    assert not mailbox.mails


def test_a_receiver_that_stumbles_is_asked_again(
    contacts: Path, hook: Listener, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.codes, mailbox.refusals = [503, 429], [b"451 busy\r\n"]
    assert notify(contacts, "P2", "--json") == 0
    shown = {each["kind"]: each for each in json.loads(capsys.readouterr().out)["receivers"]}
    assert (shown["slack"]["tries"], shown["email"]["tries"]) == (3, 2)
    assert len(mailbox.mails) == 1


def test_who_was_not_reached_is_named_and_the_others_are_notified(
    contacts: Path, hook: Listener, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.codes = [404, 404]
    (contacts.parent / "pagerduty").unlink()
    assert notify(contacts, "P1") == 3
    said = capsys.readouterr().out
    assert "NOT SENT  team (slack): 127.0.0.1 answers 404\n" in said
    assert "NOT SENT  oncall (pagerduty): cannot read" in said
    assert "sent      team (email): ops@calendar.example" in said
    assert "slack-secret" not in said
    assert len(mailbox.mails) == 1


def test_a_receiver_that_nobody_answers_for_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(delivery, "_FIRST_WAIT_S", 0.01)
    with listening() as gone:
        url = gone.url
    secret = "url_file: /etc/calendar-sre/secrets/status-page"
    text = SHIPPED.read_text().replace(secret, f'url: "{url}"')
    (tmp_path / "c.yaml").write_text(text)
    assert notify(tmp_path / "c.yaml", "P1", "--to", "status-page", "--json") == 3
    (shown,) = json.loads(capsys.readouterr().out)["receivers"]
    assert shown["tries"] == 3
    assert "127.0.0.1" in shown["problem"]


def test_the_shipped_contacts_can_be_read_and_are_nobody() -> None:
    assert {each.kind for each in load_contacts(SHIPPED).of("P1")} == {
        "pagerduty", "slack", "email", "webhook"
    }  # fmt: skip
    assert run(["incident", "notify", "P1", *SAID]) == 2
    assert run(["incident", "notify", "P1", *SAID, "--dry-run"]) == 0


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: slack", "kind: slak", "did you mean 'slack'"),
        ("tell: [status], next_update: 4h", "tell: [], next_update: 4h", "at least one"),
        ("next_update: 30m", "next_update: soon", "write 30m"),
        ("tell: [team]", "tell: [tema]", "did you mean 'team'"),
        ('smtp: "', 'username: ada, smtp: "', "give both"),
        ("severities:", "severity:", "did you mean 'severities'"),
    ],
)
def test_a_wrong_file_is_reported_with_place_and_fix(
    before: str, after: str, said: str, contacts: Path
) -> None:
    text = contacts.read_text()
    assert before in text
    with pytest.raises(BadInputError) as caught:
        read_contacts("c.yaml", text.replace(before, after, 1))
    assert str(caught.value).startswith("c.yaml: ")
    assert said in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("P5",), "no severity is called 'P5'"),
        (("P1", "--state", "closed"), "no state is called 'closed'"),
        (("P1", "--since", "yesterday"), "'yesterday' is not a time"),
        (("P1", "--to", "nobody"), "no receiver is called 'nobody'"),
        (("P1", "--incident", "a b"), "cannot be the name of an incident"),
    ],
)
def test_a_wrong_word_is_reported_before_anybody_is(
    words: tuple[str, ...], said: str, contacts: Path, hook: Listener,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert notify(contacts, *words) == 2
    assert said in capsys.readouterr().err
    assert not hook.bodies


def test_words_of_one_s_own_are_used_and_a_wrong_one_is_named(
    contacts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "w.j2").write_text("{{ severity }} says {{ commander }}")
    assert notify(contacts, "P3", "--template", str(tmp_path / "w.j2"), "--dry-run") == 0
    assert "P3 says Ada" in capsys.readouterr().out
    (tmp_path / "w.j2").write_text("{{ who }}")
    assert notify(contacts, "P3", "--template", str(tmp_path / "w.j2"), "--dry-run") == 2
    assert "'who' is undefined" in capsys.readouterr().err


@pytest.mark.parametrize(
    "channel",
    ["{kind: email, to: a@b.example, from: c@b.example, smtp: 'smtp://mail.b.example:99999'}",
     "{kind: email, to: a@b.example, from: c@b.example, smtp: 'smtp://[::1:25'}",
     "{kind: webhook, url: 'http://[::1/x'}", "{kind: webhook, url: 'http://h:abc/x'}"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_named_when_contacts_are_read(channel: str) -> None:
    severities = ", ".join(f"P{n}: {{tell: [a], next_update: 30m}}" for n in range(1, 5))
    text = f"receivers:\n  a:\n    - {channel}\nseverities: {{{severities}}}\n"
    with pytest.raises(BadInputError, match=r"receivers\.a"):
        read_contacts("contacts.yaml", text)


@pytest.mark.parametrize(
    ("words", "said"), [(" \n", "without words"), ("{{" + "[" * 100_000, "recursion")]
)
def test_words_that_make_no_notice_are_refused(
    words: str, said: str, contacts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "w.j2").write_text(words)
    assert notify(contacts, "P3", "--template", str(tmp_path / "w.j2"), "--dry-run") == 2
    assert said in capsys.readouterr().err


def test_a_receiver_whose_secret_address_is_mistyped_costs_no_word_about_the_others(
    tmp_path: Path, hook: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad").write_text("http://[::1/x\n")
    (tmp_path / "good").write_text(hook.url)
    severities = ", ".join(f"P{n}: {{tell: [bad, good], next_update: 30m}}" for n in range(1, 5))
    path = tmp_path / "contacts.yaml"
    path.write_text(
        f"receivers:\n  bad:\n    - {{kind: webhook, url_file: {tmp_path}/bad}}\n"
        f"  good:\n    - {{kind: webhook, url_file: {tmp_path}/good}}\n"
        f"severities: {{{severities}}}\n"
    )
    assert run(["incident", "notify", "P1", *SAID, "--contacts", str(path)]) == 3
    said = capsys.readouterr().out
    assert "NOT SENT  bad" in said
    assert "sent      good" in said
    assert len(hook.bodies) == 1
