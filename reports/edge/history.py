"""Gather every record, and write their history in every format."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from kit.edge import records
from kit.pure.errors import NotEnoughDataError
from reports.document import Chart
from reports.edge.formats import Written, write_report
from reports.edge.html_page import to_html
from reports.edge.period import records_until
from reports.history.compose import document
from reports.history.history import History, history
from reports.markdown import to_markdown

_FOR_EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


def make(kind: str) -> History:
    """Return the history of the reports of a kind; NotEnoughDataError where there is no record."""
    kept, unread = records_until(_FOR_EVER)
    found = history(kept, kind=kind, unread=unread)
    if not (found.reports or found.golden or found.loads):
        raise NotEnoughDataError(
            f"no {kind} report and no run is on record in {records.runs_dir()}",
            hint="make one with sre report weekly, sre golden run or sre load run",
        )
    return found


def write(found: History, folder: Path, formats: Sequence[str]) -> Written[History]:
    """Write the history; BadInputError for a folder that cannot be written."""
    return write_report(found, folder, formats, partial(_text, found))


def to_record(found: History) -> dict[str, Any]:
    """Return the history as plain JSON values."""
    return dict(orjson.loads(orjson.dumps(found)))


def _text(found: History, form: str) -> str:
    if form == "json":
        return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() + "\n"
    whole = document(found)
    return to_markdown(whole) if form == "md" else to_html(whole, _no_chart)


def _no_chart(chart: Chart) -> str:
    raise ValueError(f"no chart is called {chart.name!r}")
