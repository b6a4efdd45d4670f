"""What every verb says to an address where no Prometheus answers."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kit.edge.prometheus import connect
from kit.pure.errors import UnreachableError
from sre.running import run
from tests.pages.reports.test_run_page import load


class Stranger(ThreadingHTTPServer):
    """A real server which is no Prometheus: it gives `body` with `status` to everything."""

    status, body = 404, b'{"status": 404, "code": "not_found"}'

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.tokens: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Stranger)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.tokens.append(self.headers.get("Authorization"))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_POST = do_GET  # noqa: N815 named by http.server

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stranger]:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    with Stranger() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        monkeypatch.setenv("SRE_PROMETHEUS_URL", server.url)
        yield server
        server.shutdown()
        thread.join()


ASKING = [
    ["slo", "budget", "--json"],
    ["report", "weekly"],
    ["report", "capacity"],
    ["dashboards", "check"],
]


@pytest.mark.parametrize("verb", ASKING)
def test_what_answers_and_is_no_prometheus_is_named(
    verb: list[str], stranger: Stranger, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(verb) == 3
    error, hint = capsys.readouterr().err.strip().splitlines()
    assert f"{stranger.url} answers HTTP 404 to /api/v1/" in error
    assert "no Prometheus" in error
    assert "SRE_PROMETHEUS_URL" in hint


@pytest.mark.parametrize("verb", ASKING)
def test_whoever_asks_shows_the_token(
    verb: list[str], stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRE_PROMETHEUS_TOKEN", "of-the-reader")
    run(verb)
    assert set(stranger.tokens) == {"Bearer of-the-reader"}


def test_a_deploy_to_what_is_no_prometheus_says_so(
    stranger: Stranger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("groups:\n- name: a\n  rules:\n  - {record: 'a:b:c', expr: sum(up)}\n")
    assert run(["alerts", "check", str(rules), "--prometheus", stranger.url]) == 3
    assert f"{stranger.url} answers HTTP 404" in capsys.readouterr().err


def test_a_report_on_kept_runs_tells_that_nothing_could_be_asked(
    stranger: Stranger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = load() | {"started_at": "2026-06-03T10:00:00+00:00"}
    (tmp_path / "runs/load").mkdir(parents=True)
    (tmp_path / f"runs/load/{record['id']}.json").write_text(json.dumps(record))
    assert run(["report", "weekly", "--of=2026-06-03", "--json"]) == 5
    problems = json.loads(capsys.readouterr().out)["quality"]["problems"]
    assert f"{stranger.url} answers HTTP 404" in problems[0]
    assert "that is no Prometheus" in problems[0]


@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (200, b'{"status": "ok"}', "give the URL"),
        (200, b'{"status": "success", "data": {"result": "?"}}', "give the URL"),
        (200, b'{"status": "success", "data": []}', "give the URL"),
        (200, b"<html>\xff</html>", "give the URL"),
        (401, b"Unauthorized", "SRE_PROMETHEUS_TOKEN"),
        (503, b"Service Unavailable", "still starting"),
    ],
)
def test_only_the_form_of_prometheus_is_taken_for_one(
    status: int, body: bytes, hint: str, stranger: Stranger
) -> None:
    stranger.status, stranger.body = status, body
    with connect(stranger.url) as server, pytest.raises(UnreachableError) as told:
        server.instant("up", 0)
    assert hint in told.value.hint


@pytest.mark.parametrize("url", ["notaurl", "foo://x", "http://", "http://[::1", "http://a:x"])
def test_what_is_no_url_is_a_bad_input_for_every_verb(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in (["slo", "budget"], ["alerts", "deploy", str(tmp_path)], ["report", "weekly"]):
        assert run([*verb, "--prometheus", url]) == 2
        error, hint = capsys.readouterr().err.strip().splitlines()
        assert f"{url!r} is no URL" in error
        assert "http://host:9090" in hint
