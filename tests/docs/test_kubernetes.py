"""The page on Kubernetes says what the chart does, and the runbook what replaces each command."""

import math
import re
import shlex
from pathlib import Path

import pytest
from typer._click.exceptions import ClickException

from service.settings import Settings
from tests.support.command_line import parsed
from tests.support.yaml_text import from_yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "deployment/helm/calendar-assistant"
PAGE = (ROOT / "docs/kubernetes.md").read_text(encoding="utf-8")
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
SECTION = RUNBOOK.partition("## Kubernetes and Helm")[2].partition("\n## ")[0]
VALUES = from_yaml((CHART / "values.yaml").read_text())
ONCE = [
    "check_mongodb", "check_redis", "check_dependencies", "check_db_performance",
    "check_cache", "check_suspicious_ips", "check_health", "check_performance",
    "check_security", "check_db_health", "run_db_maintenance", "verify_db_health",
    "backup_mongodb", "backup_redis", "backup_all", "verify_backup", "restore_mongodb",
    "restore_redis", "restore_system", "restore_components", "verify_system",
    "verify_components", "check_system_health", "preserve_evidence", "notify_security_team",
    "mongosh", "redis-cli", "logs", "top", "get:hpa", "describe:hpa", "scale", "patch",
    "describe:pod", "block-suspicious-ips.yaml", "rollout:status", "helm:upgrade", "get:pods",
    "services", "endpoints", "ingress", "deployment/mongodb", "deployment/redis", "9:00",
    "18:00", "Sunday:2:00", "first:Sunday:1:00", "/health", "/metrics",
]  # fmt: skip
"""What the team's documents told one to type, run or do, before there was this product."""


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row below its header."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [re.split(r"(?<!\\) *\| *", line.strip().strip("|").strip()) for line in lines]
    return [row for row in cells if not set("".join(row)) <= {"-", " "}]


@pytest.mark.parametrize("once", ONCE)
def test_whatever_was_typed_once_stands_in_the_runbook_with_what_replaces_it(once: str) -> None:
    words = once.replace(":", " ") if once[0].isalpha() else once
    words = {"Sunday 2 00": "Sunday 2:00", "first Sunday 1 00": "first Sunday 1:00"}.get(
        words, words
    )
    (row, *_) = [row for row in rows(SECTION) if words in row[0]]
    assert row[1]


def calls(text: str) -> list[list[str]]:
    """Return every call of `sre` within code, also by kubectl, without the word itself."""
    inline = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    code = [*inline, *re.findall(r"^    (sre .*)$", text, re.MULTILINE)]
    found = re.findall(r"^(?:TOOLS |.* -- )?sre ([a-z-]+(?: .+)?)$", "\n".join(code), re.MULTILINE)
    return [shlex.split(one) for one in found if not {"…", "|"} & set(one)]


@pytest.mark.parametrize("text", [PAGE, SECTION], ids=["page", "runbook"])
def test_every_call_that_is_written_is_one_that_sre_takes(text: str) -> None:
    found, wrong = calls(text), []
    for words in found:
        try:
            parsed(words)
        except ClickException as err:
            wrong.append(f"sre {' '.join(words)}: {err.format_message()}")
    assert wrong == []
    assert len(found) > 12


def test_the_schedules_of_the_page_are_those_of_the_chart() -> None:
    stated = {
        row[0].strip("`").removeprefix("…-"): row for row in rows(PAGE) if row[0].startswith("`…-")
    }
    jobs = VALUES["schedules"]["jobs"]
    assert list(stated) == list(jobs)
    for name, job in jobs.items():
        minute, hour, _, _, weekday = job["schedule"].split()
        if "/" not in hour:
            assert f"{hour}:{int(minute):02}" in stated[name][1], name
        assert ("Sunday" in stated[name][1]) is (weekday == "0"), name
        assert ("first" in stated[name][1]) is bool(job.get("firstSunday")), name
        for words in job["run"][:1]:
            if len(job["run"]) == 1:
                assert " ".join(words[:4]) in stated[name][2], name


def test_the_arithmetic_of_the_page_comes_out() -> None:
    per_user, within_s, safe, aim, series = 30 * 0.5, 7_200, 150, 0.6, 2_928
    table = [row for row in rows(PAGE) if re.fullmatch(r"[\d,]+", row[0])]
    assert len(table) == 4
    for row in table:
        users, peak, pods, connections, seen = (float(one.replace(",", "")) for one in row[:5])
        exact = users * per_user / within_s
        assert peak == pytest.approx(exact, rel=0.02)
        wanted = max(VALUES["autoscaling"]["min"], math.ceil(exact / (safe * aim)) + 2)
        assert pods == wanted
        assert connections == pods * Settings().mongodb_pool_size
        assert seen == pods * series
        assert float(row[5].split()[0]) == users * 500 * 1_000 / 1e9


def test_every_value_that_the_page_names_exists() -> None:
    named = re.findall(r"`([a-z][A-Za-z]+(?:\.[A-Za-z]+)+)`", PAGE) + re.findall(
        r"--set ([a-z][A-Za-z.]+)=", PAGE)  # fmt: skip
    named = [one for one in named if one.partition(".")[0] in VALUES]
    assert len(set(named)) > 12
    for path in named:
        here = VALUES
        for part in path.split("."):
            assert part in here, path
            here = here[part]
