"""The verbs that speak to Prometheus show SRE_PROMETHEUS_TOKEN, and say when it is wanted."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from sre.running import run
from tests.support.yaml_text import from_yaml

RULES = "groups:\n- name: a\n  rules:\n  - {record: 'a:b:c', expr: sum(up)}\n"


class Guarded(ThreadingHTTPServer):
    """Rules behind a gate: it knows those in its folder once it was made to read them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Gate)
        self.folder, self.loaded, self.refused = folder, list[dict[str, Any]](), 0
        self.may_reload = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def reload(self) -> None:
        now = datetime.now(UTC).isoformat()
        self.loaded = [
            {"name": group["name"], "file": f"/rules/{path.name}", "interval": 15,
             "lastEvaluation": now, "rules": [
                 {"name": rule["record"], "query": rule["expr"], "type": "recording",
                  "health": "ok"} for rule in group["rules"]]}
            for path in sorted(self.folder.glob("*.yaml"))
            for group in from_yaml(path.read_text())["groups"]
        ]  # fmt: skip


class Gate(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Guarded)
        reloads = self.path == "/-/reload"
        known = self.headers.get("Authorization") == "Bearer of-the-deployer"
        if not known or (reloads and not self.server.may_reload):
            self.server.refused += 1
            self.answer(401, b"Unauthorized")
        elif reloads:
            self.server.reload()
            self.answer(200, b"")
        else:
            rules = {"groups": self.server.loaded}
            data = rules if self.path.endswith("/rules") else ["up"]
            self.answer(200, json.dumps({"status": "success", "data": data}).encode())

    do_POST = do_GET  # noqa: N815 named by http.server

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guarded]:
    folder = tmp_path / "rules"
    folder.mkdir()
    (tmp_path / "mine.yaml").write_text(RULES)
    with Guarded(folder) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        monkeypatch.setenv("SRE_PROMETHEUS_URL", server.url)
        monkeypatch.setenv("SRE_PROMETHEUS_TOKEN", "of-the-deployer")
        yield server
        server.shutdown()
        thread.join()


def test_comparing_deploying_and_rolling_back_show_the_token(
    guarded: Guarded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, rules = str(guarded.folder), ["--rules", str(tmp_path / "mine.yaml")]
    assert run(["alerts", "diff", folder, *rules]) == 1
    assert run(["alerts", "deploy", folder, *rules]) == 0
    assert run(["alerts", "diff", folder, *rules]) == 0
    (tmp_path / "mine.yaml").write_text(RULES.replace("sum", "max"))
    assert run(["alerts", "deploy", folder, *rules]) == 0
    assert run(["alerts", "rollback", folder]) == 0
    assert "1 changed; deployed as" in capsys.readouterr().out.splitlines()[-1]
    assert guarded.loaded[0]["rules"][0]["query"] == "sum(up)"
    assert guarded.refused == 0


def test_checking_against_a_server_shows_the_token(guarded: Guarded, tmp_path: Path) -> None:
    arguments = ["alerts", "check", str(tmp_path / "mine.yaml"), "--prometheus", guarded.url]
    assert run(arguments) == 0
    assert guarded.refused == 0


@pytest.mark.parametrize("verb", ["diff", "deploy"])
def test_without_a_token_the_variable_is_named_and_nothing_changed(
    verb: str,
    guarded: Guarded,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("SRE_PROMETHEUS_TOKEN")
    arguments = ["alerts", verb, str(guarded.folder), "--rules", str(tmp_path / "mine.yaml")]
    assert run(arguments) == 3
    assert "set SRE_PROMETHEUS_TOKEN" in capsys.readouterr().err
    assert not list(guarded.folder.glob("*.yaml"))


def test_a_token_that_may_not_reload_leaves_the_old_rules(
    guarded: Guarded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guarded.may_reload = False
    arguments = ["alerts", "deploy", str(guarded.folder), "--rules", str(tmp_path / "mine.yaml")]
    assert run(arguments) == 1
    assert "set SRE_PROMETHEUS_TOKEN to a token that may reload" in capsys.readouterr().err
    assert not list(guarded.folder.glob("*.yaml"))
