"""What kept requests slow in a window, in sentences for a report."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from traces.choosing import between
from traces.edge.files import NAME, read
from traces.slow import slow_of
from traces.telling import finding

_MOST: Final = 5


def slow_in(
    logs: Sequence[Path] | None, start: datetime, end: datetime, before: datetime
) -> tuple[str, ...]:
    """Return a sentence for each slow route, the worst first, and what could not be read.

    `before` is when the time begins that it is compared with. Without `logs` CALENDAR_LOG_DIR is
    looked at, if traces were kept there.
    """
    where = os.environ.get("CALENDAR_LOG_DIR")
    folders = [*(logs or ())]
    if not folders and where and (Path(where) / NAME).is_file():
        folders = [Path(where)]
    if not folders:
        return ()
    reading = read(folders, since=before)
    found = slow_of(between(reading.traces, start, end), between(reading.traces, before, start))
    return (*(finding(each) for each in found.findings[:_MOST]), *reading.notes())
