"""Ask for figures: a Prometheus where there is one, else the service's own pages."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from kit.edge.access import access
from kit.edge.prometheus import connect
from kit.pure.answers import Answer
from kit.pure.durations import to_prometheus
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.query import Query, at
from ops.checks.evidence import MOST_OF_IT, Evidence, named
from ops.checks.observe.replies import get
from ops.checks.places import Places
from reports.edge.gathering import Gathered, Target
from reports.gathered.evaluate import answer
from slo.edge.project_file import shipped

METRICS: Final = "/metrics"
SCRAPED: Final = "scraped"
_MINUTE: Final = timedelta(minutes=1)


def answers_of(url: str, queries: Sequence[Query], *, timeout_s: float) -> dict[str, Answer]:
    """Return what a Prometheus answers; raises UnreachableError when it does not."""
    with connect(url, timeout_s=timeout_s) as server:
        return server.answers(queries)


def scraped(window: timedelta, now_s: int) -> Query:
    """Return what asks in how many steps of a window the service answered its scrape."""
    step, whole = to_prometheus(_step(window)), to_prometheus(window)
    up = f"max(max_over_time(up{{{shipped().target}}}[{step}])) == 1"
    return at(SCRAPED, f"count_over_time(({up})[{whole}:{step}])", now_s)


def covered(
    window: timedelta, answers: Mapping[str, Answer], *, bears: tuple[str, ...] = ()
) -> Evidence:
    """Return how much of a window the service was scraped, by the answer to `scraped`."""
    answer, wanted = answers.get(SCRAPED, Answer()), window // _step(window)
    lacks = (answer.problem,) if answer.problem else ()
    step = "sre check morning says whether Prometheus scrapes its targets"
    return Evidence("Prometheus", wanted, min(wanted, answer.value or 0.0), "of this time",
                    lacks, bears, MOST_OF_IT, step)  # fmt: skip


def _step(window: timedelta) -> timedelta:
    """Return a minute, which a scrape is in, or for long windows a sixtieth of them."""
    return min(window, max(_MINUTE, timedelta(minutes=window // (60 * _MINUTE))))


def told_by(pages: Sequence[str], *, bears: tuple[str, ...] = ()) -> tuple[Evidence, ...]:
    """Return how many of the service's metrics each page shows, and whether none lost a series."""
    project, found = shipped(), []
    wanted = [
        metric.series_names()[0]
        for metric in project.catalogue or ()
        if metric.jobs == {project.job}
    ]
    series = [_series_of(page) for page in pages]
    for number, own in enumerate(series, 1):
        names = {one.partition("{")[0] for one in own}
        found.append(named(f"/metrics, look {number}", wanted, names, unit="metrics",
                           bears=bears))  # fmt: skip
    first, *later = series
    before = "/metrics, the series of before"
    found += [named(before, sorted(first), own, unit="series", bears=bears) for own in later]
    return tuple(found)


def _series_of(page: str) -> set[str]:
    lines = (line for line in page.splitlines() if line and not line.startswith("#"))
    return {line.rpartition(" ")[0] for line in lines}


def between_scrapes(
    places: Places, span_s: int, *, bears: tuple[str, ...] = ()
) -> tuple[Gathered, tuple[Evidence, ...]]:
    """Return two pages of the service's metrics, `span_s` seconds apart, and what they told.

    Their moments are 0 and `STRETCH_S`, not those of a clock: in PromQL a stretch of time does
    not hold its first moment, so it must be one second longer than the pages are apart, and on
    so long a stretch that second weighs nothing.

    Raises UnreachableError when one does not come and BadInputError when it wants a key.
    """
    gathered, target = Gathered(), Target(shipped().job, places.service)
    first = scrape(places)
    time.sleep(span_s)
    second = scrape(places)
    gathered.add(0, target, first)
    gathered.add(STRETCH_S, target, second)
    return gathered, told_by((first, second), bears=bears)


def answers_between(gathered: Gathered, queries: Sequence[Query]) -> dict[str, Answer]:
    """Return what two pages answer to queries over `STRETCH` at `STRETCH_S`."""
    samples = gathered.samples()
    return {query.name: answer(samples, query) for query in queries}


STRETCH_S: Final = 10_000_000
STRETCH: Final = timedelta(seconds=STRETCH_S + 1)


def scrape(places: Places) -> str:
    """Return the service's page of metrics."""
    reply = get(places.service, METRICS, access=access(), timeout_s=places.timeout_s)
    if reply.is_refused:
        raise BadInputError(
            f"{reply.url} {reply.why}", hint="set SRE_API_KEYS to a key with the scope metrics"
        )
    if not reply.is_ok:
        raise UnreachableError(f"{reply.url}: {reply.why}", hint="sre check health")
    return reply.text
