"""Ask for figures: a Prometheus where there is one, else the service's own pages."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kit.edge.access import access
from kit.edge.prometheus import connect
from kit.pure.answers import Answer
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.query import Query
from ops.checks.observe.replies import get
from ops.checks.places import Places
from reports.edge.gathering import Gathered, Target
from reports.gathered.evaluate import answer
from slo.edge.project_file import shipped

METRICS: Final = "/metrics"


def answers_of(url: str, queries: Sequence[Query], *, timeout_s: float) -> dict[str, Answer]:
    """Return what a Prometheus answers; raises UnreachableError when it does not."""
    with connect(url, timeout_s=timeout_s) as server:
        return server.answers(queries)


def between_scrapes(places: Places, span_s: int) -> Gathered:
    """Return two pages of the service's metrics, `span_s` seconds apart.

    Their moments are 0 and `STRETCH_S`, not those of a clock: in PromQL a stretch of time does
    not hold its first moment, so it must be one second longer than the pages are apart, and on
    so long a stretch that second weighs nothing.

    Raises UnreachableError when one does not come and BadInputError when it wants a key.
    """
    gathered, target = Gathered(), Target(shipped().job, places.service)
    gathered.add(0, target, scrape(places))
    time.sleep(span_s)
    gathered.add(STRETCH_S, target, scrape(places))
    return gathered


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
