"""`sre alerts check --prometheus` against real servers of both versions of Prometheus."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
import yaml
from testcontainers.core.network import Network

from alerts.edge.rule_checks import Found, How, check_rules
from slo.project.rule_checks import CheckSettings
from sre.running import run
from tests.support.calendar_alerts import CALENDAR
from tests.support.container import Server
from tests.support.json_schemas import keeps_schema
from tests.support.monitoring import open_job, prometheus_spec
from tests.support.rule_faults import EXTERNAL_LABELS, METRICS, WITH_A_SERVER, rule_file
from tests.support.sampling import quick
from tests.support.waiting import wait_for
from tests.support.webhook import gateway_of

pytestmark = pytest.mark.containers


@contextmanager
def exposing(address: str, text: str) -> Iterator[str]:
    """Answer every scrape on a free port of an address with a text; give where."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((address, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"{address}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(params=quick(["prometheus", "prometheus-3"], first=1))
def url(
    request: pytest.FixtureRequest, start_private: Any, private_network: Network
) -> Iterator[str]:
    """Give the address of a Prometheus that has scraped the metrics of the faults, with types."""
    with exposing(gateway_of(private_network.name), METRICS) as target:
        spec = prometheus_spec({}, scrapes=[open_job("parcels", target)])
        (path,) = spec.files
        config = yaml.safe_load(spec.files[path])
        config["global"]["external_labels"] = EXTERNAL_LABELS
        files = {path: yaml.safe_dump(config)}
        server: Server = start_private(replace(spec, image=request.param, files=files))
        address = f"http://{server.host}:{server.port}"
        wait_for(
            lambda: (
                "parcels_lost" in asked(address, "metadata")
                and "parcel_seconds_count" in asked(address, "label/__name__/values")
            ),
            what="the metrics are scraped",
            within_s=20,
        )
        yield address


def asked(url: str, path: str) -> Any:
    with urlopen(f"{url}/api/v1/{path}", timeout=10) as answer:  # noqa: S310 -- of ours
        return json.load(answer)["data"]


NO_PROMTOOL = replace(CALENDAR, rule_checks=CheckSettings(levels={"promtool/accepts": "off"}))
"""As each run of promtool takes a second, and there are many cases."""


def checked(url: str, case: Any, path: Path) -> Found:
    path.write_text(rule_file(case, "belt_speed > 9e9"))
    return check_rules(NO_PROMTOOL, [path], How(prometheus=url))


def test_what_only_a_server_knows_is_found_and_the_mended_rule_is_well(
    url: str, tmp_path: Path
) -> None:
    unseen, false = [], []
    for case in WITH_A_SERVER:
        bad = checked(url, case["bad"], tmp_path / "a.yaml").problems
        if case["check"] not in {each.check for each in bad}:
            unseen.append((case["bad"], bad))
        false += [p.text() for p in checked(url, case["good"], tmp_path / "a.yaml").problems]
    assert unseen == []
    assert false == []


@pytest.mark.thorough
def test_what_would_fire_at_once_is_told_and_what_is_not_there_yet_may_be_absent(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(rule_file({"rules": [
        {"alert": "Slow", "expr": "belt_speed < 9"},
        {"alert": "Torn", "expr": "belt_speed * on (job) depot_owner > 0", "for": "1m"},
        {"alert": "Quiet", "expr": "belt_speed > 9e9"},
        {"alert": "Gone", "expr": 'absent(parcels_scanned_total{depot="north"})', "for": "5m"},
    ]}, ""))  # fmt: skip
    assert run(["alerts", "check", str(path), "--prometheus", url, "--json"]) == 1
    found = keeps_schema(capsys.readouterr().out, "alerts-check")
    assert [note.partition(": ")[2] for note in found["notes"]] == [
        "Slow holds now: 3 alerts would fire at once",
        "Gone holds now: 1 alert would fire after 5m",
    ]
    assert {each["rule"] for each in found["problems"]} == {"Torn"}
    assert "many-to-many" in " ".join(each["message"] for each in found["problems"])


@pytest.mark.thorough
def test_each_metric_is_asked_for_once(url: str, tmp_path: Path) -> None:
    """Whatever number of rules read it; and what the server says of itself, once a run."""
    path = tmp_path / "many.yaml"
    names = ("belt_speed", "belt_limit", "depot_owner")
    rules = [
        {"alert": f"A{number}", "expr": f"{names[number % 3]} > 9e9 + {number}", "for": "5m"}
        for number in range(60)
    ]
    path.write_text(rule_file({"rules": rules}, ""))
    with counting(url) as (front, asked_for):
        assert check_rules(NO_PROMTOOL, [path], How(prometheus=front)).problems == ()
    assert asked_for["/api/v1/series"] == len(names)
    assert asked_for["/api/v1/query"] <= len(names)
    assert set(asked_for.values()) - {asked_for["/api/v1/series"], asked_for["/api/v1/query"]} <= {
        1
    }


@contextmanager
def counting(url: str) -> Iterator[tuple[str, Counter[str]]]:
    """Pass every request on to a server, and count them by path."""
    counted: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.pass_on(None)

        def do_POST(self) -> None:
            self.pass_on(self.rfile.read(int(self.headers["Content-Length"])))

        def pass_on(self, body: bytes | None) -> None:
            counted[self.path.partition("?")[0]] += 1
            kind = {"Content-Type": self.headers.get("Content-Type") or "text/plain"}
            asked = Request(f"{url}{self.path}", body, kind)  # noqa: S310 -- of ours
            with urlopen(asked, timeout=10) as answer:  # noqa: S310 -- of ours
                self.send_response(answer.status)
                self.end_headers()
                self.wfile.write(answer.read())

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", counted
        finally:
            server.shutdown()
            thread.join()
