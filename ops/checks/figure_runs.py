"""The checks of figures over a time: the objectives, and how fast the database is."""

import time
from collections.abc import Sequence
from datetime import timedelta

from kit.edge.access import access
from kit.pure.errors import HarnessError
from kit.pure.urls import masked
from ops.checks import db_performance, performance, timing
from ops.checks.evidence import Seen
from ops.checks.finding import Checked
from ops.checks.observe import mongodb as mongodb_edge
from ops.checks.observe import prometheus as figures
from ops.checks.observe import timing as timed
from ops.checks.own_limits import own_limits
from ops.checks.places import Places
from ops.checks.runs import database_of, of_one
from slo.objective import Measure, Objective

_LIMIT_S = 2.0
"""Where no objective says how long an answer may take."""
_OF_THE_SERVICE = ("commands", "pool")
"""The findings that rest on the service's own counts."""


def check_performance(
    places: Places, objectives: Sequence[Objective], *, window: timedelta, span_s: int
) -> Checked:
    """Judge the objectives over `window` by Prometheus, else over `span_s` by two pages."""

    def find() -> Seen:
        observed = _performance_seen(places, objectives, window, span_s)
        return Seen(performance.judge(observed, objectives, own_limits()), observed.evidence)

    return of_one("performance", places, find, questions=4, besides_s=span_s)


def check_db_performance(places: Places, *, window: timedelta, span_s: int) -> Checked:
    """Look at what the service waits for, and at the server itself where its address is given."""

    def find() -> Seen:
        server = None
        if places.mongodb:
            server = mongodb_edge.look(
                places.mongodb, database=database_of(places), timeout_s=places.timeout_s
            )
        observed = _database_seen(places, server, window, span_s)
        return Seen(db_performance.judge(observed, own_limits()), db_performance.evidence(observed))

    return of_one("db-performance", places, find, questions=8, besides_s=span_s)


def check_timing(
    places: Places, url: str, objectives: Sequence[Objective], *, times: int
) -> Checked:
    """Time the parts of some requests, one after the other, against the objective for latency."""
    limits = (one.threshold_s for one in objectives if one.measure is Measure.LATENCY)
    limit_s = next((one for one in limits if one is not None), _LIMIT_S)

    def find() -> Seen:
        taken = [timed.take(url, access(), timeout_s=places.timeout_s) for _ in range(times)]
        found = timing.judge(masked(url), taken, limit_s)
        return Seen(found, timing.evidence(taken, times))

    timed.check_timed(url)
    return of_one("timing", places, find, questions=3 * times)


def _performance_seen(
    places: Places, objectives: Sequence[Objective], window: timedelta, span_s: int
) -> performance.ObservedPerformance:
    if places.prometheus:
        now_s = round(time.time())
        asked = (*performance.queries(objectives, window, now_s), figures.scraped(window, now_s))
        answers = figures.answers_of(places.prometheus, asked, timeout_s=places.timeout_s)
        return performance.ObservedPerformance(
            window, window, "Prometheus", answers, evidence=(figures.covered(window, answers),)
        )
    pages, told = figures.between_scrapes(places, span_s)
    asked = performance.queries(objectives, figures.STRETCH, figures.STRETCH_S)
    answers = figures.answers_between(pages, asked)
    lasted = timedelta(seconds=span_s)
    source = "two looks at /metrics"
    return performance.ObservedPerformance(
        figures.STRETCH, lasted, source, answers, sees_probes=False, evidence=told
    )


def _database_seen(
    places: Places, server: mongodb_edge.ObservedMongo | None, window: timedelta, span_s: int
) -> db_performance.ObservedDatabase:
    try:
        if places.prometheus:
            now_s = round(time.time())
            asked = (*db_performance.queries(window, now_s), figures.scraped(window, now_s))
            answers = figures.answers_of(places.prometheus, asked, timeout_s=places.timeout_s)
            counted = figures.covered(window, answers, bears=_OF_THE_SERVICE)
            return db_performance.ObservedDatabase(server, answers, window, (counted,))
        pages, told = figures.between_scrapes(places, span_s, bears=_OF_THE_SERVICE)
        asked = db_performance.queries(figures.STRETCH, figures.STRETCH_S)
        answers = figures.answers_between(pages, asked)
        return db_performance.ObservedDatabase(server, answers, timedelta(seconds=span_s), told)
    except HarnessError as err:
        if server is None:  # nothing else was looked at
            raise
        return db_performance.ObservedDatabase(server, str(err))
