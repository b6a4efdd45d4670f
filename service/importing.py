"""Keeping what an iCalendar file holds: new events are made, known ones (by UID) replaced."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from service.compute_pool import ComputePool
from service.errors import ProblemError
from service.event_service import EventService, series_end_of
from service.incoming import changes_of, event_of
from service.interchange import values
from service.interchange.entries import Entry, Found, entry_of
from service.interchange.lines import own_lines
from service.json_values import JsonObject
from service.observe.parts import Part
from service.planning.errors import PlanError
from service.planning.event import Event, Written
from service.planning.instants import instant_of
from service.planning.work import MOST_STEPS, Steps, Work, too_much

BATCH: Final = 50
MOST_WARNINGS: Final = 2000
"""Of one batch, or one small file."""
_AT_ONCE: Final = 10
Group = tuple[str, tuple[Found, ...]]
Notes = list[dict[str, str]]


@dataclass(slots=True)
class Imported:
    """How many events were made and replaced; which were not kept, or read otherwise, and why."""

    created: int = 0
    updated: int = 0
    skipped: Notes = field(default_factory=list)
    warnings: Notes = field(default_factory=list)

    def add(self, other: "Imported") -> None:
        """Add what became of others."""
        self.created += other.created
        self.updated += other.updated
        self.skipped += other.skipped
        self.warnings += other.warnings

    def limited(self) -> JsonObject:
        """Return it as a document, with as many warnings as anybody reads, and how many `more`."""
        return {
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "warnings": self.warnings[:MOST_WARNINGS],
            "more": max(len(self.warnings) - MOST_WARNINGS, 0),
        }


@dataclass(frozen=True, slots=True)
class Read:
    """An entry, and its event and when its series ends, where it can be kept."""

    entry: Entry
    event: Event | None = None
    end: datetime | None = None


class Importer:
    """Keeps the events of a file, some at a time. `origin` names the import that they are of."""

    def __init__(self, event_service: EventService, compute_pool: ComputePool) -> None:
        self._event_service, self._compute_pool = event_service, compute_pool

    async def keep(
        self,
        owner: str,
        origin: str,
        groups: Sequence[Group],
        *,
        dry_run: bool,
        unhurried: bool = False,
    ) -> Imported:
        """Keep each event that can be kept; done again it changes nothing more.

        With `dry_run` nothing is kept, and the result is what it would be. An `unhurried` one has
        no deadline, but each of its events a measure of work, as everywhere.
        """
        with Part("import", "import batch"):
            return await self._kept(owner, origin, groups, dry_run=dry_run, unhurried=unhurried)

    async def _kept(
        self, owner: str, origin: str, groups: Sequence[Group], *, dry_run: bool, unhurried: bool
    ) -> Imported:
        now = self._event_service.now()
        run = self._compute_pool.run_unhurried if unhurried else self._compute_pool.run_in_thread
        read = await run(
            lambda work: [_read_one(group, owner, origin, now, work) for group in groups]
        )
        result = Imported()
        uids = [one.entry.uid for one in read if not one.entry.problem]
        known = await self._event_service.by_uids(owner, uids)
        fresh: list[Read] = []
        replaced: list[tuple[Read, Event]] = []
        for one in read:
            old = known.get(one.entry.uid)
            if one.event is None:
                result.skipped.append({"uid": one.entry.uid, "reason": one.entry.problem})
                continue
            if old is not None and _is_older(one.entry, old):
                reason = f"SEQUENCE {one.entry.sequence} is older than the one that is kept"
                result.skipped.append({"uid": one.entry.uid, "reason": reason})
                continue
            result.warnings += one.entry.warnings
            if old is None or old.id == one.event.id:
                result.created += 1
                fresh += [one] if old is None else []
                continue
            result.updated += 1
            replaced.append((one, old))
        if not dry_run:
            await self._create(fresh, result)
            for begin in range(0, len(replaced), _AT_ONCE):
                some = replaced[begin : begin + _AT_ONCE]
                await asyncio.gather(*(self._update(one, old, result) for one, old in some))
        return result

    async def _create(self, fresh: list[Read], result: Imported) -> None:
        events = [(one.event, one.end) for one in fresh if one.event is not None]
        for event in await self._event_service.create_all(events):
            result.created -= 1
            reason = "an event with this UID exists already"
            result.skipped.append({"uid": event.uid, "reason": reason})

    async def _update(self, one: Read, old: Event, result: Imported) -> None:
        def edit(event: Event, work: Work) -> Event:
            if one.entry.alone and event.is_series:
                return _with_changes(event, one.entry, work)
            return _replaced(event, one.event or event)

        try:
            await self._event_service.change(old.owner, old.id, edit, versions=None, align=False)
        except (PlanError, ProblemError) as err:
            if isinstance(err, ProblemError) and err.code not in {"conflict", "not_found"}:
                raise
            result.updated -= 1
            result.skipped.append({"uid": old.uid, "reason": str(err)})


def _read_one(group: Group, owner: str, origin: str, now: datetime, work: Work) -> Read:
    own = Steps(MOST_STEPS, lambda: too_much("invalid_recurrence"))

    def count(steps: int) -> None:
        own(steps)
        work(steps)

    entry = entry_of(*group, count)
    if entry.problem:
        return Read(entry)
    try:
        event = event_of(entry, owner, origin=origin, now=now, work=count)
        return Read(entry, event, series_end_of(event, count))
    except PlanError as err:
        entry.problem = str(err)
        return Read(entry)


def _is_older(entry: Entry, old: Event) -> bool:
    """Return whether an entry is of an earlier revision than the file that an event came from."""
    if old.written is None or entry.alone:
        return False
    return entry.sequence < sequence_of(old.written)


def sequence_of(written: Written) -> int:
    """Return the number of the revision that a file has."""
    return values.sequence(own_lines(written.lines))


def _replaced(old: Event, new: Event) -> Event:
    """Return a kept event with all that a file says of it."""
    version = old.version + 1
    written = new.written and replace(new.written, version=version)
    return replace(
        new, id=old.id, owner=old.owner, version=old.version, created_at=old.created_at,
        updated_at=old.updated_at, written=written,
    )  # fmt: skip


def _with_changes(event: Event, entry: Entry, work: Work) -> Event:
    """Return a kept series with the single occurrences that a file has of it."""
    series = replace(entry, alone=False)
    changes = tuple(changes_of(event, series, work))
    named = {instant_of(change.at) for change in changes}
    others = tuple(change for change in event.changes if instant_of(change.at) not in named)
    return replace(event, changes=(*others, *changes))
