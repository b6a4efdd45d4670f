"""Every request that the OpenAPI document allows, and many that it does not."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.service_process import RunningService, running_service
from tests.support.waiting import HANGS_S

KEY = "the-key-of-the-first-hour"
# What JSON schema cannot say: that an end is after its start, that a rule happens at all, that a
# day exists, that an ETag is the newest. Such requests get 412 or 422 although the schema fits.
CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "412", "422", "429"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422"]
"""


@pytest.fixture
def service(mongodb_url: str, redis_url: str) -> Iterator[RunningService]:
    settings = {"auth": "on", "admin_key": KEY, "rate_limit": 0, "failed_login_limit": 10**9}
    with running_service(mongodb_url, redis_url=redis_url, **settings) as running:  # type: ignore[arg-type]
        running.wait_until_ready()
        yield running


def schemathesis(service: RunningService, folder: Path, *options: str) -> None:
    """Run schemathesis with all its checks, or fail with what it printed."""
    command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file"]
    command += [str(folder / "schemathesis.toml"), "run", f"{service.url}/openapi.json"]
    command += ["--checks", "all", "--no-color", "--seed", "1", *options]
    run = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=HANGS_S, check=False
    )
    assert run.returncode == 0, run.stdout[-6000:]


def examples_in(document: Any, model: str) -> dict[str, Any]:
    """Return a body, or the parameters of a query, made of the examples in the document."""
    schema = document["components"]["schemas"][model]
    return {
        name: form["examples"][0]
        for name, field in schema["properties"].items()
        for form in (field, *field.get("anyOf", ()))
        if "examples" in form
    }


def test_the_examples_of_the_document_are_accepted(service: RunningService) -> None:
    document = service.ask("GET", "/openapi.json").json()
    event = examples_in(document, "NewEventIn") | {"title": "Standup"}
    assert {"start", "end", "recurrence"} <= set(event)
    window = {
        parameter["name"]: parameter["schema"]["examples"][0]
        for parameter in document["paths"]["/freebusy"]["get"]["parameters"]
        if "examples" in parameter.get("schema", {})
    }
    assert {"from", "to"} <= set(window)
    headers = {"Authorization": f"Bearer {KEY}"}
    for method, path, sent in (
        ("POST", "/parse", {"json": examples_in(document, "ParseIn")}),
        ("POST", "/events/quick", {"json": examples_in(document, "QuickIn")}),
        ("POST", "/events", {"json": event}),
        ("GET", "/freebusy", {"params": window}),
        ("GET", "/events", {"params": window}),
        ("GET", "/slots", {"params": {**window, "minutes": 30}}),
    ):
        answer = service.ask(method, path, headers=headers, **sent)
        assert answer.is_success, (path, sent, answer.text)


@pytest.mark.thorough
@pytest.mark.long
def test_schemathesis_finds_nothing_wrong_with_all_its_checks(
    service: RunningService, tmp_path: Path
) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    key = ("-H", f"Authorization: Bearer {KEY}")
    schemathesis(service, tmp_path, "--max-examples", "6", *key)
    metrics = service.ask("GET", "/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
    counts = [line for line in metrics.splitlines() if line.startswith("http_requests_total")]
    failed = [line for line in counts if 'status="5' in line and not line.endswith(" 0.0")]
    # read_only mode, which the run switches on too, answers writes with 503 on purpose.
    assert all('status="503"' in line for line in failed), failed
