"""The checks of figures over a time: the promises, and how fast the database is."""

import time
from collections.abc import Sequence
from datetime import timedelta

from kit.pure.errors import HarnessError
from ops.checks import db_performance, performance
from ops.checks.finding import Checked, Finding
from ops.checks.observe import mongodb as mongodb_edge
from ops.checks.observe import prometheus as figures
from ops.checks.places import Places
from ops.checks.runs import LIMITS, database_of, of_one
from slo.objective import Objective


def check_performance(
    places: Places, objectives: Sequence[Objective], *, window: timedelta, span_s: int
) -> Checked:
    """Judge the promises over `window` by Prometheus, else over `span_s` by two pages."""

    def find() -> Sequence[Finding]:
        seen = _performance_seen(places, objectives, window, span_s)
        return performance.judge(seen, objectives, LIMITS)

    return of_one("performance", places, find, questions=4, besides_s=span_s)


def check_db_performance(places: Places, *, window: timedelta, span_s: int) -> Checked:
    """Look at what the service waits for, and at the server itself where its address is given."""

    def find() -> Sequence[Finding]:
        server = None
        if places.mongodb:
            server = mongodb_edge.look(
                places.mongodb, database=database_of(places), timeout_s=places.timeout_s
            )
        return db_performance.judge(_database_seen(places, server, window, span_s), LIMITS)

    return of_one("db-performance", places, find, questions=8, besides_s=span_s)


def _performance_seen(
    places: Places, objectives: Sequence[Objective], window: timedelta, span_s: int
) -> performance.PerformanceSeen:
    if places.prometheus:
        asked = performance.queries(objectives, window, round(time.time()))
        answers = figures.answers_of(places.prometheus, asked, timeout_s=places.timeout_s)
        return performance.PerformanceSeen(window, window, "Prometheus", answers)
    pages = figures.between_scrapes(places, span_s)
    asked = performance.queries(objectives, figures.STRETCH, figures.STRETCH_S)
    answers = figures.answers_between(pages, asked)
    lasted = timedelta(seconds=span_s)
    source = "two looks at /metrics"
    return performance.PerformanceSeen(figures.STRETCH, lasted, source, answers, sees_probes=False)


def _database_seen(
    places: Places, server: mongodb_edge.MongoSeen | None, window: timedelta, span_s: int
) -> db_performance.DatabaseSeen:
    try:
        if places.prometheus:
            asked = db_performance.queries(window, round(time.time()))
            answers = figures.answers_of(places.prometheus, asked, timeout_s=places.timeout_s)
            return db_performance.DatabaseSeen(server, answers, window)
        pages = figures.between_scrapes(places, span_s)
        asked = db_performance.queries(figures.STRETCH, figures.STRETCH_S)
        answers = figures.answers_between(pages, asked)
        return db_performance.DatabaseSeen(server, answers, timedelta(seconds=span_s))
    except HarnessError as err:
        if server is None:  # nothing else was looked at
            raise
        return db_performance.DatabaseSeen(server, str(err))
