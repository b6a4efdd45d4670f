"""What the harness sends names itself, and is found again by its name."""

import json
from datetime import UTC, datetime

import httpx2
import pytest

from service.observe.identity import caller_of
from synthetic.edge.journeys.walking import walk
from synthetic.steps.errors import StepFailedError
from synthetic.steps.step import Journey, Step
from synthetic.steps.tracing import Named, trace_id_in, traceparent


def test_every_step_of_a_journey_is_in_its_trace_and_asks_for_it() -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["traceparent"])
        return httpx2.Response(200 if len(seen) < 2 else 503)

    steps = tuple(Step(name=name, method="GET", path="/") for name in ("first", "second"))
    trace_id = "ab" * 16
    with (
        httpx2.Client(transport=httpx2.MockTransport(answer), base_url="http://x") as client,
        pytest.raises(StepFailedError),
    ):
        walk(Journey("day", "", steps), client, tag="t", now=datetime.now(UTC), trace_id=trace_id)
    found = [caller_of(said.encode()) for said in seen]
    assert [(one.trace_id, one.is_sampled) for one in found if one] == [(trace_id, True)] * 2


@pytest.mark.parametrize("due_s", [0.0, 0.000001, 12.345678, 86_400.5])
@pytest.mark.parametrize("worker", [0, 7])
def test_a_load_request_has_valid_headers_that_follow_from_its_sample(
    due_s: float, worker: int
) -> None:
    named = Named("0a1b2c3d", worker)
    request_id, parent = named.lines(due_s).decode().splitlines()
    assert request_id == f"X-Request-ID: {named.request_id(due_s)}"
    caller = caller_of(parent.removeprefix("traceparent: ").encode())
    assert caller is not None
    assert caller.trace_id == named.trace_id(due_s)
    assert not caller.is_sampled  # the tail decides: a load test keeps no more than users do


def test_requests_of_a_run_have_names_of_their_own() -> None:
    times = [number / 1000 for number in range(3000)]
    names = {Named("0a1b2c3d", worker).trace_id(due_s) for worker in (0, 1) for due_s in times}
    assert len(names) == 6000


def test_the_trace_of_a_header_is_read_back() -> None:
    (header,) = traceparent("c" * 32, "d" * 16).values()
    assert trace_id_in(header) == "c" * 32
    assert trace_id_in("") == trace_id_in(json.dumps(None)) == ""
