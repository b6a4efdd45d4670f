"""What is told to users: an incident or an announcement, with its updates, as a file has it."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from kit.pure.fields import Field
from kit.pure.file_names import file_name
from kit.pure.json_values import JsonObject
from kit.pure.moments import read_moment

SCHEMA: Final = "calendar-sre/status-notice/v1"
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 4000


class Kind(StrEnum):
    """What a notice is about."""

    INCIDENT = "incident"
    ANNOUNCEMENT = "announcement"


class Stage(StrEnum):
    """How far an incident is; an announcement is posted, and at last resolved."""

    POSTED = "posted"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Impact(StrEnum):
    """What users notice."""

    NONE = "none"
    DEGRADED = "degraded"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Update:
    """What was said at a moment (UTC); `as_is` is a text that somebody insisted on."""

    at: datetime
    stage: Stage
    text: str
    as_is: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One incident or announcement; updates are in order of time, and there is at least one.

    `components` are the ids of those it is about; empty is all of them.
    """

    id: str
    kind: Kind
    title: str
    impact: Impact
    components: tuple[str, ...]
    updates: tuple[Update, ...]
    as_is: bool = False

    @property
    def began(self) -> datetime:
        """Return when it began."""
        return self.updates[0].at

    @property
    def ended(self) -> datetime | None:
        """Return when it was resolved, None while it is open."""
        last = self.updates[-1]
        return last.at if last.stage is Stage.RESOLVED else None

    @property
    def is_open(self) -> bool:
        """Say whether it goes on."""
        return self.ended is None

    def concerns(self, component: str) -> bool:
        """Say whether it is about a component."""
        return not self.components or component in self.components


def read_notice(root: Field) -> Notice:
    """Return the notice of a loaded file; FieldError names file, field, value and fix."""
    root.need("schema", f'add `"schema": "{SCHEMA}"`').choice(SCHEMA)
    root.only("schema", "id", "kind", "title", "impact", "components", "updates", "as_is")
    updates = tuple(_update(each) for each in root.need("updates").items())
    if not updates:
        raise root.need("updates").wrong("has no element", "add what was said first")
    if any(late.at < early.at for early, late in itertools.pairwise(updates)):
        raise root.need("updates").wrong("are not in order of time", "sort them by `at`")
    listed = root.get("components")
    return Notice(
        id=file_name(root.need("id").text(), what="notice"),
        kind=root.need("kind").word(Kind),
        title=bounded(root.need("title"), LONGEST_TITLE),
        impact=root.need("impact").word(Impact),
        components=tuple(each.text() for each in listed.items()) if listed else (),
        updates=updates,
        as_is=_flag(root.get("as_is")),
    )


def _update(place: Field) -> Update:
    place.only("at", "stage", "text", "as_is")
    at = place.need("at")
    try:
        moment = read_moment(at.text())
    except ValueError as err:
        raise at.wrong(str(err), "write 2026-11-01T14:05:00Z") from err
    text = bounded(place.need("text"), LONGEST_TEXT)
    return Update(moment, place.need("stage").word(Stage), text, _flag(place.get("as_is")))


def bounded(place: Field, most: int) -> str:
    """Return a text that is not longer than a page can show."""
    text = place.text()
    if len(text) > most:
        raise place.wrong(f"is longer than {most} letters", "say it shorter")
    return text


def _flag(place: Field | None) -> bool:
    return place is not None and place.flag()


def plain(notice: Notice) -> JsonObject:
    """Return a notice as its file has it."""
    return {
        "schema": SCHEMA,
        "id": notice.id,
        "kind": str(notice.kind),
        "title": notice.title,
        "impact": str(notice.impact),
        "components": list(notice.components),
        "as_is": notice.as_is,
        "updates": [_plain(each) for each in notice.updates],
    }


def _plain(update: Update) -> Mapping[str, object]:
    return {
        "at": moment_text(update.at),
        "stage": str(update.stage),
        "text": update.text,
        "as_is": update.as_is,
    }


def moment_text(moment: datetime) -> str:
    """Return a moment in UTC as RFC 3339 has it, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
