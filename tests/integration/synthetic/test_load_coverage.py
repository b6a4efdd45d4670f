"""A run that did not send its whole plan: what its record says, and what may be concluded."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from kit.edge.record_schemas import problems
from kit.pure.run_status import Status, with_status
from slo.verdict import Verdict
from synthetic.edge.load.running import run as load_run
from synthetic.load.coverage import planned_for, status_of
from synthetic.load.progress import Progress, Tick
from synthetic.load.record import to_record as load_to_record
from synthetic.load.request import FixedRequest
from synthetic.load.run_value import Generator, LoadRun, account_of
from synthetic.load.samples import SAMPLE, Outcome, Samples
from synthetic.load.schedule import plan
from synthetic.load.shape import Kind, Model, Profile, Stage
from synthetic.load.verdicts import judge_run, verdict_of
from synthetic.verdict_rows import Rule
from tests.support.small_calendar import SmallCalendar
from tests.unit.synthetic.test_verdict_rows import CALENDAR, PROMISES

ERRORS = PROMISES[2]


def profile(*stages: Stage, **more: Any) -> Profile:
    fields = {
        "requests": (FixedRequest("GET", "/events", 1.0),),
        "max_lag_p99_ms": 60_000.0,
        "timeout_s": 5.0,
        "rule": Rule.OBSERVED,
        **more,
    }
    return Profile("short", "a test", stages or (Stage(20.0, 50.0, 50.0),), **fields)


def send_to_generators(number: int, wanted: signal.Signals) -> Callable[[Progress], None]:
    """Return what signals the `number`-th generator once, in the middle of a run."""
    done: list[int] = []

    def listen(event: Progress) -> None:
        if isinstance(event, Tick) and event.finished >= 30 and not done:
            found = sorted(
                child.pid
                for child in psutil.Process().children(recursive=True)
                if "synthetic.edge.load.generator" in child.cmdline()
            )
            done.append(found[number])
            os.kill(found[number], wanted)

    return listen


@pytest.mark.thorough
@pytest.mark.parametrize("model", [Model.OPEN, Model.CLOSED])
@pytest.mark.parametrize("wanted", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_is_ended_from_outside_voids_the_run(
    calendar: SmallCalendar, wanted: signal.Signals, model: Model
) -> None:
    run = load_run(
        profile(model=model, think_s=0.05, users=4),
        calendar.url,
        workers=2,
        on_progress=send_to_generators(1, wanted),
    )
    assert run.void_reason is not None
    assert "load generator" in run.void_reason
    rows = judge_run(run, (ERRORS,), CALENDAR)
    assert verdict_of(rows) is Verdict.NO_DATA
    record = load_to_record(run, rows, commit="x", machine={})
    assert problems(record) == []
    assert record["status"] == "void"
    assert record["plan"]["planned"] == (1000 if model is Model.OPEN else None)
    shares = record["plan"]["workers"]
    assert [one["planned"] for one in shares] == ([500, 500] if model is Model.OPEN else [None] * 2)
    assert sum(one["finished"] for one in shares) == record["account"]["finished"]
    assert all(one["finished"] <= one["sent"] <= one["scheduled"] < 500 for one in shares)


@pytest.mark.thorough
def test_the_record_of_a_whole_run_says_so_for_each_worker_and_stage(
    calendar: SmallCalendar,
) -> None:
    stages = (Stage(1.0, 20.0, 20.0), Stage(1.0, 60.0, 60.0))
    record = load_to_record(
        load_run(profile(*stages), calendar.url, workers=3), (), commit="x", machine={}
    )
    assert record["status"] == "whole"
    whole = [(n, n, n, n) for n in (20, 60)]
    keys = ("planned", "scheduled", "sent", "finished")
    assert [tuple(one[k] for k in keys) for one in record["plan"]["stages"]] == whole
    assert [one["sent"] for one in record["plan"]["workers"]] == [27, 27, 26]


def ended(wanted: Profile, *, upto_s: float, bad: int, from_s: float = 0.0, **more: Any) -> LoadRun:
    """Return a run of which only what was due before `upto_s` was sent; `bad` failed."""
    due_s = plan(wanted).times_s
    samples: Samples = np.zeros(int(np.count_nonzero(due_s < upto_s)), SAMPLE)
    samples["due_s"] = samples["sent_s"] = due_s[: len(samples)]
    samples["status"], samples["expected"] = 200, 1
    first = int(np.searchsorted(samples["due_s"], from_s))
    apart = max((len(samples) - first) // max(bad, 1), 1)
    samples["status"][first : first + bad * apart : apart][:bad] = 500
    fields: dict[str, Any] = {
        "interrupted": False,
        "void_reason": None,
        "planned": planned_for(wanted, 1),
        **more,
    }
    return LoadRun(
        id="r",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        profile=wanted,
        target_url="http://x",
        routes=("GET /events",),
        account=account_of(samples, scheduled=len(samples), sent=len(samples)),
        generator=Generator(1, 0.1, 100.0, 0.1, 0.2, 0.3),
        wall_s=1.0,
        removed_events=0,
        samples=samples,
        **fields,
    )


@pytest.mark.parametrize(
    ("bad", "verdict"),
    [
        (0, Verdict.INCONCLUSIVE),  # all good so far: the rest may be bad
        (9, Verdict.INCONCLUSIVE),  # 3 % of what was seen, within 1 % of the plan
        (30, Verdict.FAIL),  # far more than 1 % of the plan, whatever the rest
    ],
)
def test_an_interrupted_run_fails_only_by_what_the_rest_could_not_mend(
    bad: int, verdict: Verdict
) -> None:
    run = ended(profile(), upto_s=6.0, bad=bad, interrupted=True)
    assert status_of(run) is Status.PARTIAL
    assert verdict_of(judge_run(run, (ERRORS,), CALENDAR)) is verdict


def test_without_a_plan_an_interrupted_run_proves_nothing() -> None:
    run = ended(profile(), upto_s=6.0, bad=300, interrupted=True, planned=None)
    assert verdict_of(judge_run(run, (ERRORS,), CALENDAR)) is Verdict.INCONCLUSIVE


def test_requests_that_were_cut_off_count_as_not_yet_seen() -> None:
    run = ended(profile(), upto_s=20.0, bad=0, interrupted=True)
    run.samples["outcome"][-400:] = Outcome.UNFINISHED
    run.samples["expected"][-400:] = 0
    assert verdict_of(judge_run(run, (ERRORS,), CALENDAR)) is Verdict.INCONCLUSIVE


CLIMB = (Stage(10.0, 20.0, 20.0), Stage(10.0, 40.0, 40.0), Stage(10.0, 80.0, 80.0))


def test_a_climb_that_stops_past_what_it_must_hold_is_whole_for_its_verdict() -> None:
    climb = profile(*CLIMB, kind=Kind.STRESS, must_hold_per_s=40.0)
    run = ended(climb, upto_s=24.0, bad=50, from_s=20.0, stopped_early="broken at 80/s")
    assert status_of(run) is Status.WHOLE
    assert verdict_of(judge_run(run, (ERRORS,), CALENDAR)) is Verdict.PASS


def test_a_climb_that_loses_a_stage_it_must_hold_fails() -> None:
    """By the stage: of both together the loss might still be mended."""
    climb = profile(*CLIMB, kind=Kind.STRESS, must_hold_per_s=40.0)
    run = ended(climb, upto_s=15.0, bad=40, from_s=10.0, stopped_early="broken at 40/s")
    assert status_of(run) is Status.PARTIAL
    assert verdict_of(judge_run(run, (ERRORS,), CALENDAR)) is Verdict.FAIL


def as_of_old(run: LoadRun, verdict: str) -> dict[str, Any]:
    """Return a record as it was written before it had a status and a plan."""
    rows = judge_run(run, (ERRORS,), CALENDAR)
    record = load_to_record(run, rows, commit="x", machine={})
    for row in record["rows"]:
        row["verdict"] = verdict
    old = {**record, "verdict": verdict}
    del old["status"], old["plan"]
    return old


@pytest.mark.parametrize(
    ("more", "said", "status", "verdict"),
    [
        ({"upto_s": 11.0}, "PASS", "void", "NO DATA"),
        ({"upto_s": 11.0}, "FAIL", "void", "NO DATA"),
        ({"upto_s": 11.0, "interrupted": True}, "PASS", "partial", "INCONCLUSIVE"),
        ({"upto_s": 11.0, "stopped_early": "broken"}, "FAIL", "partial", "FAIL"),
        ({"upto_s": 20.0}, "PASS", "whole", "PASS"),
    ],
)
def test_an_older_record_that_passed_on_a_part_of_its_plan_does_no_longer(
    more: dict[str, Any], said: str, status: str, verdict: str
) -> None:
    found = with_status(as_of_old(ended(profile(), bad=0, **more), said))
    assert (found["status"], found["verdict"]) == (status, verdict)
    assert {row["verdict"] for row in found["rows"]} == {verdict}
    if status == "void":
        assert "550 of the 1,000 planned requests" in found["void_reason"]


FROZEN = Path(__file__).parents[2] / "compat/1.0.0/runs/load"


def frozen(counts: list[int], *stages: tuple[float, float], **more: Any) -> dict[str, Any]:
    """Return a record of an earlier release with so many requests due in each second."""
    found: dict[str, Any] = json.loads(next(FROZEN.glob("*-pass-*.json")).read_text())
    sent = sum(counts)
    found["account"] |= {"scheduled": sent, "sent": sent, "dropped": 0}
    found["timeline"] = [
        {"begin_s": n, "end_s": n + 1, "scheduled": count} for n, count in enumerate(counts)
    ]
    found["config"]["profile"]["stages"] = [
        {"for_s": s, "from_per_s": rate, "to_per_s": rate} for s, rate in stages
    ]
    found["config"]["profile"] |= more.pop("profile", {})
    return found | more


POISSON = {"spacing": "poisson"}


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (frozen([4] * 10, (10, 10), profile=POISSON), "void"),
        (frozen([7] * 10, (10, 10), profile=POISSON), "whole"),
        (frozen([0] * 6, (6, 6), profile=POISSON), "void"),
        (frozen([0] * 6, (6, 6), profile={"model": "closed"}), "void"),
        (frozen([30] * 60 + [60, 1, 60, 60, 60], (60, 30), (5, 60), profile=POISSON), "void"),
        (frozen([50] * 60 + [0] * 10, (60, 50), (10, 5), profile=POISSON), "void"),
        (frozen([50] * 60 + [3] * 10, (60, 50), (10, 5), profile=POISSON), "whole"),
        (frozen([30, 30, 30, 27, 30], (5, 30)), "void"),
        (frozen([30, 0, 3, 0], (2, 30), (2, 60), profile={"kind": "stress"}, stopped_early="x"),
         "void"),
        (frozen([3, 0, 0, 0], (2, 30), (2, 60), profile={"kind": "stress"}, stopped_early="x"),
         "void"),
        (frozen([30, 30, 3, 0], (2, 30), (2, 60), profile={"kind": "stress"}, stopped_early="x"),
         "whole"),
        (frozen([30] * 6, (6, 30), status="whole", void_reason="x"), "void"),
        (frozen([30] * 6, (6, 30), status="whole", interrupted=True), "void"),
        (frozen([30] * 6, (6, 30), status="good"), "void"),
        (frozen([30] * 6, (6, 30), account={"scheduled": 180, "sent": 3, "dropped": 0}), "void"),
        (frozen([30] * 6, (6, 30)), "whole"),
    ],
)  # fmt: skip
def test_a_record_that_lacks_a_part_of_its_plan_or_contradicts_itself_is_void(
    record: dict[str, Any], status: str
) -> None:
    found = with_status(record)
    assert found["status"] == status, found["void_reason"]
    assert found["verdict"] == ("NO DATA" if status == "void" else "PASS")


def test_what_was_frozen_of_an_earlier_release_stays_what_it_was() -> None:
    for path in FROZEN.glob("*.json"):
        record = json.loads(path.read_text())
        found = with_status(record)
        assert found["void_reason"] == record["void_reason"], path


@pytest.mark.parametrize(
    ("label", "parts"),
    [("route", {"GET /events"}), ("method", {"GET"}), ("status", {"200", "500"})],
)
def test_an_objective_may_be_watched_by_any_label_of_a_request(label: str, parts: set[str]) -> None:
    run = ended(profile(), upto_s=20.0, bad=5)
    rows = judge_run(run, (replace(ERRORS, split_by=label),), CALENDAR)
    assert {row.part for row in rows[1:]} == parts
    assert sum(row.total for row in rows[1:]) == rows[0].total


def test_a_label_that_no_client_sees_gets_a_row_that_says_so() -> None:
    run = ended(profile(), upto_s=20.0, bad=0)
    rows = judge_run(run, (replace(ERRORS, split_by="pod"),), CALENDAR)
    assert [row.unmeasurable for row in rows] == [
        None, "it is also watched by pod, which no client sees"
    ]  # fmt: skip
    assert verdict_of(rows) is Verdict.PASS
