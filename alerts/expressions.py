"""Pieces of PromQL that many rules share."""

from datetime import timedelta

from kit.pure.durations import to_prometheus
from slo.project.project import Project
from slo.series import selectors


def number(value: float) -> str:
    """Write a number in the shortest form that reads back the same to ten digits."""
    return f"{value:.10g}"


def counted(series: str, window: timedelta) -> str:
    """Return how many events a series of events per second has seen within a window.

    Minute by minute: one without a sample counts none, so that a history of ten minutes is not
    taken for an hour like them, as a mean times the window would. A second less than the window
    holds as many minutes whether or not its ends belong to it.
    """
    return f"sum_over_time({series}{minutes_of(window)}) * 60"


def minutes_of(window: timedelta) -> str:
    """Return the range of a subquery that looks at each minute of a window once."""
    return f"[{to_prometheus(window - timedelta(seconds=1))}:1m]"


def per(window: timedelta) -> str:
    """Return the factor that turns events per second into events per window."""
    return number(window.total_seconds())


def scraped(project: Project, series: str, *matchers: str) -> str:
    """Select a series where it is this project's: of another job it is another team's.

    A catalogue may say that other jobs show it as well.
    """
    known = (project.series() or {}).get(series)
    jobs = sorted(known.jobs) if known else []
    job = f'job=~"{"|".join(jobs)}"' if len(jobs) > 1 else project.target
    return f"{series}{{{','.join((job, *matchers))}}}"


def of_job(selector: str, project: Project) -> str:
    """Return a selector of the project file that selects no other job's series."""
    (found,) = selectors(selector)
    if any(label == "job" for label, _, _ in found.matchers):
        return selector
    name, _, rest = selector.partition("{")
    inner = rest.rpartition("}")[0].strip().rstrip(",")
    return f"{name}{{{project.target}{f',{inner}' if inner else ''}}}"


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
