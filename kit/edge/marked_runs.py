"""Which load runs are on record, for marking them beside what the service did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kit.edge import records


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """One run: when it was (in UTC), which profile, and its verdict on the objectives."""

    identity: str
    profile: str
    verdict: str
    begun: datetime
    ended: datetime


def marked_runs(stated: Path | None = None) -> Iterator[MarkedRun]:
    """Yield the runs on record, newest first; `stated` is where a project keeps them."""
    for _, record in records.listed("load", stated=stated):
        begun = datetime.fromisoformat(record["started_at"]).astimezone(UTC)
        config = record["config"]
        yield MarkedRun(
            str(record["id"]),
            str(config["profile"]["name"]),
            str(record["verdict"]),
            begun,
            begun + timedelta(seconds=float(config["duration_s"])),
        )
