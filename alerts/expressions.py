"""Pieces of PromQL that many rules share."""

from datetime import timedelta

from kit.pure.errors import BadInputError
from slo.catalogue import catalogue_advice, series_of


def number(value: float) -> str:
    """Write a number in the shortest form that reads back the same to ten digits."""
    return f"{value:.10g}"


def per(window: timedelta) -> str:
    """Return the factor that turns events per second into events per window."""
    return number(window.total_seconds())


def scraped(series: str, *matchers: str) -> str:
    """Select a series of the catalogue where it is ours: of another job it is another team's.

    Raises BadInputError for a series that the catalogue does not have.
    """
    known = series_of()
    if series not in known:
        raise BadInputError(
            f"no metric of the catalogue is called {series!r}", hint=catalogue_advice(series, known)
        )
    jobs = sorted(known[series].jobs)
    job = f'job="{jobs[0]}"' if len(jobs) == 1 else f'job=~"{"|".join(jobs)}"'
    return f"{series}{{{','.join((job, *matchers))}}}"


def firing(*names: str, job: str = "") -> str:
    """Select the firing alerts of these names, or only those about one scrape job."""
    matcher = f'="{names[0]}"' if len(names) == 1 else f'=~"{"|".join(names)}"'
    of_job = f',job="{job}"' if job else ""
    return f'ALERTS{{alertname{matcher},alertstate="firing"{of_job}}}'


def quiet_while(*names: str) -> str:
    """Say nothing new while one of these alerts, about the same trouble, is firing."""
    return f" unless on() {firing(*names)}"


def quiet_after(window: str, *names: str) -> str:
    """Say nothing new while one of these alerts is firing or was within the window.

    What a window remembers of a fault that is over must not open a ticket about it.
    """
    return f" unless on() count_over_time({firing(*names)}[{window}])"
