"""Each command of each alert's runbook page runs, against a real service and real servers."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

import httpx2 as httpx
import pytest
from promql_parser import parse

from alerts.edge.shipped import HOME
from kit.pure.exits import Exit
from ops.embedded import beside_python, embedded_service
from tests.support.command_line import parsed
from tests.support.container import Server
from tests.support.monitoring import alertmanager_spec, everything_to, prometheus_spec
from tests.support.rules import generated_rules, hurried
from tests.support.waiting import HANGS_S

pytestmark = pytest.mark.long
COMMAND = re.compile(r"```bash\n(.*?)```", re.DOTALL)
LONG = ("sre golden run", "sre alerts check")
"""What has tests of its own and takes long: here it is only parsed."""
MAY_FIND_NOTHING = ("grep -h", "api/v1/query?query=job:", "api/v1/query?query=probe_success",
                    "tail ", "api/v1/query?query=up==0", "|| true")  # fmt: skip


def commands() -> dict[str, list[str]]:
    """Return the alerts that name each command."""
    found: dict[str, list[str]] = {}
    for page in sorted((HOME / "runbooks").glob("*.md")):
        for block in COMMAND.findall(page.read_text(encoding="utf-8")):
            for line in block.strip().splitlines():
                found.setdefault(line.strip(), []).append(page.stem)
    return found


def test_every_page_names_commands_and_every_query_in_them_is_one() -> None:
    named = commands()
    pages = {page for pages in named.values() for page in pages}
    assert pages == {page.stem for page in (HOME / "runbooks").glob("*.md")}
    for command in named:
        for query in re.findall(r"query=([^'\s]+)", command):
            parse(unquote_plus(query))


def test_every_sre_command_of_a_page_is_taken_by_the_command_line() -> None:
    seen = 0
    for command, pages in commands().items():
        words = command.split()
        if words[0] != "sre":
            continue
        seen += 1
        assert parsed(words[1:]), pages
    assert seen >= 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where the commands of a page run: addresses by port, and a folder with logs in it."""

    addresses: Mapping[str, str]
    folder: Path

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        for port, address in self.addresses.items():
            command = command.replace(f"http://localhost:{port}", address)
        bin_folder = Path(beside_python("sre")).parent
        environment = {
            **os.environ,
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "SRE_TARGET_URL": self.addresses["8000"],
            "SRE_PROMETHEUS_URL": self.addresses["9090"],
        }
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=HANGS_S,
            check=False,
        )


@contextmanager
def used_service() -> Iterator[tuple[str, Path]]:
    """Yield a service, and its logs, that has parsed something."""
    with embedded_service() as service:
        sentence = {"text": "lunch tomorrow at noon"}
        httpx.post(f"{service.url}/parse", json=sentence, timeout=10).raise_for_status()
        yield service.url, service.logs


@pytest.fixture
def place(start_private: Callable[..., Server], tmp_path: Path) -> Iterator[Place]:
    prometheus = start_private(prometheus_spec(hurried(generated_rules(), {})))
    alertmanager = start_private(alertmanager_spec(everything_to("http://127.0.0.1:9/")))
    with used_service() as (url, logs):
        (tmp_path / "logs").symlink_to(logs)
        yield Place(
            {
                "8000": url,
                "9090": f"http://{prometheus.host}:{prometheus.port}",
                "9093": f"http://{alertmanager.host}:{alertmanager.port}",
            },
            tmp_path,
        )


@pytest.mark.thorough
def test_every_command_of_every_page_runs(place: Place) -> None:
    assert shutil.which("curl")
    failed = []
    for command, pages in commands().items():
        if command in LONG:
            continue
        done = place.run(command)
        says = done.stdout.strip() or any(part in command for part in MAY_FIND_NOTHING)
        # A search that finds nothing leaves with 1: there was no such line.
        fine = done.returncode == 0 or (command.startswith("grep") and done.returncode == 1)
        # A Prometheus that has just started knows of no month.
        fine = fine or (done.returncode == Exit.NOT_ENOUGH_DATA and "NO DATA" in done.stdout)
        if not fine or not says or "error" in done.stderr:
            failed.append(
                (command, pages[0], done.returncode, done.stdout[-200:], done.stderr[-300:])
            )
    assert failed == []
