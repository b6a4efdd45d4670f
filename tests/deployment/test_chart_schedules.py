"""The schedules run when they should, over years and time zones, and stop at a step that fails."""

import builtins
import datetime as dt
import os
import re
import subprocess
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.chart import of_kind

NAME = "calendar-assistant"


def script_of(job: str) -> str:
    (container,) = of_kind("default", "CronJob")[f"{NAME}-{job}"]["spec"]["jobTemplate"]["spec"][
        "template"]["spec"]["containers"]  # fmt: skip
    assert container["command"][:2] == ["sh", "-ec"]
    return str(container["command"][2])


def guard() -> str:
    (code,) = re.findall(r"python -c '([^']+)'", script_of("monthly-maintenance"))
    return str(code)


def says(code: str, moment: dt.datetime, zone: str) -> str:
    """Return what the guard prints at a moment, run as it is written."""
    said: list[str] = []

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return moment.astimezone(tz)

    def import_(name: str, *more: Any) -> ModuleType | SimpleNamespace:
        if name == "datetime":
            return SimpleNamespace(datetime=Clock)
        if name == "sys":
            return SimpleNamespace(argv=["-c", zone])
        return builtins.__import__(name, *more)

    own = {"__import__": import_, "print": lambda text: said.append(str(text))}
    exec(code, {"__builtins__": own})  # noqa: S102 -- the line that a pod runs
    return said[0]


@pytest.mark.parametrize(
    "zone", ["Etc/UTC", "Europe/Berlin", "Pacific/Auckland", "America/New_York"]
)
def test_the_monthly_run_comes_on_every_first_sunday_of_five_years_and_on_no_other(
    zone: str,
) -> None:
    spec = of_kind("default", "CronJob")[f"{NAME}-monthly-maintenance"]["spec"]
    assert spec["schedule"] == "0 1 * * 0"  # no day of the month: cron would take either
    code, there = guard(), ZoneInfo(zone)
    day, months, ran = dt.date(2026, 1, 1), 0, []
    while day < dt.date(2031, 1, 1):
        months += day.day == 1
        if day.weekday() == 6:
            start = dt.datetime(day.year, day.month, day.day, 1, tzinfo=there)
            late = start + dt.timedelta(seconds=spec["startingDeadlineSeconds"])
            answers = {says(code, each, zone) for each in (start, late)}
            assert len(answers) == 1
            ran += [day] if answers == {"True"} else []
        day += dt.timedelta(days=1)
    assert (len(ran), months) == (60, 60)
    assert {(one.year, one.month) for one in ran} == {(y, m) for y in range(2026, 2031)
                                                      for m in range(1, 13)}  # fmt: skip
    assert all(one.day <= 7 for one in ran)


def run(script: str, folder: Path, *, python: str, failing: str = "never") -> tuple[int, list[str]]:
    """Run a pod's script with stand-ins of python and sre; return its code and the calls of sre."""
    stubs = {
        "python": python,
        "sre": f'echo "$@" >> {folder}/calls\ncase "$*" in "{failing}"*) exit 1;; esac',
    }
    for name, text in stubs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    done = subprocess.run(["sh", "-ec", script], env={"PATH": path, "SRE_TIMEZONE": "Etc/UTC"},
                          capture_output=True, timeout=600, check=False)  # fmt: skip
    calls = folder / "calls"
    return done.returncode, calls.read_text().splitlines() if calls.exists() else []


STEPS = ["backup create all", "backup verify all --deep", "maintain db --apply --validate",
         "report monthly"]  # fmt: skip


@pytest.mark.parametrize(
    ("python", "failing", "code", "calls"),
    [("echo True", "never", 0, STEPS), ("echo False", "never", 0, []),
     ("exit 1", "never", 1, []), ("echo True", "backup verify", 1, STEPS[:2])],
)  # fmt: skip
def test_a_step_that_fails_ends_the_run_and_a_guard_that_breaks_is_no_reason_to_skip(
    python: str, failing: str, code: int, calls: list[str], tmp_path: Path
) -> None:
    script = script_of("monthly-maintenance")
    assert run(script, tmp_path, python=python, failing=failing) == (code, calls)


def test_the_documents_times_are_the_schedules() -> None:
    jobs = {name.removeprefix(f"{NAME}-"): one["spec"]["schedule"]
            for name, one in of_kind("default", "CronJob").items()}  # fmt: skip
    wanted = {"morning": "0 9 * * *", "evening": "0 18 * * *", "weekly-maintenance": "0 2 * * 0",
              "monthly-maintenance": "0 1 * * 0"}  # fmt: skip
    assert {name: jobs[name] for name in wanted} == wanted
    assert {"backup", "verify", "golden", "weekly-report"} <= jobs.keys()


def test_each_schedule_has_an_alert_of_its_own_and_one_that_is_taken_away_has_none() -> None:
    for name in ("default", "no-job"):
        jobs = of_kind(name, "CronJob")
        rules = of_kind(name, "PrometheusRule")[f"{NAME}-schedules"]["spec"]["groups"][0]["rules"]
        asked = re.findall(r'cronjob="([^"]+)"', " ".join(one["expr"] for one in rules))
        assert set(asked) == set(jobs)
    assert f"{NAME}-golden" not in of_kind("no-job", "CronJob")
