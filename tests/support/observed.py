"""The whole product under observation: service, databases, machine, prober, golden set."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

from prometheus_client import CollectorRegistry, Gauge, start_http_server
from testcontainers.core.network import Network

from tests.support.assistant import ADMIN_KEY, PORT, scrape_job, service_spec
from tests.support.container import Server
from tests.support.databases import MONGODB, REDIS
from tests.support.monitoring import NODE_EXPORTER, ask, node_job, prometheus_spec, reload
from tests.support.rules import generated_rules, hurried
from tests.support.waiting import HANGS_S, wait_for
from tests.support.warm import sre_warm
from tests.support.webhook import gateway_of

SRE: Final = (str(Path(sys.executable).with_name("sre")),)
_HURRY: Final = {"for": "3s", "keep_firing_for": "3s"}
_RATINGS: Final = (5, 5, 4, 4, 3, 1)


@dataclass(frozen=True, slots=True)
class Observed:
    """A service that is scraped with everything around it, and how to reach both from here."""

    service: Server
    mongodb: Server
    prometheus: Server
    jobs: list[dict[str, Any]]
    environment: Mapping[str, str]

    @property
    def service_url(self) -> str:
        """Return where the service answers on this machine."""
        return f"http://{self.service.host}:{self.service.port}"

    @property
    def prometheus_url(self) -> str:
        """Return where Prometheus answers on this machine."""
        return f"http://{self.prometheus.host}:{self.prometheus.port}"

    def sre(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `sre` against this service and Prometheus."""
        return sre_warm(arguments, folder=Path.cwd(), environment=self.environment)

    @contextmanager
    def without(self, metric: str) -> Iterator[None]:
        """Let Prometheus find a metric no longer, as after a release without it, for a while."""
        drop = {"source_labels": ["__name__"], "regex": metric, "action": "drop"}
        self._scrape([{**job, "metric_relabel_configs": [drop]} for job in self.jobs])
        try:
            yield
        finally:
            self._scrape(self.jobs)
            wait_for(
                lambda: ask(self.prometheus, f"/api/v1/query?query={metric}")["data"]["result"],
                what=f"{metric} is back",
                within_s=60,
            )

    def _scrape(self, jobs: Sequence[Mapping[str, Any]]) -> None:
        config = "/etc/prometheus/prometheus.yml"
        self.prometheus.write({config: prometheus_spec({}, scrapes=jobs).files[config]})
        reload(self.prometheus)

    def rate(self) -> None:
        """Give some ratings, as users do after a parse."""
        for rating in _RATINGS:
            said = {"text": "Lunch with Ana tomorrow at 12:30", "now": "2026-03-02T09:00:00Z"}
            decision = self.post("/parse", said)["decision_id"]
            self.post("/feedback", {"decision_id": decision, "rating": rating})

    def post(self, path: str, body: object) -> Any:
        """Return what the service answers to a POST."""
        request = Request(  # noqa: S310 always http
            f"{self.service_url}{path}",
            method="POST",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=10) as response:  # noqa: S310 always http
            return json.loads(response.read() or b"null")


@contextmanager
def observed(
    network: Network, start: Callable[..., Server], runs: Path, *, interval: str = "1s"
) -> Iterator[Observed]:
    """Give the whole product, once Prometheus has read every part of it.

    Prober and golden set run on this machine, as people run them; `runs` keeps their records.
    """
    mongodb = start(MONGODB, network)
    start(REDIS, network)
    service = start(service_spec(mongodb="mongodb", redis="redis"), network)
    start(NODE_EXPORTER, network)
    gateway = gateway_of(network.name)
    environment = {
        **os.environ,
        "SRE_TARGET_URL": f"http://{service.host}:{service.port}",
        "SRE_API_KEYS": ADMIN_KEY,
        "SRE_RUNS_DIR": str(runs),
    }
    with ExitStack() as stack:
        golden = stack.enter_context(_accuracy(gateway, environment, runs))
        prober = stack.enter_context(_prober(gateway, environment, runs))
        jobs = [
            scrape_job(f"service:{PORT}"),
            node_job("node-exporter:9100"),
            {
                "job_name": "prober",
                "static_configs": [
                    {"targets": [f"{gateway}:{prober}", f"{gateway}:{golden}"]},
                ],
            },
        ]
        rules = hurried(generated_rules(), _HURRY)
        prometheus = start(prometheus_spec(rules, scrapes=jobs, interval=interval), network)
        environment["SRE_PROMETHEUS_URL"] = f"http://{prometheus.host}:{prometheus.port}"
        wait_for(
            lambda: _up(prometheus) == 4,
            what="Prometheus scrapes service, machine, prober and accuracy",
            within_s=60,
            told=prometheus.logs,
        )
        yield Observed(service, mongodb, prometheus, jobs, environment)


def _up(prometheus: Server) -> int:
    found = ask(prometheus, "/api/v1/query?query=sum(up)")["data"]["result"]
    return int(float(found[0]["value"][1])) if found else 0


@contextmanager
def _prober(address: str, environment: Mapping[str, str], runs: Path) -> Iterator[int]:
    """Run `sre probe run` and give the port of its metrics."""
    log = runs / "prober.log"
    command = [*SRE, "probe", "run", "--host", address, "--port", "0", "--every", "2"]
    with log.open("w") as out:
        process = subprocess.Popen(command, env=dict(environment), stdout=out, stderr=out)
        try:
            wait_for(
                lambda: "/metrics" in log.read_text(),
                what="the prober listens",
                within_s=60,
                told=log.read_text,
            )
            yield int(log.read_text().split("/metrics")[0].rpartition(":")[2])
        finally:
            process.terminate()
            process.wait(HANGS_S)


@contextmanager
def _accuracy(address: str, environment: Mapping[str, str], runs: Path) -> Iterator[int]:
    """Run the golden set and expose its accuracy by slice; give the port."""
    words = ["golden", "run", "--in-process", "--json"]
    kept = {**environment, "SRE_RUNS_DIR": str(runs)}
    done = sre_warm(words, folder=Path.cwd(), environment=kept)
    assert done.stdout, done.stderr
    record = json.loads(done.stdout)
    registry = CollectorRegistry()
    gauge = Gauge(
        "parsing_accuracy_ratio", "Share understood.", ("suite", "slice"), registry=registry
    )
    for name, found in record["slices"].items():
        gauge.labels(record["suite"], name).set(found["ratio"])
    server, thread = start_http_server(0, addr=address, registry=registry)
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
