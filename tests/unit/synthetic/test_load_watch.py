"""When a run is stopped because its verdict can no longer change."""

import numpy as np

from synthetic.load.counting import measurable
from synthetic.load.live import Live
from synthetic.load.request import FixedRequest
from synthetic.load.samples import SAMPLE, Samples
from synthetic.load.shape import Kind, Profile, Stage
from synthetic.load.watch import Watch
from synthetic.verdict_rows import Rule
from tests.unit.synthetic.test_verdict_rows import CALENDAR, PROMISES

PROMISE = measurable(PROMISES[2:3], CALENDAR)
ROUTES = ("GET /", "GET /else")


def profile(kind: Kind = Kind.RUN, *stages: Stage) -> Profile:
    requests = (FixedRequest("GET", "/", 1.0),)
    found = stages or (Stage(10, 100, 100),)
    return Profile("w", "", found, kind=kind, requests=requests, rule=Rule.OBSERVED)


def bad(count: int, since_s: float = 0.0, until_s: float = 5.0) -> Samples:
    """Return requests that failed, each by itself."""
    found = np.zeros(count, SAMPLE)
    found["due_s"], found["status"] = np.linspace(since_s, until_s, count, endpoint=False), 500
    return found


def fine(count: int, since_s: float = 0.0, until_s: float = 5.0) -> Samples:
    found = bad(count, since_s, until_s)
    found["status"] = 200
    return found


def test_a_run_goes_on_while_what_is_to_come_could_save_it() -> None:
    watch = Watch(profile(), PROMISE, ROUTES, abort_on_fail=True)
    watch.take(bad(10))  # of 1,000: exactly the budget
    watch.take(fine(390))
    assert watch.reason_to_stop() is None
    watch.take(bad(40))
    assert watch.reason_to_stop() == "errors is broken whatever comes"


def test_one_hiccup_stops_nothing_for_it_is_one_event() -> None:
    watch = Watch(profile(), PROMISE, ROUTES, abort_on_fail=True)
    watch.take(bad(30, since_s=2.0, until_s=2.04))
    assert watch.reason_to_stop() is None


def test_nothing_stops_a_run_that_was_not_asked_to() -> None:
    watch = Watch(profile(), PROMISE, ROUTES, abort_on_fail=False)
    watch.take(bad(900))
    assert watch.reason_to_stop() is None


def test_a_climb_stops_at_the_first_stage_that_is_lost_and_names_its_rate() -> None:
    stages = (Stage(10, 10, 10), Stage(10, 50, 50))
    watch = Watch(profile(Kind.STRESS, *stages), PROMISE, ROUTES, abort_on_fail=False)
    watch.take(bad(1))
    assert watch.reason_to_stop() is None
    watch.take(bad(25, since_s=10.0, until_s=16.0))
    assert watch.reason_to_stop() == "errors is broken at 50/s whatever comes"


def test_the_live_percentiles_are_within_a_hundredth_and_the_budget_is_told() -> None:
    live, random = Live(PROMISE, ROUTES), np.random.default_rng(2)
    found = np.zeros(50_000, SAMPLE)
    found["status"] = 200
    found["status"][:250] = 503
    found["latency_s"] = random.lognormal(-4, 1, len(found))
    for chunk in np.array_split(found, 20):
        live.take(chunk)
    true = float(np.quantile(found["latency_s"], 0.95)) * 1000
    assert abs((live.p95_ms() or 0) / true - 1) < 0.013
    assert live.budget_spent() is not None
    assert abs((live.budget_spent() or 0) - 0.5) < 1e-9
