"""On call: an alert, its page, what its first command names; the weekly report says the same."""

import json
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ops.drills.drill import Check, with_patience
from ops.drills.files import shipped_drills
from ops.drills.rehearse import rehearse
from ops.drills.rules import rule_texts
from ops.drills.stack import Stack, ask
from slo.verdict import Verdict
from tests.containers.test_drills import PATIENCE
from tests.support.json_schemas import keeps_schema
from tests.support.warm import sre_warm

ALERT = "DatabaseSlow"


@dataclass
class OnCall:
    """What somebody who is paged sees, while MongoDB is slow."""

    runs: Path
    commands: list[str] = field(default_factory=list)
    slow: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    version: str = ""

    def look(self, stack: Stack) -> Iterable[Check]:
        """Go the three steps by the commands alone."""
        now, logs = datetime.now(UTC), str(stack.folder / "logs")
        self.version = ask(f"{stack.url}/health")["version"]
        self.commands = self.told(stack, "alerts show " + ALERT, "alerts-show")["commands"]
        first = self.commands[0].removeprefix("sre ").replace("logs logs", f"logs {logs}")
        window = f"--from {now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ} --to now"
        self.slow = self.told(stack, first, "trace-slow")
        self.report = self.told(
            stack, f"report weekly {window} --logs {logs}", "period-report", codes=(0, 1, 5)
        )
        return ()

    def told(
        self, stack: Stack, words: str, stem: str, *, codes: tuple[int, ...] = (0,)
    ) -> dict[str, Any]:
        """Return what `sre WORDS` says of the stack."""
        environment = {**stack.environment(), "SRE_RUNS_DIR": str(self.runs)}
        done = sre_warm([*shlex.split(words), "--json"], folder=Path.cwd(), environment=environment)
        assert done.returncode in codes, done.stdout + done.stderr
        answer: dict[str, Any] = keeps_schema(done.stdout, stem)
        return answer


@pytest.mark.thorough
@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_slow_mongodb_is_named_in_three_steps_and_by_the_weekly_report(
    image_of_role: Callable[[str], str], tmp_path: Path
) -> None:
    for role in ("redis", "mongodb", "prometheus", "alertmanager", "python"):
        image_of_role(role)
    on_call = OnCall(tmp_path / "runs")
    drill = with_patience(shipped_drills()["database-slow"], PATIENCE)
    assert drill.expects[0].alert == ALERT

    def looks(stack: Stack) -> Iterable[Check]:
        yield from drill.checks(stack)
        yield from on_call.look(stack)

    lines: list[str] = []
    outcome = rehearse(replace(drill, checks=looks), rule_texts(()), lines.append)
    told = "\n".join([*lines, *map(str, outcome.checks), json.dumps(on_call.slow)])
    assert outcome.verdict is Verdict.PASS, told
    assert on_call.commands[0].startswith("sre trace slow"), on_call.commands
    worst = on_call.slow["findings"][0]
    assert worst["kind"].startswith("MongoDB "), told
    assert worst["version"] == on_call.version, told
    # Requests go on between the two commands: the same, but for how many they are.
    (said,) = [
        line for line in on_call.report["slow"] if line.startswith(f"slow {worst['route']}:")
    ]
    assert worst["kind"] in said, said
    assert on_call.version in said, said
