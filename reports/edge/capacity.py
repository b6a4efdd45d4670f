"""Gather what a capacity report needs, and write it in every format."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from kit.edge import records
from kit.edge.prometheus import connect
from kit.pure.answers import Answer
from kit.pure.errors import NotEnoughDataError, UnreachableError
from reports.capacity.compose import document
from reports.capacity.report import CapacityReport, capacity_report, queries
from reports.edge.capacity_charts import draw
from reports.edge.formats import Written, write_report
from reports.edge.html_page import to_html
from reports.markdown import to_markdown
from reports.period.evidence import Record, read_record
from slo.project.project import Project

_MOST_RUNS: Final = 200


def make(
    project: Project, *, prometheus_url: str | None, now: datetime, zone: ZoneInfo
) -> CapacityReport:
    """Return the report as of `now`.

    Raises UnreachableError when Prometheus does not answer and no load run is kept, and
    NotEnoughDataError when there is neither.
    """
    unread: list[str] = []
    loads = _loads(unread)
    answers: dict[str, Answer] = {}
    trouble = None
    if prometheus_url is not None:
        try:
            with connect(prometheus_url) as prometheus:
                answers = prometheus.answers(queries(now, project))
        except UnreachableError as err:
            if not loads:
                raise
            trouble = str(err)
    elif not loads:
        raise NotEnoughDataError(
            f"no Prometheus is configured and no load run is kept in {records.runs_dir()}",
            hint="give --prometheus URL, and make a climb with sre load run stress",
        )
    troubles = [*unread, *([trouble] if trouble else [])]
    return capacity_report(answers, loads, end=now, zone=zone, troubles=troubles)


def write(report: CapacityReport, folder: Path, formats: Sequence[str]) -> Written[CapacityReport]:
    """Write the report; raises BadInputError for a folder that cannot be written."""
    return write_report(report, folder, formats, partial(_text, report))


def to_json(report: CapacityReport) -> str:
    """Return the report as JSON; equal reports give equal bytes."""
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n"


def to_record(report: CapacityReport) -> dict[str, Any]:
    """Return the report as plain JSON values."""
    return dict(orjson.loads(orjson.dumps(report)))


def _text(report: CapacityReport, form: str) -> str:
    if form == "json":
        return to_json(report)
    whole = document(report)
    return to_markdown(whole) if form == "md" else to_html(whole, partial(draw, report=report))


def _loads(unread: list[str]) -> tuple[Record, ...]:
    listed = islice(records.listed("load", unread.append), _MOST_RUNS)
    found = (read_record("load", data) for _, data in listed)
    return tuple(record for record in found if record is not None)
