"""Every command of the runbook is done, in the page's order, on a running system."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops.drills.rules import rule_texts
from ops.drills.stack import Stack
from ops.drills.starting import ROLES, Plan, private_stack
from ops.drills.users import working_users
from tests.docs.test_runbook import RUNBOOK, commands
from tests.support.waiting import wait_for
from tests.support.warm import sre_warm
from tests.support.webhook import listening_webhook

pytestmark = pytest.mark.thorough
SRE = str(Path(sys.executable).parent / "sre")
ELSEWHERE = {("drill",): "has tests of its own", ("alerts", "backtest"): "takes minutes"}
DECIDED = {0, 1, 5}
"""All is well, it is not, or not enough is known yet: each is an answer."""
CONTACTS = """
receivers:
  oncall: [{{kind: webhook, url: "{url}"}}]
  security: [{{kind: webhook, url: "{url}"}}]
severities:
  P1: {{tell: [oncall], next_update: 30m}}
  P2: {{tell: [oncall], next_update: 1h}}
  P3: {{tell: [oncall], next_update: 4h}}
  P4: {{tell: [oncall], next_update: 24h}}
"""


@pytest.fixture
def stack(image_of_role: Callable[[str], str]) -> Iterator[Stack]:
    for role in ROLES:
        image_of_role(role)
    label = f"test-runbook-{os.getpid()}"
    with (
        private_stack(label, Plan(rule_texts(())), lambda _line: None) as running,
        working_users(running.url, running.key) as users,
    ):
        began_s = time.monotonic()
        wait_for(
            lambda: running.healthy() and users.content(began_s), what="all is well", within_s=120
        )
        yield running


def test_each_command_of_the_runbook_gives_an_answer(stack: Stack, tmp_path: Path) -> None:
    with listening_webhook("127.0.0.1") as webhook:
        (tmp_path / "contacts.yaml").write_text(CONTACTS.format(url=webhook.url))
        environment = stack.environment() | {
            "CALENDAR_LOG_DIR": str(stack.folder / "logs"),
            "SRE_CONTACTS": str(tmp_path / "contacts.yaml"),
        }
        assert _run(["backup", "create"], environment, tmp_path).returncode == 0
        wrong, looked = [], set()
        for words in commands(RUNBOOK):
            known = words[0] in {"check", "golden"} and tuple(words) in looked
            looked.add(tuple(words))
            if known or any(tuple(words[: len(each)]) == each for each in ELSEWHERE):
                continue
            done = _run(_here(words, stack), environment, tmp_path)
            if done.returncode not in _answers(words):
                wrong.append(f"{done.returncode}: sre {' '.join(words)}: {done.stderr}")
        assert wrong == []
        assert len(webhook.received) >= 4


def _here(words: list[str], stack: Stack) -> list[str]:
    """Return a command for this system, where the page names one of its own."""
    places = {"/etc/prometheus/rules": str(stack.rules), "http://127.0.0.1:8000": stack.url}
    return [places.get(word, word) for word in words]


def _answers(words: list[str]) -> set[int]:
    """Return the exit codes that are an answer; no cluster is here to be isolated."""
    return DECIDED | {3} if words[:2] == ["incident", "isolate"] else DECIDED


def _run(
    words: list[str], environment: dict[str, str], folder: Path
) -> "subprocess.CompletedProcess[str]":
    return sre_warm(words, folder=folder, environment=environment)
