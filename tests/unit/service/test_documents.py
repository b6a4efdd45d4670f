"""Stored events: a newer release's are read, never stripped, and refused when not understood."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.drafts import new_event
from service.errors import ProblemError
from service.store.documents import SCHEMA, document_of, event_of, update_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def kept(**more: Any) -> dict[str, Any]:
    fields = {
        "title": "Choir", "start": "2026-03-02T19:00:00", "end": None, "all_day": None,
        "timezone": "Europe/Berlin", "recurrence": "FREQ=WEEKLY", "exdates": [], "location": None,
        "attendees": ["Ana"], "description": "", "calendar": "default", "busy": True,
    }  # fmt: skip
    return document_of(new_event("ana", fields, now=NOW), series_end=NOW + timedelta(days=1)) | more


def test_a_document_carries_its_schema_and_one_without_is_of_the_first() -> None:
    assert kept()["schema"] == SCHEMA
    without = {name: value for name, value in kept().items() if name != "schema"}
    assert event_of(without).title == "Choir"


def test_what_a_newer_release_added_is_ignored_when_read_and_not_touched_when_written() -> None:
    newer = kept(schema=SCHEMA + 1, colour="green")
    event = event_of(newer)
    update = update_of(document_of(event))
    assert event.attendees == ("Ana",)
    assert update["$max"] == {"schema": SCHEMA}
    assert "schema" not in update["$set"]
    assert "colour" not in update["$set"]
    assert newer.keys() - update["$set"].keys() == {"_id", "schema", "colour"}


@pytest.mark.parametrize(
    "change",
    [
        {"timezone": {"start": "Europe/Berlin", "end": "Asia/Tokyo"}},
        {"start": {"date": "2026-03-02"}},
        {"timezone": "Mars/Olympus"},
        {"changes": ["2026-03-09"]},
        {"changes": None},
        {"changes": [{"at": "2026-03-09T19:00:00+01:00", "title": "Late", "location": None,
                      "start": "2026-03-09T20:00:00+01:00", "end": "2026-03-09T21:00:00+01:00",
                      "description": "", "colour": "green"}]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_whole_of_a_newer_release_is_a_problem_that_says_so(
    change: dict[str, Any],
) -> None:
    newer = kept(schema=SCHEMA + 1) | change
    with pytest.raises(ProblemError) as caught:
        event_of(newer)
    assert (caught.value.code, caught.value.status) == ("newer_event", 503)
    assert newer["_id"] in caught.value.detail
    assert f"schema {SCHEMA + 1}; this version knows up to {SCHEMA}" in caught.value.detail
