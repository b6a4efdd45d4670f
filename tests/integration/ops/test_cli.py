"""The command says what is wrong in one line and leaves with the documented code."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kit.pure.errors import (
    BadInputError,
    HarnessError,
    NotEnoughDataError,
    RefusedError,
    UnreachableError,
)
from kit.pure.exits import Exit, exit_of_error
from slo.verdict import Verdict
from sre.exits import exit_of_verdict
from sre.running import run
from sre.table import GROUPS, VERBS
from tests.support.waiting import HANGS_S


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("CALENDAR_", "SRE_")):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (HarnessError, 1),
        (BadInputError, 2),
        (UnreachableError, 3),
        (RefusedError, 4),
        (NotEnoughDataError, 5),
    ],
)
def test_each_kind_of_error_has_one_exit_code(kind: type[HarnessError], code: int) -> None:
    assert exit_of_error(kind("x")) == code


def test_only_a_pass_leaves_with_zero() -> None:
    assert [verdict for verdict in Verdict if exit_of_verdict(verdict) is Exit.HOLDS] == [
        Verdict.PASS
    ]


@pytest.mark.parametrize("verb", [*GROUPS, *VERBS])
def test_every_verb_explains_itself_and_its_exit_codes(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*verb.split(), "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"sre {verb}" in said
    assert "Exit codes: 0 holds" in said


def test_an_unknown_verb_is_a_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["srve"]) == 2
    assert "srve" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        (["load", "runn"], "Did you mean 'run'?", "sre load --help"),
        (["golden", "run", "--bogus"], "No such option: --bogus", "sre golden run --help"),
        (["golden", "run", "--repeat", "x"], "'--repeat'", "sre golden run --help"),
    ],
)
def test_a_wrong_usage_is_one_line_and_where_to_look(
    arguments: list[str], error: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == Exit.USAGE
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("error: ")
    assert error in first
    assert second == f"hint: {hint} says what it takes"


def test_the_version_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == Exit.HOLDS
    assert capsys.readouterr().out.startswith("sre ")


def test_serving_on_a_port_in_use_names_the_port_and_the_next_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["serve", "--port", str(port)]) == 3
    error, hint = capsys.readouterr().err.splitlines()
    assert f"port {port} on 127.0.0.1 is in use" in error
    assert "--port 0" in hint


def test_a_port_in_use_is_found_before_a_database_is_started(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr("ops.embedded.embedded_mongodb", lambda *a: started.append(a))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(["serve", "--embedded", "--port", str(taken.getsockname()[1])]) == 3
    assert "is in use" in capsys.readouterr().err
    assert started == []


def test_serving_with_a_wrong_setting_names_the_setting_and_the_value(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALENDAR_MODE", "sleepy")
    assert run(["serve", "--port", "0"]) == 2
    error, hint = capsys.readouterr().err.splitlines()
    assert error.startswith("error: CALENDAR_MODE='sleepy': ")
    assert "docs/service.md" in hint


def test_serving_with_no_database_address_says_what_one_looks_like(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALENDAR_MONGODB_URL", "postgres://localhost/db")
    assert run(["serve", "--port", "0"]) == 2
    assert "mongodb://HOST:27017/calendar" in capsys.readouterr().err


def test_serving_with_an_absent_database_gives_up_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("CALENDAR_MONGODB_URL", f"mongodb://127.0.0.1:{port}/x")
    assert run(["serve", "--port", "0", "--wait", "0.6"]) == 3
    error, hint = capsys.readouterr().err.splitlines()
    assert error == f"error: MongoDB at 127.0.0.1:{port} did not answer within 0.6 s"
    assert "--embedded" in hint


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])
def test_a_public_address_is_refused_without_authentication(
    host: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALENDAR_AUTH", "off")
    assert run(["serve", "--host", host]) == 4
    assert run(["serve", "--host", host, "--embedded"]) == 4
    assert "authentication" in capsys.readouterr().err


REFUSED = ["serve", "--embedded", "--host", "0.0.0.0"]


def test_debug_shows_where_an_error_came_from_and_leaves_with_its_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["--debug", *REFUSED]) == 4
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("SRE_DEBUG", "1")
    assert run(REFUSED) == 4
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("SRE_DEBUG", "0")
    assert run(REFUSED) == 4
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(("words", "code"), [(["slo", "show"], 0), (["nothing", "--json"], 2)])
def test_the_code_stays_when_nobody_reads_or_nothing_is_open(words: list[str], code: int) -> None:
    command = [sys.executable, "-m", "sre", *words]
    reads, writes = os.pipe()
    os.close(reads)
    unread = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, check=False)
    os.close(writes)
    closed = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command], stderr=subprocess.PIPE, check=False
    )
    assert (unread.returncode, closed.returncode) == (code, code)
    assert b"Traceback" not in unread.stderr + closed.stderr


def test_output_that_cannot_be_kept_is_no_success() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "sre", "slo", "show"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 2), done.stderr
    assert b"No space left on device" in done.stderr


@pytest.mark.parametrize("option", ["--data", "--logs"])
def test_a_folder_that_cannot_be_made_is_named_with_its_option(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--embedded", "--port", "0", option, "/proc/no"]) == 2
    assert f"error: {option} /proc/no: " in capsys.readouterr().err


def test_a_database_address_without_a_scheme_is_refused_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALENDAR_MONGODB_URL", "db.example:27017")
    assert run(["serve", "--port", "0"]) == 2
    assert "mongodb://HOST:27017/calendar" in capsys.readouterr().err


def _shell(line: str) -> subprocess.CompletedProcess[str]:
    sre = Path(sys.executable).parent / "sre"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line.replace("sre", str(sre), 1)],
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )


@pytest.mark.thorough
@pytest.mark.parametrize("verb", ["load profiles", "load profiles --json"])
def test_a_reader_who_has_seen_enough_is_no_failure_and_a_full_disk_is_one(verb: str) -> None:
    shown = _shell(f"sre {verb} | true")
    assert (shown.returncode, shown.stderr) == (0, "")
    shown = _shell(f"sre {verb} > /dev/full")
    assert (shown.returncode, len(shown.stderr.splitlines())) == (3, 2), shown.stderr
    assert "No space left on device" in shown.stderr


def test_another_pipe_that_breaks_is_a_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("sre.doctor.examine", broken)
    assert run(["doctor"]) == 3
    assert "Broken pipe" in capsys.readouterr().err
