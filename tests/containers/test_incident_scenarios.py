"""Four kinds of incident on real parts: from the alert at its receiver to the post-mortem."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import service
from ops.drills.files import shipped_drills
from ops.drills.polling import wait_until
from ops.drills.rules import rule_texts
from ops.drills.stack import Stack
from ops.drills.starting import ROLES, Plan, private_stack
from ops.drills.users import working_users
from ops.incidents.response.playbook import playbook

pytestmark = [pytest.mark.containers, pytest.mark.thorough]

FAILS = "raise RuntimeError('a fault of this release')"
SLEEPS = "__import__('time').sleep(2.6)"
PATCH = """

_right = parse


def parse(text, *, now, zone, **more):  # type: ignore[no-redef]
    {0}
    return _right(text, now=now, zone=zone, **more)
"""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What breaks, what mends it, and which kind of incident it is."""

    playbook: str
    inject: Callable[[Stack], object]
    mend: Callable[[Stack], object]
    did: str
    golden_every_s: float = 0.0
    steady: Callable[[Stack], bool] = lambda _stack: True
    mended: Callable[[Stack], bool] = lambda _stack: True


def release(line: str) -> Callable[[Stack], None]:
    """Return what puts a release in place whose parser does this at each sentence."""

    def put(stack: Stack) -> None:
        home = stack.folder / "ill-release"
        shutil.copytree(
            Path(str(service.__file__)).parent, home / "service",
            ignore=shutil.ignore_patterns("__pycache__"),
        )  # fmt: skip
        with (home / "service/parsing/__init__.py").open("a", encoding="utf-8") as code:
            code.write(PATCH.format(line))
        stack.service.stop()
        stack.service.start(CALENDAR_VERSION="1.0.1-ill", PYTHONPATH=str(home))

    return put


def roll_back(stack: Stack) -> None:
    stack.service.stop()
    stack.service.start()


def accurate(stack: Stack) -> bool:
    return min(stack.value('parsing_accuracy_ratio{slice="all"}'), default=0) > 0.85


ACCURACY, KILLED = (shipped_drills()[name] for name in ("accuracy-drop", "service-killed"))
SCENARIOS = (
    Scenario("error-rate", release(FAILS), roll_back, "rolled the release back"),
    Scenario("latency", release(SLEEPS), roll_back, "rolled the release back"),
    Scenario(
        "accuracy", lambda stack: list(ACCURACY.inject(stack)), roll_back,
        "rolled the release back", 5.0, accurate, accurate,
    ),
    Scenario(
        "outage", lambda stack: list(KILLED.inject(stack)),
        lambda stack: list(KILLED.mend(stack)), "started the service",
    ),
)  # fmt: skip


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


@pytest.mark.timeout(1800)  # against hanging only
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.playbook)
def test_a_scenario_is_led_from_its_alert_to_its_post_mortem(
    scenario: Scenario, tmp_path: Path
) -> None:
    book, lines = playbook(scenario.playbook), list[str]()
    plan = Plan(rule_texts(()), {}, scenario.golden_every_s)
    label = f"scenario-{scenario.playbook}-{tmp_path.name}"
    with (
        private_stack(label, plan, lines.append) as stack,
        working_users(stack.url, stack.key) as users,
    ):
        began_s = time.monotonic()
        assert wait_until(
            lambda: stack.healthy() and stack.pager.calm() and scenario.steady(stack)
            and users.content(began_s),
            within_s=300,
        ), lines  # fmt: skip
        broken_s = time.monotonic()
        scenario.inject(stack)

        def arrived() -> set[str]:
            return stack.pager.names(broken_s) & set(book.alerts)

        assert wait_until(lambda: bool(arrived()), within_s=300), stack.pager.names(broken_s)
        operator = Operator(stack, tmp_path)
        started = operator.run("start", min(arrived()), "--incident", "INC-1", "--since", "2m",
                               "--impact", "all users", "--publish")  # fmt: skip
        assert started["playbook"] == scenario.playbook
        assert [one["command"] for one in started["steps"]]
        found = operator.run("diagnose")
        assert {one["exit_code"] for one in found["steps"]} != {0}  # something was found
        if scenario.playbook == "outage":
            operator.run("close", code=(4,))  # it is not over
        scenario.mend(stack)
        mended = operator.run("mitigate", "--did", scenario.did, "--publish")
        assert mended["mitigated_at"]
        mended_s = time.monotonic()
        assert wait_until(
            lambda: stack.healthy() and users.content(mended_s) and scenario.mended(stack),
            within_s=300,
        )  # fmt: skip
        action = "Try each release; Ada; 2026-12-24"
        cause = "a release that was not tried"
        done = operator.run("close", "--cause", cause, "--action", action, "--publish")
    assert done["state"] == "closed"
    text = (tmp_path / done["post_mortem"]).read_text()
    assert any(alert in text.partition("## What happened")[2] for alert in book.alerts)
    assert "vailability" in text.partition("## Impact")[2]
    assert scenario.did in text.partition("## What we did")[2]
    assert "| a1 | Try each release | Ada | 2026-12-24 | open |" in text
    (notice,) = (tmp_path / "status/notices").glob("*.json")
    stages = [one["stage"] for one in json.loads(notice.read_text())["updates"]]
    assert stages == ["investigating", "monitoring", "resolved"]
