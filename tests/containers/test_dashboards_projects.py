"""Dashboards of three projects that share a Prometheus: panels answer, with their own figures."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from testcontainers.core.network import Network

from dashboards.choices import values_on
from dashboards.edge.files import read_all
from dashboards.edge.source import PrometheusSource
from dashboards.live import ask, span_of
from kit.edge.prometheus import connect
from kit.pure.exits import Exit
from slo.edge.project_file import load_project
from sre.running import run
from tests.support.container import Server
from tests.support.exporter import Exporter, listening_exporter
from tests.support.monitoring import prometheus_spec
from tests.support.two_projects import orders, stock
from tests.support.waiting import wait_for
from tests.support.webhook import gateway_of

pytestmark = pytest.mark.containers

PROJECTS: dict[str, Callable[[Path], Path]] = {
    "orders": orders,
    "returns": lambda folder: orders(folder, "returns"),
    "stock": stock,
}
FAILED = {"orders": 0.1, "returns": 0.5, "stock": 0.25}
"""The share of its requests that each service fails."""
PER_S = 20.0


@dataclass(frozen=True, slots=True)
class Site:
    """Where Prometheus is, and the project files by name."""

    url: str
    projects: dict[str, Path]


def serve(exporter: Exporter, job: str, failed: float) -> None:
    """Let a service answer requests, some of them late and some not at all."""
    exporter.targets[job] = [f"{job}-1"]
    target, route = f"{job}-1", "" if job == "stock" else 'handler="/orders",'
    method = "http_request_method" if job == "stock" else "method"
    status = "http_response_status_code" if job == "stock" else "code"
    base = "http_server_request_duration_seconds" if job == "stock" else (
        "http_request_duration_seconds"
    )  # fmt: skip
    answers = {"200": PER_S * (1 - failed), "500": PER_S * failed}
    for code, per_s in answers.items():
        labels = f'{route}{method}="GET"' + (f',{status}="{code}"' if job == "stock" else "")
        if job != "stock":
            counted = f'http_requests_total{{{labels},code="{code}"}}'
            exporter.rate(target, counted, per_s)
        share = per_s if job == "stock" else PER_S
        for edge, part in (("0.1", 0.5), ("0.25", 0.9), ("1.0", 1.0), ("+Inf", 1.0)):
            exporter.rate(target, f'{base}_bucket{{{labels},le="{edge}"}}', share * part)
        exporter.rate(target, f"{base}_count{{{labels}}}", share)
        exporter.rate(target, f"{base}_sum{{{labels}}}", share * 0.1)


def eager(path: Path) -> str:
    """Return a rule file whose groups are all evaluated at Prometheus's own pace."""
    rules = yaml.safe_load(path.read_text())
    for group in rules["groups"]:
        group.pop("interval", None)
    return yaml.safe_dump(rules)


@pytest.fixture
def site(
    private_network: Network, start_private: Callable[..., Server], tmp_path: Path
) -> Iterator[Site]:
    projects: dict[str, Path] = {}
    rules: dict[str, str] = {}
    for name, make in PROJECTS.items():
        projects[name] = make(tmp_path / name)
        out = tmp_path / name / "rules"
        slo = tmp_path / name / "slo"
        assert run(["alerts", "build", "--objectives", str(slo), "--out", str(out)]) == Exit.HOLDS
        rules |= {f"{name}-{path.name}": eager(path) for path in out.glob("generated/*.yaml")}
        assert run(["dashboards", "build", "--project", str(projects[name])]) == Exit.HOLDS
    with listening_exporter(gateway_of(private_network.name)) as exporter:
        for name, failed in FAILED.items():
            serve(exporter, name, failed)
        spec = prometheus_spec(rules, scrapes=exporter.scrapes())
        server = start_private(spec, private_network)
        yield Site(f"http://{server.host}:{server.port}", projects)


@pytest.mark.thorough
@pytest.mark.long
def test_every_panel_of_each_project_answers_with_its_own_figures(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    def problems(name: str) -> list[str]:
        asked = ("--prometheus", site.url, "--scrape", "1", "--range", "60", "--json")
        run(["dashboards", "check", "--project", str(site.projects[name]), *asked])
        found = json.loads(capsys.readouterr().out)
        return [f"{one['panel']}: {one['message']}" for one in found["problems"]]

    for name in PROJECTS:
        wait_for(
            lambda name=name: problems(name) == [],  # type: ignore[misc]  # of this round
            what=f"every panel of {name} answers",
            within_s=60,
            told=lambda name=name: "\n".join(problems(name)),  # type: ignore[misc]  # likewise
        )
        (failed,) = shown(site, name, "operations", "Share of requests that fail")
        assert failed == pytest.approx(FAILED[name], abs=0.02)
        left, measured = shown(site, name, "slo-answered", "Requests answered: budget left")
        assert left == pytest.approx(1 - FAILED[name] / 0.01, rel=0.05)
        assert 0 < measured < 0.01
        assert left == pytest.approx(counted_left(site, name, capsys), rel=0.05)


def shown(site: Site, name: str, board: str, title: str) -> list[float]:
    """Return the last value of each query of a panel as its board opens, in their order."""
    folder = Path(load_project(site.projects[name]).paths.build) / "dashboards"
    (opened,) = (one for one in read_all([folder]) if one.uid == f"{name}-{board}")
    (panel,) = (one for one in opened.panels if one.title == title)
    with connect(site.url) as server:
        source = PrometheusSource(server)
        span = span_of(60, time.time(), 1)
        values, _ = values_on(opened, source, span, 1)
        answers = [ask(source, target, values, span).series for target in panel.targets]
    return [series.samples[-1][1] for (series,) in answers]


def counted_left(site: Site, name: str, capsys: pytest.CaptureFixture[str]) -> float:
    """Return what `sre slo budget` says is left of the same budget."""
    slo = str(site.projects[name].parent / "slo")
    run(["slo", "budget", "answered", "--objectives", slo, "--prometheus", site.url, "--json"])
    (account,) = json.loads(capsys.readouterr().out)["budgets"]
    return float(account["left"])
