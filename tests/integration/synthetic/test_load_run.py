"""Whole runs: a real generator process against real servers."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from kit.edge.record_schemas import problems
from kit.edge.target import Access, check_ready, normalised
from kit.pure.errors import BadInputError, UnreachableError
from synthetic.edge.load.children import ROOT
from synthetic.edge.load.one_run import LoadInterrupted
from synthetic.edge.load.running import run as load_run
from synthetic.load.progress import Cleaning, Ended, Progress, Started, Tick
from synthetic.load.record import to_record as load_to_record
from synthetic.load.request import FixedRequest
from synthetic.load.samples import Outcome
from synthetic.load.shape import Model, Profile, Stage
from tests.support import awkward
from tests.support.calendar_mix import mixed
from tests.support.sampling import quick
from tests.support.small_calendar import SmallCalendar
from tests.support.waiting import HANGS_S

LENIENT = 5_000.0
"""Milliseconds of lag: these tests share their processors with others and are about the account."""


def fixed(per_s: float, for_s: float, **more: object) -> Profile:
    fields = {
        "ready_path": "/healthz",
        "requests": (FixedRequest("GET", "/events", 1.0),),
        "max_lag_p99_ms": LENIENT,
        "timeout_s": 5.0,
        **more,
    }
    return Profile("test", "a test", (Stage(for_s, per_s, per_s),), **fields)  # type: ignore[arg-type]


def generators() -> list[int]:
    return [
        child.pid
        for child in psutil.Process().children(recursive=True)
        if "synthetic.edge.load.generator" in " ".join(child.cmdline())
    ]


@pytest.mark.usefixtures("cold_generators")
def test_every_scheduled_request_is_accounted_for_and_the_run_tells_how_it_goes(
    calendar: SmallCalendar,
) -> None:
    told: list[Progress] = []
    run = load_run(fixed(40, 2.0), calendar.url + "/", on_progress=told.append)
    assert run.account.scheduled == run.account.sent == run.account.finished == 80
    assert run.account.complete
    assert run.void_reason is None
    assert run.samples["due_s"] == pytest.approx(np.arange(80) / 40)
    assert np.all(run.samples["status"] == 200)
    assert isinstance(told[0], Started)
    assert isinstance(told[-1], Ended)
    assert sum(isinstance(event, Tick) for event in told) >= 2
    assert calendar.paths.count("/events") == 80
    assert not generators()


def test_what_a_run_creates_is_tagged_and_removed(calendar: SmallCalendar) -> None:
    calendar.events["mine"] = {"id": "mine", "title": "not of the run"}
    told: list[Progress] = []
    profile = replace(
        mixed({"create": 3, "read": 1, "delete": 1}), stages=(Stage(1.0, 40, 40),), seeded_events=0
    )
    run = load_run(profile, calendar.url, on_progress=told.append)
    assert list(calendar.events) == ["mine"]
    assert run.removed_events > 0
    (cleaning,) = (event for event in told if isinstance(event, Cleaning))
    assert calendar.created_titles
    assert all(title.startswith(cleaning.tag) for title in calendar.created_titles)


@pytest.mark.thorough
def test_a_stall_is_seen_by_everybody_who_was_due_in_it(calendar: SmallCalendar) -> None:
    """A closed loop would send one request into the stall and report a fine p95."""
    told: list[Progress] = []

    def freeze_then_thaw(event: Progress) -> None:
        told.append(event)
        if isinstance(event, Started):
            threading.Timer(1.0, calendar.frozen.set).start()
            threading.Timer(2.0, calendar.frozen.clear).start()

    run = load_run(fixed(50, 4.0), calendar.url, on_progress=freeze_then_thaw)
    latency_s, due_s = run.samples["latency_s"], run.samples["due_s"]
    assert np.count_nonzero(latency_s > 0.1) >= 35  # 0.9 s of 50 a second is 45
    stalled = (due_s > 1.1) & (due_s < 1.9)
    assert np.median(latency_s[stalled]) > np.median(latency_s[~stalled])
    assert np.quantile(run.samples["latency_s"], 0.99) > 0.8


@pytest.mark.thorough
def test_a_closed_model_sends_into_the_same_stall_only_once_a_user(
    calendar: SmallCalendar,
) -> None:
    calendar.delay_s = 0.05
    profile = fixed(1, 2.0, model=Model.CLOSED, users=2)
    run = load_run(profile, calendar.url)
    assert 40 <= run.account.sent <= 82
    assert run.account.complete


@pytest.mark.thorough
def test_too_many_waiting_requests_are_dropped_and_counted_as_failed(
    calendar: SmallCalendar,
) -> None:
    calendar.delay_s = 0.5
    run = load_run(fixed(50, 1.0, max_in_flight=5), calendar.url)
    assert run.account.dropped > 20
    assert run.account.sent + run.account.dropped == run.account.scheduled == 50
    assert len(run.samples) == 50
    dropped = run.samples[run.samples["outcome"] == Outcome.DROPPED]
    assert not dropped["expected"].any()


@pytest.mark.thorough
def test_two_workers_send_the_same_schedule_as_one(calendar: SmallCalendar) -> None:
    run = load_run(fixed(40, 2.0), calendar.url, workers=2)
    assert run.samples["due_s"] == pytest.approx(np.arange(80) / 40)
    assert set(run.samples["worker"].tolist()) == {0, 1}


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    quick(
        [
            (awkward.drip, Outcome.TIMEOUT),
            (awkward.cut, Outcome.BROKEN),
            (awkward.hang, Outcome.TIMEOUT),
            (awkward.drip_head, Outcome.TIMEOUT),
            (awkward.babble, Outcome.BROKEN),
        ],
        first=1,
    ),
)
def test_a_target_that_gives_no_whole_answer_fails_every_request(
    behaviour: awkward.Behaviour, outcome: Outcome
) -> None:
    with awkward.awkward_server(awkward.well_then(behaviour)) as url:
        run = load_run(fixed(20, 1.0, timeout_s=0.6), url)
    assert set(run.samples["outcome"].tolist()) == {int(outcome)}
    assert not run.samples["expected"].any()
    assert run.account.complete


@pytest.mark.thorough
def test_a_connection_that_closes_as_it_is_used_again_fails_only_what_may_not_be_sent_twice() -> (
    None
):
    """Servers close idle connections; browsers then send a GET again, and never a POST."""
    with awkward.awkward_server(awkward.tire) as url:
        read = load_run(fixed(20, 1.0), url)
        posts = (FixedRequest("POST", "/events", 1.0, {}),)
        made = load_run(fixed(20, 1.0, requests=posts), url)
    assert set(read.samples["status"].tolist()) == {200}
    assert set(made.samples["outcome"].tolist()) == {Outcome.ANSWERED, Outcome.BROKEN}
    assert made.account.complete


@pytest.mark.thorough
def test_an_answer_in_pieces_after_an_announcement_is_one_answer() -> None:
    with awkward.awkward_server(awkward.announce) as url:
        run = load_run(fixed(20, 1.0), url)
    assert run.samples["status"].tolist() == [200] * 20


@pytest.mark.thorough
def test_an_answer_with_more_than_it_announced_is_an_answer() -> None:
    with awkward.awkward_server(awkward.well_then(awkward.exceed)) as url:
        run = load_run(fixed(20, 1.0), url)
    assert run.samples["status"].tolist() == [200] * 20
    assert run.samples["expected"].all()


@pytest.mark.thorough
def test_a_refusal_that_comes_while_the_body_still_goes_out_is_the_answer() -> None:
    large = (FixedRequest("POST", "/events", 1.0, "x" * 9_000_000),)
    with awkward.awkward_server(awkward.well_then(awkward.refuse_early)) as url:
        run = load_run(fixed(10, 1.0, requests=large), url)
    assert run.samples["status"].tolist() == [413] * 10


@pytest.mark.thorough
def test_a_redirected_request_is_a_failure_not_a_fast_answer() -> None:
    with awkward.awkward_server(awkward.well_then(awkward.redirect)) as url:
        run = load_run(fixed(20, 1.0), url)
    assert set(run.samples["status"].tolist()) == {307}
    assert not run.samples["expected"].any()


@pytest.mark.thorough
def test_a_generator_that_cannot_keep_its_schedule_voids_the_run(
    calendar: SmallCalendar,
) -> None:
    run = load_run(fixed(20, 1.0, max_lag_p99_ms=0.1), calendar.url)
    assert run.void_reason is not None
    assert "fell behind" in run.void_reason


@pytest.mark.parametrize(
    ("behaviour", "error", "says"),
    [
        (awkward.hang, UnreachableError, "did not answer within"),
        (awkward.drip, UnreachableError, "did not answer within"),
        (awkward.drip_head, UnreachableError, "did not answer within"),
        (awkward.cut, UnreachableError, "cannot be reached"),
        (awkward.redirect, BadInputError, "redirects to https://elsewhere.example/"),
        (awkward.refuse_entry, BadInputError, "answers 401"),
    ],
)
def test_an_unfit_target_is_refused_before_anything_is_sent(
    behaviour: awkward.Behaviour, error: type[Exception], says: str
) -> None:
    with awkward.awkward_server(behaviour) as url, pytest.raises(error, match=says):
        check_ready(url, access=Access(), path="/healthz", timeout_s=0.5)


def test_a_wrong_base_path_is_refused_with_the_address_that_was_asked(
    calendar: SmallCalendar,
) -> None:
    with pytest.raises(UnreachableError, match="/nope/healthz answers 404") as told:
        load_run(fixed(1, 1), f"{calendar.url}/nope")
    assert "base address" in told.value.hint
    assert calendar.paths == ["/nope/healthz"]


def test_a_run_too_large_for_any_machine_is_refused_before_anything_is_sent(
    calendar: SmallCalendar,
) -> None:
    with pytest.raises(BadInputError, match="too many for one run"):
        load_run(fixed(1, 1).at_rate(1e9), calendar.url)
    assert calendar.paths == []


def test_a_port_where_nobody_listens_cannot_be_reached() -> None:
    with pytest.raises(UnreachableError, match="cannot be reached"):
        load_run(fixed(1, 1), "http://127.0.0.1:9")


@pytest.mark.parametrize(
    "url", ["", "localhost:8000", "ftp://x", "http://", "http://x:99999", "http://x/?a=1"]
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(BadInputError):
        normalised(url)


def test_trailing_slashes_and_spaces_do_not_matter() -> None:
    assert normalised(" http://x:80/api// ") == "http://x:80/api"


@pytest.mark.usefixtures("cold_generators")
def test_ctrl_c_gives_the_partial_run_and_leaves_no_process(calendar: SmallCalendar) -> None:
    def interrupt(event: Progress) -> None:
        if isinstance(event, Tick) and event.finished >= 20:
            raise KeyboardInterrupt

    with pytest.raises(LoadInterrupted) as caught:
        load_run(fixed(40, 30.0), calendar.url, on_progress=interrupt)
    run = caught.value.run
    assert run.interrupted
    assert 20 <= run.account.finished < 400
    assert problems(load_to_record(run, (), commit="x", machine={})) == []
    assert not generators()


@pytest.mark.thorough
def test_no_generator_outlives_a_parent_that_is_killed(
    calendar: SmallCalendar, tmp_path: Path
) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys\n"
        "from synthetic.edge.load.running import run\n"
        "from synthetic.load.request import FixedRequest\n"
        "from synthetic.load.shape import Profile, Stage\n"
        "p = Profile('t', 't', (Stage(60, 20, 20),), requests=(FixedRequest('GET', '/x', 1),))\n"
        "run(p, sys.argv[1], on_progress=lambda e: print(e, flush=True))\n"
    )
    parent = subprocess.Popen(
        [sys.executable, str(script), calendar.url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert parent.stdout is not None
        assert "Started" in parent.stdout.readline()
        (child,) = psutil.Process(parent.pid).children()
        parent.send_signal(signal.SIGKILL)
        parent.wait(HANGS_S)
        deadline = time.monotonic() + HANGS_S
        while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline, "the generator is still there"
            time.sleep(0.05)
    finally:
        parent.kill()
        parent.communicate()
