"""`sre check morning` and `sre check evening`: the rounds of a day."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kit.edge.outputs import check_writable
from kit.pure.errors import NotEnoughDataError
from ops.checks.rounds import check_evening, check_morning
from reports.edge import period as periods
from reports.edge.windows import choose, read_zone
from reports.period.compose import document
from reports.period.markdown import to_markdown
from reports.period.report import PeriodReport
from reports.period.window import Kind
from sre.check_options import (
    Alertmanager,
    Grafana,
    Json,
    Llm,
    Logs,
    MongoDb,
    Prometheus,
    Redis,
    Since,
    Target,
    Timeout,
    Within,
    duration,
    end,
    objectives_of,
    places_of,
)

_Zone = Annotated[str, typer.Option(envvar="SRE_TIMEZONE", help="Time zone of the day.")]


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
    within: Within = 20.0,
    as_json: Json = False,
) -> None:
    """Look at everything at once: health, monitoring, alerts, the night's figures, logs, machine.

    The figures are those of the last --since, beside the same hours of the day before.
    """
    places = places_of(
        target=target, mongodb=mongodb, redis=redis, llm=llm, prometheus=prometheus,
        alertmanager=alertmanager, grafana=grafana, logs=logs, timeout_s=timeout,
    )  # fmt: skip
    span = duration(since, "--since")
    end(check_morning(places, objectives_of(None), since=span, within_s=within), as_json=as_json)


def evening(
    prometheus: Prometheus = None,
    zone: _Zone = "UTC",
    of: Annotated[str | None, typer.Option("--of", help="Another day, such as 2026-11-21.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the day's page to this file.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Write the day's summary as Markdown to this file.")
    ] = None,
    timeout: Timeout = 3.0,
    as_json: Json = False,
) -> None:
    """Sum up the day so far: requests, waiting, errors, accuracy, cache, uptime, what fired.

    The figures and both files are those of `sre report daily`.
    """
    check_writable(html, markdown)
    places = places_of(prometheus=prometheus, timeout_s=timeout)
    now = periods.now()
    report = _report(places.prometheus, zone, of, now)
    if html is not None:
        html.write_text(periods.page(report), encoding="utf-8")
    if markdown is not None:
        markdown.write_text(to_markdown(document(report)), encoding="utf-8")
    end(check_evening(places, report), as_json=as_json)


def _report(url: str, zone: str, of: str | None, now: datetime) -> "PeriodReport":

    where = read_zone(zone)
    today = now.astimezone(where).date().isoformat()
    days = {"of": of} if of is not None else {"since": today, "until": "now"}
    window = choose(Kind.DAY, zone=where, now=now, **days)
    try:
        return periods.make(window, objectives_of(None), prometheus_url=url or None, now=now)
    except NotEnoughDataError as err:
        raise NotEnoughDataError(
            str(err), hint="give --prometheus URL, or set SRE_PROMETHEUS_URL"
        ) from err
