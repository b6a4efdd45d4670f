"""What this machine's files tell: deploys of alert rules, and runs of load, golden set, drills."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from alerts.edge.store import Store
from kit.edge import records
from kit.pure.errors import BadInputError
from ops.incidents.evidence.part import Window
from ops.incidents.timeline.entry import Entry, Kind


def deploys(folder: Path, window: Window) -> list[Entry]:
    """Return the deploys of alert rules to a folder; BadInputError when there is no such folder."""
    if not folder.is_dir():
        raise BadInputError(f"no folder {folder}", hint="name the folder that rule_files points to")
    found = []
    for each in Store(folder).history():
        at = datetime.fromisoformat(each.when).astimezone(UTC)
        what = f"{each.identity} by {each.who}, commit {each.commit}"
        found.append(Entry(at, Kind.RULES_DEPLOYED, what, "deploy history"))
    return [entry for entry in found if window.since <= entry.at <= window.until]


def runs(window: Window) -> list[Entry]:
    """Return the runs of load, golden set and drills that began in the window."""
    return [entry for kind in records.KINDS for entry in _of_kind(kind, window)]


def _of_kind(kind: str, window: Window) -> Iterator[Entry]:
    for _, record in records.listed(kind):
        at = datetime.fromisoformat(record["started_at"]).astimezone(UTC)
        if window.since <= at <= window.until:
            what = f"{kind} run {record['id']}: {record['verdict']}"
            yield Entry(at, Kind.RUN, what, "run record", record["id"])
