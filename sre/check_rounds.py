"""`sre check morning` and `sre check evening`: the rounds of a day."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kit.edge.outputs import check_writable
from kit.edge.writing import write_wanted
from kit.pure.errors import NotEnoughDataError
from kit.pure.moments import local
from ops.checks.places import read_places
from ops.checks.rounds import check_evening, check_morning
from reports.edge import period as periods
from reports.edge.window_options import choose, read_zone
from reports.markdown import to_markdown
from reports.period.compose import document
from reports.period.report import PeriodReport
from reports.period.window import Kind
from slo.edge.files import SHIPPED, load_objectives
from slo.edge.project_file import SHIPPED as CALENDAR
from slo.edge.project_file import load_project
from sre.answer import Answer
from sre.check_screen import answer_of
from sre.options import (
    Alertmanager,
    Grafana,
    Llm,
    Logs,
    MongoDb,
    Prometheus,
    Redis,
    Since,
    Target,
    Timeout,
    Zone,
    span_of,
)

_Within = Annotated[float, typer.Option("--within", min=1, max=600, help="Seconds for all of it.")]


def morning(
    target: Target = None,
    mongodb: MongoDb = None,
    redis: Redis = None,
    llm: Llm = None,
    prometheus: Prometheus = None,
    alertmanager: Alertmanager = None,
    grafana: Grafana = None,
    logs: Logs = None,
    since: Since = "15h",
    timeout: Timeout = 3.0,
    within: _Within = 20.0,
) -> Answer:
    """Look at everything at once: health, monitoring, alerts, the night's figures, logs, machine.

    The figures are those of the last --since, beside the same hours of the day before.
    """
    places = read_places(
        os.environ, target=target, mongodb=mongodb, redis=redis, llm=llm, prometheus=prometheus,
        alertmanager=alertmanager, grafana=grafana, logs=logs, timeout_s=timeout,
    )  # fmt: skip
    objectives = load_objectives(SHIPPED)
    return answer_of(check_morning(places, objectives, since=span_of(since), within_s=within))


def evening(
    prometheus: Prometheus = None,
    zone: Zone = "UTC",
    of: Annotated[str | None, typer.Option("--of", help="Another day, such as 2026-11-21.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the day's page to this file.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Write the day's summary as Markdown to this file.")
    ] = None,
    timeout: Timeout = 3.0,
) -> Answer:
    """Sum up the day so far: requests, latency, errors, accuracy, cache, uptime, what fired.

    The figures and both files are those of `sre report daily`.
    """
    check_writable(html, markdown)
    places = read_places(os.environ, prometheus=prometheus, timeout_s=timeout)
    now = periods.now()
    report = _report(places.prometheus, zone, of, now)
    write_wanted(
        (html, lambda: periods.page(report)),
        (markdown, lambda: to_markdown(document(report))),
    )
    return answer_of(check_evening(places, report))


def _report(url: str, zone: str, of: str | None, now: datetime) -> PeriodReport:
    where = read_zone(zone)
    today = local(now, where).date().isoformat()
    days = {"of": of} if of is not None else {"since": today, "until": "now"}
    window = choose(Kind.DAY, zone=where, now=now, **days)
    try:
        objectives, project = load_objectives(SHIPPED), load_project(CALENDAR)
        return periods.make(window, objectives, project, prometheus_url=url or None, now=now)
    except NotEnoughDataError as err:
        raise NotEnoughDataError(
            str(err), hint="give --prometheus URL, or set SRE_PROMETHEUS_URL"
        ) from err
