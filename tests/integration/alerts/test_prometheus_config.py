"""The shipped Prometheus configuration is accepted and scrapes every job the rules are about."""

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from alerts.edge.shipped import HOME

CONFIG = HOME.parent / "deployment/prometheus/prometheus.yml"


def test_promtool_accepts_the_configuration(
    promtool: Callable[[Sequence[Path]], list[str]],
) -> None:
    command = [*promtool([CONFIG.parent]), "check", "config", "--syntax-only", str(CONFIG)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_job_that_a_rule_names_is_scraped() -> None:
    scraped = {job["job_name"] for job in yaml.safe_load(CONFIG.read_text())["scrape_configs"]}
    rules = (HOME / "generated/calendar.yaml").read_text()
    assert set(re.findall(r'job="([^"]+)"', rules)) <= scraped
    assert scraped == {"calendar-api", "prober", "node"}
