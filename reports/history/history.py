"""Every objective by week, actions opened and closed, accuracy, load and noise, out of records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from reports.period.evidence import Json, Record

SCHEMA: Final = "calendar-sre/history/v1"
_MOST: Final = 60
_WEEK: Final = "week"


@dataclass(frozen=True, slots=True)
class Kept:
    """One objective in one report: shares between 0 and 1, None where nobody knew."""

    report: str
    objective: str
    kept: float | None
    budget_left: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to do: the report that first named it, and the one that no longer did.

    `closed` is "" while it is open, and `reports` is how many named it.
    """

    key: str
    do: str
    opened: str
    closed: str
    reports: int


@dataclass(frozen=True, slots=True)
class Golden:
    """One golden run: the share of right answers, whole and by slice."""

    id: str
    at: datetime
    commit: str
    ratio: float
    slices: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Load:
    """One load run: answers a second, latency in milliseconds and share of failures."""

    id: str
    at: datetime
    commit: str
    profile: str
    verdict: str
    per_s: float | None
    p95_ms: float | None
    failed: float | None


@dataclass(frozen=True, slots=True)
class Noise:
    """The alerts of one report: all, those that were actionable, and pages in the night."""

    report: str
    firings: int
    actionable: int
    quiet_pages: int


@dataclass(frozen=True, slots=True)
class History:
    """What the records say, oldest first; `unread` are those that could not be read."""

    schema: str
    id: str
    kind: str
    reports: tuple[str, ...]
    objectives: tuple[Kept, ...]
    actions: tuple[Todo, ...]
    golden: tuple[Golden, ...]
    loads: tuple[Load, ...]
    noise: tuple[Noise, ...]
    unread: tuple[str, ...]


def history(records: Sequence[Record], *, kind: str = _WEEK, unread: Sequence[str] = ()) -> History:
    """Return the history of the reports of a `kind`, and of all load and golden runs."""
    ordered = sorted(records, key=lambda one: (one.at, one.id))
    reports = [r for r in ordered if r.kind == "report" and r.data.get("kind") == kind][-_MOST:]
    last = reports[-1].id if reports else "none"
    return History(
        SCHEMA,
        f"history-{last}",
        kind,
        tuple(one.id for one in reports),
        tuple(_kept(one.id, row) for one in reports for row in one.data.get("promises", ())),
        _actions(reports),
        tuple(p for r in ordered if r.kind == "golden" if (p := _golden(r)) is not None)[-_MOST:],
        tuple(_load(r) for r in ordered if r.kind == "load")[-_MOST:],
        tuple(_noise(one.id, one.data.get("paging") or {}) for one in reports),
        tuple(unread),
    )


def _kept(report: str, row: Json) -> Kept:
    return Kept(
        report,
        str(row.get("display_name") or row.get("name")),
        row.get("this"),
        row.get("budget_left"),
        str(row.get("status", "")),
    )


def _actions(reports: Sequence[Record]) -> tuple[Todo, ...]:
    """Return each action once: it is closed by the first report that does not name it any more."""
    found: dict[str, Todo] = {}
    for one in reports:
        named = [*one.data.get("actions", ()), *one.data.get("further", ())]
        now = {str(action["key"]): str(action["do"]) for action in named}
        for key, held in list(found.items()):
            if key not in now and not held.closed:
                found[key] = Todo(key, held.do, held.opened, one.id, held.reports)
        for key, do in now.items():
            held_one = found.get(key)
            opened = one.id if held_one is None or held_one.closed else held_one.opened
            count = 1 if held_one is None else held_one.reports + 1
            found[key] = Todo(key, do, opened, "", count)
    return tuple(
        sorted(found.values(), key=lambda todo: (bool(todo.closed), todo.opened, todo.key))
    )


def _golden(record: Record) -> Golden | None:
    slices: Mapping[str, Any] = record.data.get("slices") or {}
    shares = {str(name): one.get("ratio") for name, one in slices.items()}
    whole = shares.pop("all", None)
    if whole is None:
        return None
    known = tuple(
        sorted((name, float(ratio)) for name, ratio in shares.items() if ratio is not None)
    )
    return Golden(record.id, record.at, _commit(record), float(whole), known)


def _load(record: Record) -> Load:
    data = record.data
    overall: Mapping[str, Any] = data.get("overall") or {}
    profile = ((data.get("config") or {}).get("profile") or {}).get("name", "")
    p95 = ((overall.get("percentiles_ms") or {}).get("p95") or {}).get("value")
    requests, failed = overall.get("requests"), overall.get("failed")
    share = failed / requests if requests and failed is not None else None
    return Load(
        record.id,
        record.at,
        _commit(record),
        str(profile),
        record.verdict or "",
        data.get("rate_per_s"),
        p95,
        share,
    )


def _commit(record: Record) -> str:
    return str(record.data.get("commit") or "unknown")


def _noise(report: str, paging: Json) -> Noise:
    alerts = paging.get("alerts") or ()
    return Noise(
        report,
        sum(int(one.get("firings", 0)) for one in alerts),
        sum(int(one.get("actionable", 0)) for one in alerts),
        int(paging.get("pages_in_quiet_hours") or 0),
    )
