"""Services of other teams, each with a Prometheus of its own: a project without a line of code."""

import json
import re
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import quote

import pytest
import yaml
from testcontainers.core.network import Network

from alerts.edge.shipped import RECEIVERS as EXAMPLE
from kit.pure.fields import Field
from slo.edge.files import read_sources
from slo.edge.project_file import load_project
from slo.openslo import read_objectives
from slo.promql import total_query
from sre.table import VERBS
from tests.support.command import sre_here
from tests.support.command_line import options_of
from tests.support.container import Server
from tests.support.foreign.starting import PORT, foreign_spec
from tests.support.json_schemas import keeps_schema
from tests.support.monitoring import alertmanager_spec, ask, open_job, prometheus_spec
from tests.support.service_process import plain_client
from tests.support.waiting import wait_for
from tests.support.webhook import Webhook, gateway_of, listening_webhook

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "your-service.md"
ALONE: Final = "SRE_PROMETHEUS_URL= "
"""Before a command that asks no Prometheus."""
MAY_LEAVE_WITH: Final = {"sre report weekly": {0, 5}}
"""A service of a few minutes has not enough data for every verdict on its week."""


def commands() -> list[str]:
    """Return each command of the page whose verb knows projects, in the page's order."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if " sre " in f" {line}"]
    return [line for line in lines if "--project" in options_of(verb_of(line))]


def verb_of(command: str) -> str:
    """Return the words of a command that are its verb."""
    words = command.removeprefix(ALONE).split()[1:]
    return next(verb for n in (2, 1) if (verb := " ".join(words[:n])) in VERBS)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A service, the Prometheus that scrapes it under `job`, and a folder for its project."""

    name: str
    service: Server
    prometheus: Server
    network: Network
    job: str
    folder: Path
    rules: Path

    def sre(self, command: str, *more: str) -> str:
        """Run one command of the page in the project's folder and return what it printed."""
        text = Template(command.removeprefix(ALONE)).substitute(RULES=self.rules)
        verb, *words = shlex.split(text)
        assert verb == "sre"
        done = sre_here(
            [*words, *more],
            folder=self.folder,
            SRE_TARGET_URL=url_of(self.service),
            SRE_PROMETHEUS_URL="" if command.startswith(ALONE) else url_of(self.prometheus),
        )
        assert done.returncode in MAY_LEAVE_WITH.get(command, {0}), (
            f"{command} left with {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    def value(self, expression: str) -> float | None:
        """Return what Prometheus answers now; None where it answers nothing."""
        found = ask(self.prometheus, f"/api/v1/query?query={quote(expression)}")["data"]["result"]
        return float(found[0]["value"][1]) if found else None


@pytest.fixture(
    params=[
        "orders",
        pytest.param("stock", marks=pytest.mark.thorough),
        pytest.param("gate", marks=pytest.mark.thorough),
    ]
)
def foreign(
    request: pytest.FixtureRequest,
    private_network: Network,
    start_private: Callable[..., Server],
    tmp_path: Path,
) -> Foreign:
    name, job = request.param, f"shop-{request.param}"
    service = start_private(foreign_spec(name), private_network, name)
    rules, folder = tmp_path / "rules", tmp_path / "project"
    for each in (tmp_path, rules, folder):
        each.mkdir(exist_ok=True)
        each.chmod(0o755)  # the server reads as another user
    scraped = prometheus_spec(
        {},
        scrapes=[open_job(job, f"{name}:{PORT}")],
        alertmanagers=["alertmanager:9093"],
        folder=str(rules),
    )
    prometheus = start_private(scraped, private_network)
    found = Foreign(name, service, prometheus, private_network, job, folder, rules)
    wait_for(lambda: found.value(f'up{{job="{job}"}}'), what="the service is scraped", within_s=20)
    return found


def url_of(server: Server) -> str:
    return f"http://{server.host}:{server.port}"


def test_a_service_gets_a_project_whose_objectives_its_prometheus_answers(foreign: Foreign) -> None:
    told = keeps_schema(foreign.sre("sre init", "--json"), "init")
    assert all(note.startswith("left out") for note in told["notes"])
    project = load_project(foreign.folder)
    assert project.job == foreign.job
    assert project.journeys is not None
    (journey,) = project.journeys.items()
    (step,) = journey.need("steps").items()
    ask_often(foreign.service, step.need("path").text())
    objectives = read_objectives(read_sources(foreign.folder / "slo"), project.owner)
    assert {one.name for one in objectives} == {"availability", "latency"}
    for query in (total_query(one, timedelta(minutes=1)) for one in objectives):
        wait_for(lambda query=query: foreign.value(query), what=query, within_s=20)  # type: ignore[misc]
    foreign.sre("sre slo validate slo")
    foreign.sre("sre alerts build --objectives slo --out build/alerts")
    rules = [path.read_text() for path in (foreign.folder / "build/alerts").rglob("*.yaml")]
    assert any(f'job="{foreign.job}"' in text.replace("\\", "") for text in rules)


def ask_often(server: Server, path: str) -> None:
    """Ask for a path over several scrapes."""
    with plain_client() as client:
        for _ in range(30):
            assert client.get(url_of(server) + path).status_code == 200
            time.sleep(0.1)


ANSWERED: Final[Mapping[str, tuple[str, dict[str, object]]]] = {
    "orders": ("my parcel is late", {"label": "delivery"}),
    "stock": ("two books", {"item": "book", "in_stock": True}),
    "gate": ("to the north", {"gates": ["north"]}),
}
"""A text and the answer that each service owes to it."""


@pytest.mark.timeout(3600)  # promtool plays weeks
@pytest.mark.thorough
@pytest.mark.long
def test_every_command_of_the_page_runs_on_a_service_that_is_not_known(
    foreign: Foreign, start_private: Callable[..., Server]
) -> None:
    asked, began = commands(), f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    assert asked[0] == "sre init"
    for command in asked:
        if command == "sre dashboards check":
            wait_for_recorded(foreign)
        foreign.sre(command)
    verdict = json.loads(foreign.sre(f"sre report weekly --from {began} --to now", "--json"))
    assert verdict["verdict"] == "PASS"
    gate_holds(foreign)
    outage_reaches_its_receiver(foreign, start_private)


def wait_for_recorded(foreign: Foreign) -> None:
    """Use the service until what the slowest rules record is there."""
    project = load_project(foreign.folder)
    (journey,) = (project.journeys or Field("", "", [])).items()
    path = next(journey.need("steps").items()).need("path").text()

    def recorded() -> bool:
        ask_often(foreign.service, path)
        found = foreign.value(f'count(slo:budget_spent:30d{{service="{project.name}"}})')
        return found is not None and foreign.value("slo:budget_watched:30d") is not None

    wait_for(recorded, what="the budget is recorded", within_s=150)


def gate_holds(foreign: Foreign) -> None:
    """Give the golden set cases that are right, then one that is wrong."""
    text, expected = ANSWERED[foreign.name]
    golden = foreign.folder / "golden" / "first.jsonl"
    cases = [{"id": f"one-{n}", "text": text, "expected": expected} for n in range(60)]
    golden.write_text("".join(json.dumps(each) + "\n" for each in cases))
    foreign.sre("sre golden bless --name tests --reason begin")
    assert "PASS" in foreign.sre("sre golden run")


def outage_reaches_its_receiver(foreign: Foreign, start_private: Callable[..., Server]) -> None:
    """Stop the service: what its own routes send, to whom, is what says so; and that it is over."""
    with listening_webhook(gateway_of(foreign.network.name)) as webhook:
        receivers = yaml.safe_load(EXAMPLE.read_text())
        for place in (receivers["levels"], receivers["tickets"], receivers):
            for name in {"L1", "L2", "L3", "L4", "urgent", "normal", "heartbeat", "board"} & set(
                place
            ):
                place[name] = [{"kind": "webhook", "url": webhook.url}]
        (foreign.folder / "receivers.yaml").write_text(yaml.safe_dump(receivers))
        foreign.sre("sre alerts build --receivers receivers.yaml")
        routing = foreign.folder / "build/alerts/generated/routing"
        spec = alertmanager_spec(yaml.safe_load((routing / "alertmanager.yml").read_text()))
        templates = {
            f"/etc/alertmanager/templates/{path.name}": path.read_text()
            for path in (routing / "templates").glob("*.tmpl")
        }
        files = {**spec.files, **templates}
        start_private(replace(spec, files=files), foreign.network)
        foreign.service.stop()
        service = load_project(foreign.folder).name
        down = {("ServiceDown", service, "page-L1")}
        wait_for(lambda: down <= told(webhook, "firing"), what="the outage arrives", within_s=240)
        assert {each for _, each, _ in told(webhook, "firing")} == {service}


def told(webhook: Webhook, status: str) -> set[tuple[str, str, str]]:
    """Return name, service and receiver of each alert that arrived."""
    return {
        (alert["labels"]["alertname"], alert["labels"]["service"], notice["receiver"])
        for notice in webhook.received
        for alert in notice["alerts"]
        if alert["status"] == status
    }
