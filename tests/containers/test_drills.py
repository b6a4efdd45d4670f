"""Drills on real parts: they pass where people are told, else fail, and leave nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import yaml

from kit.edge.containers.docker import docker
from kit.edge.record_schemas import problems
from ops.drills.containers import DRILL_LABEL
from ops.drills.drill import Drill, with_patience
from ops.drills.files import shipped_drills
from ops.drills.record import to_record
from ops.drills.rehearse import rehearse, rehearse_all
from ops.drills.rules import rule_texts
from ops.drills.starting import ROLES
from slo.verdict import Verdict
from tests.support.json_schemas import keeps_schema
from tests.support.waiting import HANGS_S, wait_for
from tests.support.warm import sre_warm
from tests.support.yaml_text import from_yaml

pytestmark = pytest.mark.long
SRE = str(Path(sys.executable).parent / "sre")


@pytest.fixture(autouse=True)
def _images(image_of_role: Callable[[str], str]) -> None:
    for role in ROLES:
        image_of_role(role)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def _drill(name: str, runs: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "SRE_RUNS_DIR": str(runs)}
    return sre_warm(
        ["drill", "run", name, "--patience", str(PATIENCE), "--json"],
        folder=Path.cwd(),
        environment=environment,
    )


@pytest.mark.thorough
def test_a_lost_redis_is_told_of_users_do_not_notice_and_nothing_is_lost(runs: Path) -> None:
    done = _drill("redis-lost", runs)
    assert done.returncode == 0, done.stdout + done.stderr
    told = keeps_schema(done.stdout, "drills-run")
    (record,) = told["drills"]
    assert (told["verdict"], record["verdict"]) == ("PASS", "PASS")
    (alert,) = record["alerts"]
    assert (alert["alert"], alert["priority"]) == ("DependencyDown", "P2")
    assert alert["told_after_s"] >= 3  # the shortened `for`
    assert record["impact"]["failed_share"] <= 0.02
    assert record["acknowledged"] > 20
    assert record["lost"] == []
    (kept,) = (runs / "drill").glob("*.json")
    assert problems(json.loads(kept.read_text())) == []


@pytest.mark.thorough
def test_a_drill_whose_alert_was_removed_fails() -> None:
    rules = from_yaml(rule_texts(())["calendar.yaml"])
    for group in rules["groups"]:
        group["rules"] = [r for r in group["rules"] if r.get("alert") != "DependencyDown"]
    drill = replace(shipped_drills()["redis-lost"], detect_within_s=15)
    lines: list[str] = []
    outcome = rehearse(drill, {"calendar.yaml": yaml.safe_dump(rules)}, lines.append)
    assert outcome.verdict is Verdict.FAIL, lines
    assert outcome.failures == ["DependencyDown did not arrive within 15 s"]


def _left(label: str) -> list[str]:
    wanted = f"label={DRILL_LABEL}={label}"
    return docker("ps", "--all", "--quiet", "--filter", wanted).stdout.split()


def _label_of(pid: int) -> Iterator[str]:
    listed = docker("ps", "--all", "--filter", f"label={DRILL_LABEL}", "--format",
                    f'{{{{.Label "{DRILL_LABEL}"}}}}').stdout.split()  # fmt: skip
    yield from (label for label in listed if label.endswith(f"-{pid}"))


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_drill_that_is_ended_half_way_leaves_nothing(number: signal.Signals, runs: Path) -> None:
    log = runs.parent / "drill.log"
    with log.open("wb") as out:
        drill = subprocess.Popen(
            [SRE, "drill", "run", "service-frozen"], stdout=out, stderr=out,
            env={**os.environ, "SRE_RUNS_DIR": str(runs)}, start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(
            lambda: "broken: the service is frozen" in log.read_text() or drill.poll() is not None,
            what="the service is frozen", within_s=120, told=log.read_text,
        )  # fmt: skip
        (label, *_) = _label_of(drill.pid)
        family = psutil.Process(drill.pid).children(recursive=True)
        folders = {Path(arg) for p in family for arg in p.cmdline() if "calendar-sre-drill" in arg}
        assert len(_left(label)) == 4
        assert len(family) >= 3  # the service, the prober, the one that cleans up
        drill.send_signal(number)
        code = drill.wait(HANGS_S)
    finally:
        drill.kill()
    assert code == (-number if number == signal.SIGKILL else 128 + number)
    wait_for(lambda: not _left(label), what="the containers are gone", within_s=60)
    wait_for(
        lambda: not [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE],
        what="the processes are gone", within_s=60,
    )  # fmt: skip
    wait_for(lambda: not any(f.exists() for f in folders), what="the folder is gone", within_s=30)


@pytest.mark.thorough
def test_what_a_slow_engine_still_starts_for_a_drill_that_was_killed_is_removed(
    runs: Path, tmp_path: Path
) -> None:
    slow, marker = tmp_path / "bin/docker", tmp_path / "asked"
    slow.parent.mkdir()
    slow.write_text(
        f'#!/bin/sh\nif [ "$1" = run ]; then touch {marker}; sleep 4; fi\n'
        f'exec {shutil.which("docker")} "$@"\n'
    )
    slow.chmod(0o755)
    path = f"{slow.parent}:{os.environ['PATH']}"
    drill = subprocess.Popen(
        [SRE, "drill", "run", "service-frozen"], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "SRE_RUNS_DIR": str(runs), "PATH": path},
    )  # fmt: skip
    wait_for(marker.exists, what="a container is asked for", within_s=120)
    family = psutil.Process(drill.pid).children(recursive=True)
    drill.kill()
    drill.wait(HANGS_S)
    assert family
    wait_for(
        lambda: not [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE],
        what="the processes are gone", within_s=120,
    )  # fmt: skip
    assert list(_label_of(drill.pid)) == []


@pytest.mark.thorough
def test_a_drill_whose_watcher_is_killed_meanwhile_proves_nothing() -> None:
    label: list[str] = []

    def tell(line: str) -> None:
        if line.startswith("broken"):
            label.extend(_label_of(os.getpid()))
            wanted = f"label={DRILL_LABEL}={label[0]}"
            listed = docker("ps", "--filter", wanted, "--format", "{{.ID}} {{.Image}}").stdout
            (killed,) = [row.split()[0] for row in listed.splitlines() if "prometheus" in row]
            docker("kill", killed)

    drill = replace(shipped_drills()["redis-lost"], detect_within_s=5, recover_within_s=5)
    outcome = rehearse(drill, rule_texts(()), tell)
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert outcome.doubts == ["the drill's own prometheus ended meanwhile"]
    assert not _left(label[0])


PATIENCE = 4
"""A machine that runs all the tests is a busy one; nothing is judged by seconds."""
FIVE = ("mode-degraded", "probes-missing", "instance-down", "prober-lost", "service-killed")
"""One after the other on one stack."""


def test_five_drills_on_one_stack_each_prove_their_alert() -> None:
    lines: list[str] = []
    drills = [with_patience(shipped_drills()[name], PATIENCE) for name in FIVE]
    outcomes = list(rehearse_all(drills, rule_texts(()), lines.append))
    told = "\n".join([*lines, *(str(each.doubts or each.failures) for each in outcomes)])
    assert [each.verdict for each in outcomes] == [Verdict.PASS] * len(FIVE), told
    assert [each.drill.name for each in outcomes] == list(FIVE)
    for outcome in outcomes:
        assert outcome.lost == ()
        record = to_record(outcome, commit="0", machine={})
        assert problems(json.loads(json.dumps(record))) == []
        assert all(alert["told_after_s"] >= 0 for alert in record["alerts"])


def _on_the_usual_stack() -> list[Drill]:
    """Return the other drills that leave a stack without anything special as it was."""
    return [
        drill
        for drill in shipped_drills().values()
        if drill.resolves and not (drill.settings or drill.needs or drill.golden_every_s)
        if drill.name not in FIVE
    ]


@pytest.mark.thorough
@pytest.mark.timeout(3600)
def test_the_other_drills_on_the_usual_stack_pass_too() -> None:
    drills = [with_patience(drill, PATIENCE) for drill in _on_the_usual_stack()]
    lines: list[str] = []
    outcomes = list(rehearse_all(drills, rule_texts(()), lines.append))
    told = "\n".join([*lines, *(str(each.doubts or each.failures) for each in outcomes)])
    assert len(outcomes) == len(drills) >= 8
    assert {each.verdict for each in outcomes} == {Verdict.PASS}, told


@pytest.mark.thorough
@pytest.mark.parametrize(
    "name",
    ["restore-from-backup", "cache-corrupted", "accuracy-drop", "pool-exhausted", "disk-full"],
)
def test_a_drill_on_a_stack_of_its_own_passes(name: str, runs: Path) -> None:
    """The others of that kind, half an hour of them, have their records in drills/records."""
    done = _drill(name, runs)
    assert done.returncode == 0, done.stdout + done.stderr
