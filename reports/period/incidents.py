"""What incidents have left to do, by the records that `sre incident` keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kit.pure.json_values import JsonMapping
from reports.period.evidence import Evidence, Record


@dataclass(frozen=True, slots=True)
class Left:
    """One thing to do after an incident; `key` stays the same from report to report.

    `overdue_days` count from the day by which it was due, negative before and nought without one.
    """

    key: str
    incident: str
    title: str
    what: str
    owner: str
    overdue_days: int


def left_of(evidence: Evidence) -> tuple[Left, ...]:
    """Return every action that is open at the end of the window, and incidents without any."""
    today = evidence.window.end.date()
    return tuple(one for each in evidence.of_kind("incident") for one in _left(each, today))


def _left(record: Record, today: date) -> Iterator[Left]:
    title = str(record.data.get("title") or record.id)
    actions = record.data.get("actions")
    if not isinstance(actions, list):
        return  # a record from before incidents had actions
    known = [one for one in actions if isinstance(one, dict)]
    for one in known:
        if not one.get("done_at"):
            yield Left(f"incident:{record.id}:{one.get('id')}", record.id, title,
                       str(one.get("what", "an action")), str(one.get("owner") or ""),
                       _overdue(one, today))  # fmt: skip
    if record.data.get("ended_at") is None:
        yield _of_all(record, title, "Close the incident, or go on with it", "open")
    elif not known:
        what = "Agree on what changes after the incident: sre incident actions --add"
        yield _of_all(record, title, what, "learn")


def _of_all(record: Record, title: str, what: str, key: str) -> Left:
    owner = str(record.data.get("commander") or "")
    return Left(f"incident:{record.id}:{key}", record.id, title, what, owner, 0)


def _overdue(action: JsonMapping, today: date) -> int:
    try:
        return (today - date.fromisoformat(str(action.get("due")))).days
    except ValueError:
        return 0
