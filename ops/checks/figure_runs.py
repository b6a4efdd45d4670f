"""The checks of figures over a time: the objectives, and how fast the database is."""

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
    """Judge the objectives over `window` by Prometheus, else over `span_s` by two pages."""

    def find() -> Sequence[Finding]:
        observed = _performance_seen(places, objectives, window, span_s)
        return performance.judge(observed, objectives, LIMITS)

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
) -> performance.ObservedPerformance:
    if places.prometheus:
        asked = performance.queries(objectives, window, round(time.time()))
        answers = figures.answers_of(places.prometheus, asked, timeout_s=places.timeout_s)
        return performance.ObservedPerformance(window, window, "Prometheus", answers)
    pages = figures.between_scrapes(places, span_s)
    asked = performance.queries(objectives, figures.STRETCH, figures.STRETCH_S)
    answers = figures.answers_between(pages, asked)
    lasted = timedelta(seconds=span_s)
    source = "two looks at /metrics"
    return performance.ObservedPerformance(
        figures.STRETCH, lasted, source, answers, sees_probes=False
    )


def _database_seen(
    places: Places, server: mongodb_edge.ObservedMongo | None, window: timedelta, span_s: int
) -> db_performance.ObservedDatabase:
    try:
        if places.prometheus:
            asked = db_performance.queries(window, round(time.time()))
            answers = figures.answers_of(places.prometheus, asked, timeout_s=places.timeout_s)
            return db_performance.ObservedDatabase(server, answers, window)
        pages = figures.between_scrapes(places, span_s)
        asked = db_performance.queries(figures.STRETCH, figures.STRETCH_S)
        answers = figures.answers_between(pages, asked)
        return db_performance.ObservedDatabase(server, answers, timedelta(seconds=span_s))
    except HarnessError as err:
        if server is None:  # nothing else was looked at
            raise
        return db_performance.ObservedDatabase(server, str(err))
