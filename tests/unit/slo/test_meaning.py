"""One objective has one meaning, and it follows from its queries."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from slo.edge.files import load_objectives
from slo.edge.project_file import load_project
from slo.meaning import Meaning, Request, UnmeasurableError, meaning_of, meaning_to_clients
from slo.objective import Measure, Objective, Ratio, RawRatio
from slo.project.project import Paths, Project
from slo.project.roles import Latency, Requests, Roles

ORDERS = Project(
    source="sre.toml",
    name="orders",
    title="Orders",
    job="shop",
    paths=Paths("slo", "build", "runs", "load"),
    roles=Roles(
        requests=Requests("http_total", "handler", "method", "code"),
        latency=Latency("http_ms", "handler", None, 1000.0),
    ),
)


def objective(**sides: str) -> Objective:
    return Objective(
        name="it",
        display_name="It",
        description="",
        service="orders",
        measure=Measure.OTHER,
        target=0.99,
        window=timedelta(days=30),
        indicator=Ratio(**sides),
    )


def meaning(total: str, **side: str) -> Meaning:
    return meaning_of(objective(total=total, **side), ORDERS)


def to_clients(bad: str) -> Meaning:
    total = "sum(rate(http_total[{{.window}}]))"
    return meaning_to_clients(objective(total=total, bad=bad), ORDERS)


def request(
    method: str = "GET", route: str = "/buy", status: str = "200", latency_s: float = 0.01
) -> Request:
    return Request(method, route, status, latency_s)


def test_only_what_the_query_calls_bad_spends_the_budget() -> None:
    found = meaning(
        'sum(rate(http_total{job="shop"}[{{.window}}]))',
        bad='sum(rate(http_total{job="shop",code=~"5.."}[{{.window}}]))',
    )
    spent = {code: found.spends(request(status=code)) for code in ("200", "302", "429", "503")}
    assert spent == {"200": False, "302": False, "429": False, "503": True}


def test_an_objective_of_one_route_counts_that_route_alone() -> None:
    found = meaning(
        'sum(rate(http_ms_count{handler="/buy/{id}"}[{{.window}}]))',
        good='sum(rate(http_ms_bucket{handler="/buy/{id}",le="300"}[{{.window}}]))',
    )
    assert found.edges_s == (0.3,)
    assert found.counts(request(route="/buy/{order_id}"))
    assert not found.counts(request(route="/buy"))
    assert [found.spends(request(route="/buy/{id}", latency_s=s)) for s in (0.299, 0.3, 0.301)] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "le", ['le="2000"', 'le=~"2000(\\\\.0)?"', 'le=~"2000|2000\\\\.0"', 'le="2e3"']
)
def test_one_edge_may_be_spelt_in_several_ways(le: str) -> None:
    found = meaning(
        "sum(rate(http_ms_count[{{.window}}]))",
        good=f"sum(rate(http_ms_bucket{{{le}}}[{{{{.window}}}}]))",
    )
    assert found.edges_s == (2.0,)


def test_counts_may_be_added_and_taken_away() -> None:
    found = meaning(
        "sum(increase(http_total[{{.window}}]))",
        bad='sum(increase(http_total{code=~"5.."}[{{.window}}]))'
        ' + sum(increase(http_total{code="429"}[{{.window}}]))'
        ' - (sum(increase(http_total{code="501"}[{{.window}}])) or vector(0))',
    )
    spent = [found.spends(request(status=code)) for code in ("500", "429", "501", "404")]
    assert spent == [True, True, False, False]


@pytest.mark.parametrize(
    ("total", "why"),
    [
        ("sum(rate(mails_total[{{.window}}]))", "counts mails_total, not requests"),
        ('sum(rate(http_total{job="till"}[{{.window}}]))', "counts job till, and this is shop"),
        ('sum(rate(http_total{tenant="a"}[{{.window}}]))', "selects by tenant"),
        ("max(rate(http_total[{{.window}}]))", "is no sum of counters"),
        ("sum(rate(http_ms_bucket[{{.window}}]))", "adds up the buckets"),
        ('sum(rate(http_ms_bucket{le=~"1.*"}[{{.window}}]))', "is no single edge"),
    ],
)
def test_what_a_client_cannot_see_is_said_and_not_guessed(total: str, why: str) -> None:
    with pytest.raises(UnmeasurableError, match=why):
        meaning(total, bad=total)


@pytest.mark.parametrize("code", ['="5XX"', '=~"5.."', '!~"[234].."', '=~"5xx|broken"', '!=""'])
def test_every_way_to_tell_http_statuses_is_read(code: str) -> None:
    bad = f"sum(rate(http_total{{code{code}}}[{{{{.window}}}}]))"
    assert to_clients(bad).spends(request(status="503"))


@pytest.mark.parametrize("code", ['="broken"', '!~"OK|NotFound"', '="14"'])
def test_words_for_a_status_mean_something_to_the_service_and_nothing_to_a_client(
    code: str,
) -> None:
    bad = f"sum(rate(http_total{{code{code}}}[{{{{.window}}}}]))"
    meaning("sum(rate(http_total[{{.window}}]))", bad=bad)
    with pytest.raises(UnmeasurableError, match="a client sees HTTP statuses only"):
        to_clients(bad)


def test_a_ready_made_share_is_not_measured_by_requests() -> None:
    share = Objective(
        name="it", display_name="It", description="", service="orders", measure=Measure.OTHER,
        target=0.9, window=timedelta(days=30), indicator=RawRatio("avg(right[{{.window}}])"),
    )  # fmt: skip
    with pytest.raises(UnmeasurableError, match="ready-made share"):
        meaning_of(share, ORDERS)


def test_our_own_objectives_mean_what_their_labels_say() -> None:
    project = load_project()
    promised = {"availability": False, "errors": False, "latency": True}
    for each in load_objectives():
        if each.name not in promised:
            continue
        found = meaning_of(each, project)
        slow = request(route="/events", latency_s=2.001)
        assert not found.counts(request(route="/healthz"))
        assert found.spends(slow) is (each.measure is Measure.LATENCY) is promised[each.name]
        assert found.spends(request(route="/events", status="500")) is not found.spends(slow)


@given(
    status=some.integers(100, 599).map(str),
    method=some.sampled_from(["GET", "POST"]),
    route=some.sampled_from(["/buy", "/look"]),
)
def test_a_request_that_is_not_counted_never_spends(status: str, method: str, route: str) -> None:
    found = meaning(
        'sum(rate(http_total{method="GET"}[{{.window}}]))',
        bad='sum(rate(http_total{code!~"2.."}[{{.window}}]))',
    )
    one = request(method, route, status)
    assert found.spends(one) is (method == "GET" and not status.startswith("2"))
