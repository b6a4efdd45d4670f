"""The parts of a request are timed by a real server, and judged by the slowest."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kit.edge.target import Access
from ops.checks.evidence import Seen, settled
from ops.checks.finding import Finding, State, worst
from ops.checks.observe.timing import take
from ops.checks.timing import Taken, evidence, judge
from sre.running import run
from tests.support.wanted import command_from_debian

ROOT = Path(__file__).resolve().parents[4]
FAST = Taken(0.001, 0.01, 0.02, 0.05, 0.09, 200, 3)


@contextmanager
def serving(answer: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def found(*taken: Taken, wanted: int | None = None) -> dict[str, Finding]:
    seen = Seen(judge("http://h", taken, 2.0), evidence(taken, wanted or len(taken)))
    return {one.subject: one for one in settled(seen)}


def test_the_parts_of_an_answer_add_up_to_no_more_than_the_whole() -> None:
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n") as url:
        taken = take(f"{url}/healthz", Access(), timeout_s=10)
    assert (taken.problem, taken.status, taken.size_bytes, taken.tls_s) == ("", 200, 3, None)
    parts = taken.dns_s + taken.connect_s + taken.first_byte_s
    assert 0 < parts <= taken.total_s + 1e-9


@pytest.mark.parametrize(
    ("answer", "part"),
    [(b"", "first byte"), (b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nok\n", "rest"),
     (b"SSH-2.0\r\n", "first byte")],
)  # fmt: skip
def test_an_answer_that_is_cut_short_names_the_part_and_is_no_time(
    answer: bytes, part: str
) -> None:
    with serving(answer) as url:
        taken = take(url, Access(), timeout_s=10)
    assert taken.problem
    assert taken.part.startswith(part)
    assert found(taken)[taken.part].unreachable


def test_nobody_there_and_a_name_that_nobody_knows_are_told_apart() -> None:
    assert take("http://127.0.0.1:9", Access(), timeout_s=5).part == "connect"
    assert take("http://no-such-name.invalid", Access(), timeout_s=5).part == "DNS"


def test_the_whole_is_held_against_the_objective_and_the_slowest_part_is_named() -> None:
    assert worst(one.state for one in found(FAST, FAST).values()) is State.PASS
    slow = Taken(0.001, 0.01, 2.4, 0.05, 2.5, 200, 3)
    told = found(slow, slow, FAST)
    assert told["total"].state is State.FAIL
    assert [name for name in ("DNS", "connect", "TLS", "first byte")
            if told[name].state is State.WARN] == ["TLS"]  # fmt: skip
    waits = Taken(0.001, 0.01, 0.02, 1.4, 1.45, 200, 3)
    assert found(waits)["total"].state is State.WARN


def test_answers_that_are_missing_or_not_the_page_are_no_pass() -> None:
    assert worst(one.state for one in found(FAST, wanted=5).values()) is State.NO_DATA
    lost = Taken(problem="refused", part="connect")
    assert found(FAST, lost)["lost"].state is State.FAIL
    assert found(Taken(total_s=0.1, status=503))["answer"].state is State.FAIL
    assert found(Taken(total_s=0.1, status=302))["answer"].state is State.NO_DATA


def test_what_is_no_url_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "timing", "calendar.example/healthz"]) == 2
    assert "is no URL" in capsys.readouterr().err


def test_curl_takes_the_format_that_the_documents_name() -> None:
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n") as url:
        words = [
            command_from_debian("curl"),
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "@deployment/curl-format.txt",
            url,
        ]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "status  200, 3 bytes" in done.stdout
    assert done.stdout.count(" s\n") == 7
