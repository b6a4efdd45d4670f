"""`sre init` on real services: what it writes, what it refuses, and that it then writes nothing."""

import json
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from slo.edge.files import read_sources
from slo.edge.project_file import load_project
from slo.meaning import Request, meaning_of
from slo.openslo import read_objectives
from slo.project.roles import Latency, Requests
from synthetic.load.profile_file import read_profile
from tests.support.command import sre_here
from tests.support.json_schemas import keeps_schema
from tests.support.service_process import RunningService, running_service


@pytest.fixture(scope="module")
def orders() -> Iterator[RunningService]:
    with running_service(target="tests.support.foreign.orders:create", alive="/health") as running:
        yield running


@pytest.fixture(scope="module")
def stock() -> Iterator[RunningService]:
    with running_service(target="tests.support.foreign.stock:create", alive="/livez") as running:
        yield running


@contextmanager
def answering(pages: dict[str, str]) -> Iterator[str]:
    """Serve texts by their path, and 404 for every other."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = pages.get(self.path)
            self.send_response(404 if text is None else 200)
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_service_with_its_own_labels_gets_a_project_that_every_reader_takes(
    orders: RunningService, tmp_path: Path
) -> None:
    done = sre_here(["init", "--target", orders.url, "--json"], folder=tmp_path)
    assert done.returncode == 0, done.stderr
    said = keeps_schema(done.stdout, "init")
    assert said["left_out"] == ["cache", "accuracy", "prober", "dependency"]
    project = load_project(tmp_path)
    assert (project.name, project.ready) == ("orders", "/health")
    assert project.roles.requests == Requests("http_requests_total", "handler", "method", "code")
    assert project.roles.latency == Latency("http_request_duration_seconds", "handler", "method")
    assert {each["path"] for each in said["files"]} == {
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()
    }
    assert project.golden is not None
    assert project.golden.value == {
        "answer": "$",
        "target": 0.9,
        "request": {
            "method": "POST", "path": "/classify", "body": {"text": "{text}"}, "expect": 200,
        },
        "fields": {"label": "exact", "confidence": "ignored"},
    }  # fmt: skip
    case = json.loads((tmp_path / "golden/first.jsonl").read_text())
    assert case["expected"] == {"label": "example"}
    profile = read_profile((tmp_path / "load/smoke.yaml").read_text(), source="smoke")
    assert [(one.method, one.path) for one in profile.requests] == [("GET", "/orders")]


def test_its_objectives_mean_what_they_say(orders: RunningService, tmp_path: Path) -> None:
    sre_here(["init", "--target", orders.url], folder=tmp_path)
    project = load_project(tmp_path)
    found = read_objectives(read_sources(tmp_path / "slo"), project.owner)
    meant = {one.name: meaning_of(one, project) for one in found}
    good, slow = Request("GET", "/orders", "200", 0.1), Request("GET", "/orders", "200", 0.7)
    failed, probe = Request("GET", "/orders", "503", 0.1), Request("GET", "/health", "500", 9.0)
    assert [meant["availability"].spends(one) for one in (good, slow, failed, probe)] == [
        False, False, True, False,
    ]  # fmt: skip
    assert [meant["latency"].spends(one) for one in (good, slow, failed, probe)] == [
        False, True, False, False,
    ]  # fmt: skip


def test_opentelemetry_without_a_route_is_bound_without_one(
    stock: RunningService, tmp_path: Path
) -> None:
    done = sre_here(["init", "--target", stock.url], folder=tmp_path)
    assert done.returncode == 0, done.stderr
    roles = load_project(tmp_path).roles
    assert roles.requests == Requests(
        "http_server_request_duration_seconds_count",
        method="http_request_method",
        status="http_response_status_code",
    )
    assert roles.version is not None
    assert (roles.version.info, roles.version.label) == ("target_info", "service_version")
    assert "exporter  OpenTelemetry" in done.stdout


def test_each_guess_says_why_beside_it(orders: RunningService, tmp_path: Path) -> None:
    sre_here(["init", "--target", orders.url], folder=tmp_path)
    lines = (tmp_path / "sre.toml").read_text().splitlines()
    table, bare = "", []
    for line in lines:
        table = line if line.startswith("[") else table
        guessed = table.startswith(("[service]", "[metrics", "[[metrics"))
        if guessed and "=" in line and "  # " not in line:
            bare.append(line)
    assert bare == []


def test_what_is_there_stays_unless_it_is_forced(orders: RunningService, tmp_path: Path) -> None:
    mine = tmp_path / "slo" / "latency.yaml"
    mine.parent.mkdir()
    mine.write_text("mine")
    done = sre_here(["init", "--target", orders.url], folder=tmp_path)
    assert done.returncode == 4
    assert "slo/latency.yaml is there already" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text() == "mine"
    assert sre_here(["init", "--target", orders.url, "--force"], folder=tmp_path).returncode == 0
    assert mine.read_text() != "mine"


def test_a_folder_of_gitlab_s_gets_gitlab_s_file(orders: RunningService, tmp_path: Path) -> None:
    (tmp_path / ".gitlab-ci.yml").write_text("include: .gitlab/sre.yml\n")
    assert sre_here(["init", "--target", orders.url], folder=tmp_path).returncode == 0
    assert (tmp_path / ".gitlab/sre.yml").is_file()
    assert not (tmp_path / ".github").exists()


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/actuator/prometheus", []),
        ("/metrics/", []),
        ("/q/metrics", []),
        ("/s", ["--metrics=/s"]),
        ("/s/", ["--metrics={url}/s/"]),
        ("/v1/stats?format=prometheus", ["--metrics=/v1/stats?format=prometheus"]),
    ],
)
def test_metrics_that_are_shown_elsewhere_are_found_and_said(
    path: str, options: list[str], tmp_path: Path
) -> None:
    with answering({path: METRICS}) as url:
        words = [word.replace("{url}", url) for word in options]
        done = sre_here(["init", "--target", url, *words], folder=tmp_path)
    assert done.returncode == 0, done.stderr
    project = load_project(tmp_path)
    assert project.scrape == path
    assert path.partition("?")[0] in project.uncounted


def test_jobs_that_started_at_one_moment_are_told_apart_by_their_address(tmp_path: Path) -> None:
    metrics, targets = f"{METRICS}process_start_time_seconds 1700000000.25\n", list[Any]()
    started = [
        {"metric": {"job": job}, "value": [0, "1700000000.25"]} for job in ("desk", "kiosk", "far")
    ]
    asked = {
        "/api/v1/query?query=process_start_time_seconds": {
            "resultType": "vector",
            "result": started,
        },
        "/api/v1/targets?state=active": {"activeTargets": targets},
    }
    pages = {"/metrics": metrics}
    with answering(pages) as url:
        for job, place in (("desk", url), ("kiosk", "http://10.0.0.7:80")):
            targets.append({"labels": {"job": job}, "scrapeUrl": f"{place}/metrics"})
        pages |= {
            path: json.dumps({"status": "success", "data": data}) for path, data in asked.items()
        }
        done = sre_here(["init", "--target", url, "--prometheus", url], folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert load_project(tmp_path).job == "desk"
    assert "a guess" not in done.stdout


METRICS = '# TYPE http_requests_total counter\nhttp_requests_total{code="200",route="/a"} 1\n'


@pytest.mark.parametrize(
    ("pages", "options", "code", "said"),
    [
        ({"/": "hello"}, [], 3, "/metrics answers 404: the service shows no metrics there"),
        ({"/metrics": "# TYPE widgets gauge\nwidgets 3\n"}, [], 2, "none of its 1 metrics counts"),
        ({"/metrics": METRICS, "/v2": '{"swagger": "2.0"}'}, ["--openapi", "{url}/v2"], 2,
         "is OpenAPI 2.0"),
        ({"/metrics": METRICS}, ["--openapi", "{url}/gone"], 3, "/gone answers 404"),
        ({"/metrics": METRICS}, ["--openapi", "no-such.json"], 2, "cannot be read"),
        ({"/metrics": METRICS}, ["--prometheus", "http://127.0.0.1:9"], 3, "127.0.0.1:9"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_and_nothing_is_written(
    pages: dict[str, str], options: list[str], code: int, said: str, tmp_path: Path
) -> None:
    with answering(pages) as url:
        words = [word.replace("{url}", url) for word in options]
        done = sre_here(["init", "--target", url, *words], folder=tmp_path)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "hint: " in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_is_down_leaves_with_3_and_nothing_is_written(tmp_path: Path) -> None:
    done = sre_here(["init", "--target", "http://127.0.0.1:9", "--json"], folder=tmp_path)
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["code"] == "unreachable"
    assert list(tmp_path.iterdir()) == []


def test_a_broken_document_of_the_service_leaves_its_routes_out_and_says_so(tmp_path: Path) -> None:
    with answering({"/metrics": METRICS, "/openapi.json": "{"}) as url:
        done = sre_here(["init", "--target", url], folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "left out: the routes of" in done.stdout
    assert "left out  in_progress" not in done.stdout or "latency" in done.stdout


def test_the_schema_of_the_project_file_is_printed_and_knows_what_is_written(
    orders: RunningService, tmp_path: Path
) -> None:
    done = sre_here(["init", "--schema"], folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    schema = Draft202012Validator(json.loads(done.stdout))
    assert sre_here(["init", "--target", orders.url], folder=tmp_path).returncode == 0
    written = tomllib.loads((tmp_path / "sre.toml").read_text())
    assert [error.message for error in schema.iter_errors(written)] == []
    written["metrics"]["requests"]["kind"] = "x"
    assert any("kind" in error.message for error in schema.iter_errors(written))
