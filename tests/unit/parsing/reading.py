"""What the parser's tests share: one moment to read from, and the judge of the corpus."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from service.parsing import Decision, Preferences, parse

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)  # a Wednesday
ZONE = ZoneInfo("UTC")
CORPUS = Path(__file__).parent / "corpus"


class Case(NamedTuple):
    """A phrasing of ours and what it means, seen from NOW."""

    kind: str
    text: str
    expect: dict[str, Any]

    @property
    def held_out(self) -> bool:
        """Say whether the case belongs to the half that no figure in the code was fitted on."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


def cases(kind: str = "*") -> Iterator[Case]:
    """Return the cases of the development corpus."""
    for path in sorted(CORPUS.glob(f"{kind}.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield Case(path.stem, row["text"], row["expect"])


def read(text: str, *, preferences: Preferences | None = None, now: datetime = NOW) -> Decision:
    """Parse from NOW in UTC."""
    return parse(text, now=now, zone=ZONE, preferences=preferences or Preferences())


def start(text: str) -> str | None:
    """Return the start as text: a date, or a date and time to the minute."""
    return shown(read(text).event.start)


def end(text: str) -> str | None:
    """Return the end as text."""
    return shown(read(text).event.end)


def shown(when: date | datetime | None) -> str | None:
    """Return a date or a time without its zone."""
    return None if when is None else when.isoformat()[:16]


def rule(text: str | None) -> dict[str, str]:
    """Return the parts of a rule, its lists in order and its UNTIL as a date."""
    parts = dict(part.split("=") for part in text.split(";")) if text else {}
    if "UNTIL" in parts:
        parts["UNTIL"] = parts["UNTIL"][:8]
    return {name: ",".join(sorted(value.split(","))) for name, value in parts.items()}


def time_is_right(case: Case, decision: Decision) -> bool:
    """Judge start, end and rule, as far as the case states them."""
    wanted, event = case.expect, decision.event
    if "start" in wanted:
        got = shown(event.start)
        if wanted["start"] is None or got is None:
            if got != wanted["start"]:
                return False
        elif got[: len(wanted["start"])] != wanted["start"]:
            return False
    if "end" in wanted and shown(event.end) != wanted["end"]:
        return False
    return "rrule" not in wanted or rule(event.recurrence) == rule(wanted["rrule"])


def is_right(case: Case, decision: Decision) -> bool:
    """Judge everything the case states."""
    wanted, event = case.expect, decision.event
    return (
        time_is_right(case, decision)
        and wanted.get("title", event.title).lower() == event.title.lower()
        and wanted.get("attendees", list(event.attendees)) == list(event.attendees)
        and wanted.get("location", event.location) == event.location
        and wanted.get("intent", decision.intent) == decision.intent
        and bool(decision.problems or not wanted.get("problem"))
    )
