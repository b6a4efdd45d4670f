"""Keeping what an iCalendar file holds: new events are made, known ones (by UID) replaced."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from service.drafts import planned
from service.errors import ProblemError
from service.event_service import EventService
from service.interchange.entries import Entry
from service.planning.errors import PlanError
from service.planning.event import Change, Event
from service.planning.instants import moment_of, zone_of


@dataclass(slots=True)
class Imported:
    """How many events were made and replaced; which were not kept, or read otherwise, and why."""

    created: int = 0
    updated: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)


async def keep_entries(event_service: EventService, owner: str, entries: list[Entry]) -> Imported:
    """Keep each entry that can be kept."""
    result = Imported()
    known = await event_service.by_uids(owner, [entry.uid for entry in entries if entry.uid])
    for entry in entries:
        await asyncio.sleep(0)  # one that is refused waits for nothing: others have their turn
        try:
            await _keep(event_service, owner, entry, known, result)
        except PlanError as err:
            result.skipped.append({"uid": entry.uid, "reason": str(err)})
        except ProblemError as problem:
            if problem.code != "conflict":
                raise
            result.skipped.append({"uid": entry.uid, "reason": problem.detail})
    return result


async def _keep(
    event_service: EventService,
    owner: str,
    entry: Entry,
    known: Mapping[str, Event],
    result: Imported,
) -> None:
    if entry.problem:
        result.skipped.append({"uid": entry.uid, "reason": entry.problem})
        return
    fresh = await event_service.draft(owner, entry.fields)
    fresh = replace(fresh, changes=_changes(fresh, entry))
    result.warnings += entry.warnings
    old = known.get(entry.uid)
    if old is None:
        await event_service.create(fresh)
        result.created += 1
        return
    fields = {**planned(entry.fields), "changes": fresh.changes}
    await event_service.change(
        owner, old.id, lambda event, _: replace(event, **fields), version=None
    )
    result.updated += 1


def _changes(event: Event, entry: Entry) -> tuple[Change, ...]:
    if event.recurrence is None:
        return ()
    zone = zone_of(event.timezone)
    found = [
        Change(
            at=moment_of(change["at"], zone, field="recurrence-id"),
            title=change["title"],
            start=moment_of(change["start"], zone, field="dtstart"),
            end=moment_of(change["end"], zone, field="dtend"),
            location=change["location"],
            description=change["description"],
        )
        for change in entry.changes
    ]
    return tuple(change for change in found if isinstance(change.start, type(event.start)))
