"""Four kinds of incident on real parts: from the alert at its receiver to the post-mortem."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ops.drills.files import shipped_drills
from ops.drills.polling import wait_until
from ops.drills.rules import rule_texts
from ops.drills.stack import Stack
from ops.drills.starting import ROLES, Plan, private_stack
from ops.drills.users import working_users
from ops.incidents.response.playbook import playbook

EVERY_S = 4
"""Between scrapes, each of which has as long: a busy machine is no outage."""
pytestmark = [pytest.mark.containers, pytest.mark.thorough]

SCENARIOS = {
    "error-rate": ("all-requests-fail", "rolled the release back"),
    "latency": ("most-are-slow", "rolled the release back"),
    "accuracy": ("accuracy-drop", "rolled the release back"),
    "outage": ("service-killed", "started the service"),
}
"""The documents' scenarios by their playbooks: the drill that brings each, and what mends it."""


@pytest.fixture(autouse=True)
def _images(image_of_role: Callable[[str], str]) -> None:
    for role in ROLES:
        image_of_role(role)


class Operator:
    """Somebody at a shell that knows the stack's addresses."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self._environment = {
            **stack.environment(), "SRE_USER": "Ada", "SRE_STATUS_DIR": str(folder / "status"),
            "SRE_RUNS_DIR": str(folder / "runs"), "CALENDAR_LOG_DIR": str(stack.folder / "logs"),
        }  # fmt: skip
        self._folder = folder

    def run(self, *words: str, code: Sequence[int] = (0,)) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "sre", "incident", *words, "--json"], cwd=self._folder,
            env=self._environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in code, done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.mark.timeout(3600)  # against hanging only
@pytest.mark.parametrize("kind", SCENARIOS)
def test_a_scenario_is_led_from_its_alert_to_its_post_mortem(kind: str, tmp_path: Path) -> None:
    name, did = SCENARIOS[kind]
    drill, book, lines = shipped_drills()[name], playbook(kind), list[str]()
    about = frozenset(book.alerts)
    plan = Plan(
        rule_texts(()), drill.settings, drill.golden_every_s, every_s=EVERY_S, hurries=about
    )
    with (
        private_stack(f"scenario-{kind}-{tmp_path.name}", plan, lines.append) as stack,
        working_users(stack.url, stack.key, patience_s=10) as users,
    ):
        began_s = time.monotonic()
        assert wait_until(
            lambda: stack.healthy() and stack.pager.calm() and drill.steady(stack)
            and users.content(began_s),
            within_s=600,
        ), (lines, stack.pager.firing(), users.problems())  # fmt: skip
        broken_s = time.monotonic()
        assert list(drill.inject(stack))

        def arrived() -> set[str]:
            return stack.pager.names(broken_s) & about

        assert wait_until(arrived, within_s=600), stack.pager.names(broken_s)
        operator = Operator(stack, tmp_path)
        started = operator.run("start", min(arrived()), "--incident", "INC-1", "--since", "2m",
                               "--impact", "all users", "--publish")  # fmt: skip
        assert started["playbook"] == kind
        assert [one["command"] for one in started["steps"]]
        found = operator.run("diagnose")
        assert {one["exit_code"] for one in found["steps"]} != {0}  # something was found
        if kind == "outage":
            operator.run("close", code=(4,))  # it is not over
        assert list(drill.mend(stack))
        mended = operator.run("mitigate", "--did", did, "--publish")
        assert mended["mitigated_at"]
        mended_s = time.monotonic()
        assert wait_until(
            lambda: stack.healthy() and users.content(mended_s) and drill.steady(stack),
            within_s=600,
        )  # fmt: skip
        action = "Try each release; Ada; 2026-12-24"
        cause = "a release that was not tried"
        done = operator.run("close", "--cause", cause, "--action", action, "--publish")
    assert done["state"] == "closed"
    text = (tmp_path / done["post_mortem"]).read_text()
    assert any(alert in text.partition("## What happened")[2] for alert in book.alerts)
    assert "vailability" in text.partition("## Impact")[2]
    assert did in text.partition("## What we did")[2]
    assert "| a1 | Try each release | Ada | 2026-12-24 | open |" in text
    (notice,) = (tmp_path / "status/notices").glob("*.json")
    stages = [one["stage"] for one in json.loads(notice.read_text())["updates"]]
    assert stages == ["investigating", "monitoring", "resolved"]
