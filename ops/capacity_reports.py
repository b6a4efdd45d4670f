"""Gather what a capacity report needs, and write it in every format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import orjson

from ops import records
from ops.prometheus import connect
from reports.capacity.compose import document, draw
from reports.capacity.report import CapacityReport, capacity_report, queries
from reports.period.evidence import Record, read_record
from reports.period.markdown import to_markdown
from reports.period.page import to_html
from reports.period.series import Answer
from slo.errors import BadInputError, NotEnoughDataError, UnreachableError

FORMATS: Final = ("html", "md", "json")
_MOST_RUNS: Final = 200


@dataclass(frozen=True, slots=True)
class WrittenCapacity:
    """A report and the files that hold it, one a format."""

    report: CapacityReport
    files: dict[str, Path]


def make(*, prometheus_url: str | None, now: datetime, zone: ZoneInfo) -> CapacityReport:
    """Return the report as of `now`.

    Raises UnreachableError when Prometheus does not answer and no load run is kept, and
    NotEnoughDataError when there is neither.
    """
    loads = _loads()
    answers: dict[str, Answer] = {}
    trouble = None
    if prometheus_url is not None:
        try:
            with connect(prometheus_url) as prometheus:
                answers = prometheus.answers(queries(now))
        except UnreachableError as err:
            if not loads:
                raise
            trouble = str(err)
    elif not loads:
        raise NotEnoughDataError(
            f"no Prometheus is configured and no load run is kept in {records.runs_dir()}",
            hint="give --prometheus URL, and make a climb with sre load run stress",
        )
    return capacity_report(answers, loads, end=now, zone=zone, trouble=trouble)


def write(report: CapacityReport, folder: Path, formats: Sequence[str]) -> WrittenCapacity:
    """Write the report; raises BadInputError for an unknown format or a bad folder."""
    if unknown := [one for one in formats if one not in FORMATS]:
        raise BadInputError(f"no format is called {unknown[0]!r}", hint=f"use {', '.join(FORMATS)}")
    files = {one: folder / f"{report.id}.{one}" for one in FORMATS if one in formats}
    for one, path in files.items():
        records.write_whole(path, _text(one, report))
    return WrittenCapacity(report, files)


def to_json(report: CapacityReport) -> str:
    """Return the report as JSON; equal reports give equal bytes."""
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n"


def _text(form: str, report: CapacityReport) -> str:
    if form == "json":
        return to_json(report)
    whole = document(report)
    return to_markdown(whole) if form == "md" else to_html(whole, partial(draw, report=report))


def _loads() -> tuple[Record, ...]:
    found = (read_record("load", data) for _, data in islice(records.listed("load"), _MOST_RUNS))
    return tuple(record for record in found if record is not None)
