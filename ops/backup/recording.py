"""What was done with backups, on record: `runs/backup`, which the weekly report reads.

From the records follow the two figures of a recovery plan (NIST SP 800-34): how much could be lost
at worst, and how long a restore has taken.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from kit.edge import records
from kit.pure.errors import HarnessError
from kit.pure.json_values import JsonMapping, JsonObject
from ops.backup.folder import Entry

KIND: Final = "backup"
SCHEMA: Final = "calendar-sre/backup-run/v1"
VERIFIED, TRIED, RESTORED, COMPARED = "verified", "tried", "restored", "compared"
"""Read to its end; restored for trial; restored; held against the live system."""
_BACK: Final = (RESTORED, TRIED)


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done with a backup; `good` says that all of it was as it was saved."""

    what: str
    entry: Entry
    began: datetime
    took_s: float
    documents: int
    good: bool


def keep(done: Done) -> str:
    """Write a record and return where, or why none could be kept; what was done stands."""
    manifest = done.entry.manifest
    stamp = f"{done.began:%Y%m%dT%H%M%SZ}-{os.urandom(2).hex()}"
    record = {
        "schema": SCHEMA,
        "id": f"backup-{done.what}-{stamp}",
        "started_at": done.began.isoformat(timespec="microseconds"),
        "verdict": "PASS" if done.good else "FAIL",
        "what": done.what,
        "backup": done.entry.name,
        "backup_begun_at": manifest.begun_at.isoformat() if manifest else None,
        "took_s": round(done.took_s, 3),
        "documents": done.documents,
        "size_bytes": done.entry.size_bytes,
    }
    try:
        return str(records.save(KIND, record))
    except HarnessError as err:
        return f"no record is kept: {err}"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a recovery would cost: seconds, None where nothing tells.

    `gap_s` is the longest time between two good backups, or since the newest: what is written
    then is lost with the house. `back_s` is how long the slowest of the last restores took, by
    `back_by`; `verify_s` how long reading the newest backup took.
    """

    backups: int
    newest_age_s: float | None
    gap_s: float | None
    back_s: float | None
    back_by: str
    verify_s: float | None


def recovery(begun: Sequence[datetime], kept: Iterable[JsonMapping], now: datetime) -> Recovery:
    """Return the measured figures, from when good backups were begun and from the records."""
    moments = sorted([*begun, now])
    gaps = [(after - before).total_seconds() for before, after in pairwise(moments)]
    good = [one for one in kept if one.get("verdict") == "PASS"]
    for what in _BACK:
        took = [float(one["took_s"]) for one in good if one.get("what") == what][:_LAST]
        if took:
            break
    verified = [float(one["took_s"]) for one in good if one.get("what") == VERIFIED][:1]
    return Recovery(
        backups=len(begun),
        newest_age_s=(now - max(begun)).total_seconds() if begun else None,
        gap_s=max(gaps) if begun else None,
        back_s=max(took) if took else None,
        back_by={RESTORED: "restores", TRIED: "restores for trial"}[what] if took else "",
        verify_s=verified[0] if verified else None,
    )


_LAST: Final = 5
"""So many of the newest restores are looked at: older ones had less data."""


def read_records() -> list[JsonObject]:
    """Return the records of backups, the newest first; what is none is left out."""
    found = []
    for path in sorted((records.runs_dir() / KIND).glob("*.json")):
        try:
            record = records.loaded(path)
        except HarnessError:
            continue
        if record.get("schema") == SCHEMA:
            found.append(record)
    return sorted(found, key=lambda one: str(one.get("started_at")), reverse=True)


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)
