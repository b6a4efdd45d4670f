"""On call: an alert, its page, what its first command names; the weekly report says the same."""

import itertools
import json
import os
import shlex
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.edge.containers.docker import remove_labelled
from ops.drills.containers import DRILL_LABEL
from ops.drills.rules import hurried, rule_texts
from ops.faultproxy.client import fault_proxy
from tests.containers.test_traces import EVENT, reachable
from tests.support.container import Server
from tests.support.json_schemas import keeps_schema
from tests.support.monitoring import ask, open_job, prometheus_spec
from tests.support.service_load import load
from tests.support.service_process import running_service
from tests.support.waiting import wait_for
from tests.support.warm import sre_warm
from tests.support.webhook import gateway_of

ALERT = "DatabaseSlow"
LABEL = f"three-steps-{os.getpid()}"
EVERY_S = 5


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_slow_mongodb_is_named_in_three_steps_and_by_the_weekly_report(
    image_of_role: Callable[[str], str],
    start_private: Callable[..., Server],
    private_network: Any,
    mongodb_server: Server,
    mongodb_url: str,
    tmp_path: Path,
) -> None:
    logs = tmp_path / "logs"
    with ExitStack() as stack:
        stack.callback(remove_labelled, f"{DRILL_LABEL}={LABEL}")
        links = {"mongodb": mongodb_server.port}
        proxy = stack.enter_context(fault_proxy(LABEL, image_of_role("python"), links))
        here, there = f":{mongodb_server.port}/", f":{proxy.ports['mongodb']}/"
        url = mongodb_url.replace(here, there)
        service = stack.enter_context(
            running_service(url, log_dir=logs, mongodb_timeout_s=10, cache_entries=0)
        )
        service.wait_until_ready()
        address = stack.enter_context(reachable(service, gateway_of(private_network.name)))
        rules = {name: hurried(text, every_s=EVERY_S) for name, text in rule_texts(()).items()}
        prometheus = start_private(
            prometheus_spec(
                rules, scrapes=[open_job("calendar-api", address)], interval=f"{EVERY_S}s"
            )
        )

        def firing() -> list[str]:
            alerts = ask(prometheus, "/api/v1/alerts")["data"]["alerts"]
            return [each["labels"]["alertname"] for each in alerts if each["state"] == "firing"]

        numbers = itertools.count()
        asks = (
            lambda client: client.get(f"{service.url}/events"),
            lambda client: client.post(
                f"{service.url}/events", json={**EVENT, "title": f"Choir {next(numbers)}"}
            ),
        )
        with load(*asks, threads=6) as made:
            wait_for(lambda: len(made.outcomes) > 100, what="an even load", within_s=120)
            # Each way half of the pieces: a command takes 0, 0.7 or 1.4 s more, a request under 2.
            proxy.set("mongodb", latency_s=0.7, latency_share=0.5)
            wait_for(
                lambda: ALERT in firing(), what=f"{ALERT} fires", within_s=900,
                told=lambda: f"firing: {firing()}",
            )  # fmt: skip
            environment = {
                **os.environ,
                "SRE_RUNS_DIR": str(tmp_path / "runs"),
                "SRE_PROMETHEUS_URL": f"http://{prometheus.host}:{prometheus.port}",
            }
            first, *_ = told(f"alerts show {ALERT}", "alerts-show", environment)["commands"]
            assert first == "sre trace slow --since 1h --logs logs"
            slow = told(first.removeprefix("sre "), "trace-slow", environment, tmp_path)
            begin = datetime.now(UTC) - timedelta(hours=1)
            report = told(
                f"report weekly --from {begin:%Y-%m-%dT%H:%M:%SZ} --to now --logs {logs}",
                "period-report", environment, codes=(0, 1, 5),
            )  # fmt: skip
        version = service.ask("GET", "/health").json()["version"]
    worst, *_ = slow["findings"]
    commands = {"MongoDB aggregate", "MongoDB find", "MongoDB insert"}
    assert worst["kind"] in commands, json.dumps(slow, indent=1)
    assert worst["version"] == version
    # Requests go on between the two commands: the same, but for how many they are.
    about = f"slow {worst['route']}:"
    (said,) = [line for line in report["slow"] if line.startswith(about)]
    assert worst["kind"] in said, said
    assert version in said, said


def told(
    words: str, stem: str, environment: dict[str, str], folder: Path | None = None,
    codes: tuple[int, ...] = (0,),
) -> dict[str, Any]:  # fmt: skip
    """Return what `sre WORDS` says."""
    done = sre_warm(
        [*shlex.split(words), "--json"], folder=folder or Path.cwd(), environment=environment
    )
    assert done.returncode in codes, done.stdout + done.stderr
    answer: dict[str, Any] = keeps_schema(done.stdout, stem)
    return answer
