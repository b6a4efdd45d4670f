"""A golden gate for another team's endpoint, with nothing but its project file."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kit.pure.errors import BadInputError
from slo.edge.project_file import load_project
from sre.running import run
from synthetic.edge.golden.files import spec_of
from synthetic.golden.case import fingerprint
from synthetic.golden.case_file import case_from_json
from synthetic.golden.comparators import right_fields
from synthetic.golden.spec import Spec

PROJECT = """
schema = "sre.project/v1"
[service]
name = "tickets"
job = "tickets"
[paths]
golden = "golden"
[golden]
answer = "$.result.label"
confidence = "$.score"
slices = ["language"]
target = 0.6
[golden.request]
method = "POST"
path = "/classify/{tenant}"
body = { message = "{text}", options = { limit = 3 } }
[golden.fields]
topic = "exact"
tags = "set"
price = { compare = "within", by = 0.5 }
code = "regex"
note = "ignored"
"""


def case(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"t-{number}",
        "text": f"ticket {number}",
        "inputs": {"tenant": "a/b"},
        "expected": {"topic": "refund", "tags": ["x", "y"], "price": 10, "code": "R-[0-9]+"},
        "slices": {"language": "en" if number % 2 else "de"},
        **more,
    }


def written(folder: Path, text: str = PROJECT, cases: int = 60) -> Path:
    (folder / "golden").mkdir(exist_ok=True)
    (folder / "sre.toml").write_text(text)
    lines = "".join(json.dumps(case(n)) + "\n" for n in range(cases))
    (folder / "golden" / "set.jsonl").write_text(lines)
    return folder


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    return spec_of(load_project(written(tmp_path)))


class Tickets(ThreadingHTTPServer):
    """Classifies each ticket as `says`, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says: dict[str, Any] = {
            "topic": "refund", "tags": ["y", "x"], "price": 10.4, "code": "R-12", "note": "…",
        }  # fmt: skip
        self.asked: list[tuple[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Tickets

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.answer({})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        self.answer({"result": {"label": self.server.says}, "score": 0.9})

    def answer(self, content: object) -> None:
        data = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def tickets() -> Iterator[Tickets]:
    server = Tickets()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({}, set()),
        ({"topic": "Refund"}, {"topic"}),
        ({"tags": ["x"]}, {"tags"}),
        ({"tags": ["x", "y", "y"]}, set()),
        ({"price": 10.6}, {"price"}),
        ({"price": "10"}, {"price"}),
        ({"price": True}, {"price"}),
        ({"code": "R-12 and more"}, {"code"}),
        ({"topic": None, "tags": None, "price": None, "code": None},
         {"topic", "tags", "price", "code"}),
        ({"note": "anything"}, set()),
    ],
)  # fmt: skip
def test_each_field_is_compared_as_the_project_says(
    spec: Spec, answer: dict[str, Any], wrong: set[str]
) -> None:
    said = {"topic": "refund", "tags": ["y", "x"], "price": 9.5, "code": "R-7", **answer}
    right = right_fields(case_from_json(case(1), spec), said)
    assert set(right) == {"topic", "tags", "price", "code"}, "what is ignored does not count"
    assert {name for name, is_right in right.items() if not is_right} == wrong


def test_a_case_reads_back_as_it_is_written(spec: Spec) -> None:
    one = case_from_json(case(1), spec)
    assert case_from_json(one.to_json(), spec) == one
    other = case_from_json(case(1, inputs={"tenant": "c"}), spec)
    assert fingerprint([one]) != fingerprint([other])


@pytest.mark.thorough
def test_the_gate_asks_judges_and_is_blessed_without_a_line_of_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SRE_RUNS_DIR", raising=False)
    place = str(written(tmp_path))
    with tickets() as server:
        words = ["--project", place, "--target", server.url, "--json"]
        assert run(["golden", "run", *words]) == 5, "there is no baseline yet"
        assert server.asked[0][0] == "/classify/a%2Fb"
        assert server.asked[0][1]["options"] == {"limit": 3}
        assert run(["golden", "bless", "--name", "Ann", "--reason", "first", *words]) == 0
        capsys.readouterr()
        assert run(["golden", "run", *words]) == 0
        record = json.loads(capsys.readouterr().out)
        assert (record["verdict"], record["right"], record["cases"]) == ("PASS", 60, 60)
        assert set(record["fields"]) == {"topic", "tags", "price", "code", "note"}
        assert set(record["slices"]) == {"all", "language:de", "language:en"}
        server.says["topic"] = "order"
        assert run(["golden", "run", *words]) == 1
        record = json.loads(capsys.readouterr().out)
        assert record["kinds"] == {"wrong topic": 60}
        assert record["stages"] == {}, "nothing says which stages this service has"
    assert len(list((tmp_path / "runs" / "golden").glob("*.json"))) >= 2


OWN = PROJECT.replace('topic = "exact"', 'topic = "compare:same_topic"')


def test_own_comparators_run_with_consent_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(written(tmp_path, OWN))
    (tmp_path / "compare.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
        "def same_topic(expected, actual):\n    return expected == actual.lower()\n"
    )
    with tickets() as server:
        server.says["topic"] = "REFUND"
        words = ["golden", "run", "--project", place, "--target", server.url, "--json"]
        assert run(words) == 4
        assert "--run-own-comparators" in capsys.readouterr().out
        assert run(["golden", "show", "--project", place]) == 0
        assert not (tmp_path / "ran").exists(), "nothing of the project was run"
        capsys.readouterr()
        run([*words, "--run-own-comparators"])
        assert json.loads(capsys.readouterr().out)["right"] == 60


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('topic = "exact"', 'topic = "exakt"', "golden.fields.topic: 'exakt' is not known"),
        ("by = 0.5", "near = 0.5", "golden.fields.price.near"),
        ('"$.result.label"', '"$.[label"', "golden.answer: '$.[label' is no JSONPath"),
        ('path = "/classify/{tenant}"', 'path = "http://x/"', "golden.request.path"),
        ("target = 0.6", "target = 6", "golden.target"),
    ],
)
def test_what_is_wrong_in_the_project_is_named(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in PROJECT
    project = load_project(written(tmp_path, PROJECT.replace(old, new)))
    with pytest.raises(BadInputError) as told:
        spec_of(project)
    assert said in str(told.value)


def test_a_project_without_a_golden_set_is_told_what_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = written(tmp_path, PROJECT.partition("[paths]")[0])
    assert run(["golden", "run", "--project", str(place), "--json"]) == 2
    assert "[golden" in capsys.readouterr().out
