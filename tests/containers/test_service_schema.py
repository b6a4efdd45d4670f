"""Every request that the OpenAPI document allows, and many that it does not."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.service_process import RunningService, running_service

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


@pytest.mark.timeout(300)
@pytest.mark.thorough
@pytest.mark.long
def test_schemathesis_finds_nothing_wrong_with_all_its_checks(
    service: RunningService, tmp_path: Path
) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file"]
    command += [str(tmp_path / "schemathesis.toml"), "run", f"{service.url}/openapi.json"]
    command += ["--checks", "all", "--max-examples", "6", "--no-color", "--seed", "1"]
    command += ["-H", f"Authorization: Bearer {KEY}"]
    run = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False
    )
    assert run.returncode == 0, run.stdout[-6000:]
    metrics = service.ask("GET", "/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
    counts = [line for line in metrics.splitlines() if line.startswith("http_requests_total")]
    failed = [line for line in counts if 'status="5' in line and not line.endswith(" 0.0")]
    # read_only mode, which the run switches on too, answers writes with 503 on purpose.
    assert all('status="503"' in line for line in failed), failed
