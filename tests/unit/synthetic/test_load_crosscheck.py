"""What we counted against what the service counted."""

import numpy as np

from slo.edge.project_file import SHIPPED, load_project
from synthetic.load.crosscheck import counts_in, cross_check
from synthetic.load.samples import SAMPLE, Outcome, Samples

ROLES = load_project(SHIPPED).roles
ROUTES = ("GET /events/{id}", "POST /events")


def exposition(reads: int, creations: int) -> str:
    return (
        "# TYPE http_requests_total counter\n"
        f'http_requests_total{{method="GET",route="/events/{{identity}}",status="200"}} {reads}\n'
        f'http_requests_total{{method="POST",route="/events",status="201"}} {creations}\n'
        f'http_requests_total{{method="POST",route="/events",status="503"}} 2\n'
    )


def samples(reads: int, creations: int, outcome: Outcome = Outcome.ANSWERED) -> Samples:
    found = np.zeros(reads + creations, SAMPLE)
    found["route"][reads:] = 1
    found["outcome"] = outcome
    found["latency_s"] = 0.01
    return found


def test_the_same_counts_agree_whatever_the_template_calls_its_part() -> None:
    before, after = counts_in(exposition(10, 5), ROLES), counts_in(exposition(30, 12), ROLES)
    check = cross_check(before, after, samples(20, 4), ROUTES, ROLES, besides={"POST /events": 3})
    assert check.problem is None
    assert check.differing == ()
    assert check.routes["GET /events/{id}"]["client"] == 20


def test_a_difference_is_named_by_its_route() -> None:
    before, after = counts_in(exposition(10, 5), ROLES), counts_in(exposition(29, 9), ROLES)
    check = cross_check(before, after, samples(20, 4), ROUTES, ROLES, besides={})
    assert check.differing == ("GET /events/{id}",)


def test_a_request_we_gave_up_on_may_or_may_not_have_been_counted() -> None:
    before = counts_in(exposition(0, 0), ROLES)
    lost = samples(4, 0, Outcome.TIMEOUT)
    for counted in (0, 4):
        after = counts_in(exposition(counted, 0), ROLES)
        assert cross_check(before, after, lost, ROUTES, ROLES, besides={}).differing == ()


def test_a_service_that_was_started_anew_has_counted_from_zero() -> None:
    before, after = counts_in(exposition(1000, 5), ROLES), counts_in(exposition(20, 5), ROLES)
    check = cross_check(before, after, samples(20, 0), ROUTES, ROLES, besides={})
    assert check.routes["GET /events/{id}"]["service"] == 20


def test_routes_that_are_names_are_not_taken_for_a_difference() -> None:
    text = 'http_requests_total{method="GET",route="list-events",status="200"} 9\n'
    after = counts_in(text, ROLES)
    check = cross_check({}, after, samples(9, 0), ROUTES, ROLES, besides={})
    assert check.differing == ()
    assert check.problem is not None
    assert "its route holds no paths (list-events)" in check.problem
    named = cross_check({}, after, samples(9, 0), ("GET list-events",), ROLES, besides={})
    assert (named.problem, named.differing) == (None, ())


def test_metrics_that_cannot_be_had_are_a_reason_and_no_difference() -> None:
    check = cross_check("/metrics answers 404", {}, samples(1, 0), ROUTES, ROLES, besides={})
    assert check.problem == "/metrics answers 404"
    assert check.differing == ()
    assert "exposes no http_requests_total" in str(
        cross_check({}, {}, samples(1, 0), ROUTES, ROLES, besides={}).problem
    )
