"""Nothing that a profile may say is too wide for where it is kept."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kit.edge.record_schemas import problems
from kit.pure.errors import BadInputError
from synthetic.edge.load.children import Crew
from synthetic.edge.load.record_buffer import RecordBuffer
from synthetic.edge.load.running import run as load_run
from synthetic.load.profile_file import read_profile
from synthetic.load.record import to_record as load_to_record
from synthetic.load.request import FixedRequest
from synthetic.load.samples import SAMPLE, Outcome, from_bytes
from synthetic.load.shape import MAX_ROUTES, MAX_WORKERS, Profile, Stage
from tests.support import awkward
from tests.support.sampling import quick
from tests.support.small_calendar import SmallCalendar


def many(routes: int, per_s: float = 400.0, for_s: float = 2.0) -> Profile:
    return Profile(
        "many",
        "many routes",
        (Stage(for_s, per_s, per_s),),
        ready_path="/healthz",
        requests=tuple(FixedRequest("GET", f"/events/n{n}", 1.0) for n in range(routes)),
        max_lag_p99_ms=60_000,
        timeout_s=20.0,
    )


def as_yaml(routes: int) -> str:
    requests = "".join(f"  - {{method: GET, path: /events/n{n}}}\n" for n in range(routes))
    head = "name: many\ndescription: many routes\nstages:\n  - {for_s: 2, per_s: 100}\n"
    return f"{head}requests:\n{requests}"


def sent_by(record: dict[str, Any]) -> Iterator[str]:
    for name, one in record["routes"].items():
        yield from [name] * one["requests"]


@pytest.mark.parametrize("routes", quick([257, 5_000], first=0))
def test_each_request_of_a_long_profile_is_counted_under_its_own_name(
    calendar: SmallCalendar, routes: int
) -> None:
    run = load_run(read_profile(as_yaml(routes), source="many.yaml"), calendar.url, workers=2)
    assert run.account.complete
    assert run.account.finished == 200
    record = load_to_record(run, (), commit="unknown", machine={})
    assert problems(record) == []
    sent = (path for path in calendar.paths if path.startswith("/events/n"))
    assert Counter(path.partition(" ")[2] for path in sent_by(record)) == Counter(sent)
    blocks = record["blocks"]["routes"]
    assert {n: sum(sum(flat[1::2]) for flat in flats) for n, flats in blocks.items()} == {
        n: one["requests"] for n, one in record["routes"].items()
    }


@pytest.mark.thorough
def test_a_profile_of_more_requests_than_can_be_told_apart_is_refused_at_once() -> None:
    with pytest.raises(BadInputError, match=rf"big.yaml: requests has 70,000 .* {MAX_ROUTES:,}"):
        read_profile(as_yaml(70_000), source="big.yaml")


def test_so_is_one_made_in_python_before_anything_is_sent(calendar: SmallCalendar) -> None:
    with pytest.raises(BadInputError, match=f"{MAX_ROUTES + 1:,} requests"):
        load_run(many(MAX_ROUTES + 1), calendar.url)
    assert calendar.paths == []


@pytest.mark.parametrize("workers", [0, 300, 70_000])
def test_so_many_workers_are_refused_before_anything_is_sent(
    calendar: SmallCalendar, workers: int
) -> None:
    with pytest.raises(BadInputError, match=f"{workers:,} workers"):
        load_run(many(1), calendar.url, workers=workers)
    assert calendar.paths == []


@pytest.mark.parametrize("field", [name for name in SAMPLE.names or () if name != "outcome"])
def test_a_sample_comes_back_with_the_widest_value_that_it_may_hold(field: str) -> None:
    """Routes and workers by their limits, a status of three digits, a day of microseconds."""
    widest: dict[str, Any] = {
        "due_s": 86_400.000_001,
        "sent_s": 86_400.000_001,
        "latency_s": 86_400.0,
        "status": 999,
        "route": MAX_ROUTES - 1,
        "expected": 1,
        "worker": MAX_WORKERS - 1,
    }
    buffer = RecordBuffer(widest["worker"])
    buffer.add(**{k: v for k, v in widest.items() if k != "worker"}, outcome=Outcome.ANSWERED)
    assert from_bytes(buffer.take())[field].tolist() == [widest[field]]


@pytest.mark.thorough
@pytest.mark.parametrize("status", [b"1000", b"65536", b"70200"])
def test_a_status_of_more_than_three_digits_is_no_answer(status: bytes) -> None:
    def wide(connection: socket.socket, _stop: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 %s Odd\r\nContent-Length: 0\r\n\r\n" % status)

    with awkward.awkward_server(awkward.well_then(wide)) as url:
        run = load_run(many(1, 20.0, 1.0), url)
    assert run.account.complete
    assert set(run.samples["outcome"].tolist()) == {Outcome.BROKEN}


class BreakingCrew(Crew):
    """Generators whose records do not fit from the tenth answer on."""

    module = "tests.integration.synthetic.breaking_generator"


@pytest.mark.thorough
def test_what_goes_wrong_in_a_generator_ends_the_run_at_once_and_is_told(
    calendar: SmallCalendar,
) -> None:
    """Not after the whole time of a run, with the blame on the machine."""
    long = replace(many(1), stages=(Stage(120.0, 50.0, 50.0),), timeout_s=600.0)
    run = load_run(long, calendar.url, start_crew=BreakingCrew)
    assert run.account.scheduled < 50 * 120
    assert run.void_reason is not None
    assert "no room for it" in run.void_reason
