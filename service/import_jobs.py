"""Imports that outlast a request: kept with their file, and worked on batch by batch."""

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import chain
from time import monotonic
from typing import Final, Protocol

from service.background import cancel_all
from service.compute_pool import ComputePool
from service.errors import ProblemError, UnavailableError
from service.importing import BATCH, Importer
from service.interchange.entries import File, file_of
from service.json_values import JsonObject
from service.observe.current import CURRENT, SPAN_DIGITS, TRACE_DIGITS, Trace
from service.observe.identity import new_ids
from service.observe.journal import Journal
from service.planning.errors import PlanError
from service.store.imports import ImportParts, Imports, Job

MOST_RUNNING: Final = 5
_LOOK_EVERY_S: Final = 2.0
_PAUSE_S: Final = 0.5
_MOST_LINKS: Final = 1000
_MOST_SHOWN: Final = 10_000


class OnEnd(Protocol):
    """Is told of work that has ended, with its trace and when it began on the monotonic clock."""

    def __call__(self, trace: Trace, name: str, began: float, *, failed: bool) -> None:
        """Note it."""


class ImportJobs:
    """The imports of all workers; each worker takes one at a time. `clock` is the present in UTC.

    `may_write` says whether this service writes at all now.
    """

    def __init__(
        self,
        imports: Imports,
        parts: ImportParts,
        importer: Importer,
        *,
        compute_pool: ComputePool,
        journal: Journal,
        may_write: Callable[[], bool],
        clock: Callable[[], datetime],
        on_end: OnEnd,
    ) -> None:
        self._imports, self._parts, self._importer = imports, parts, importer
        self._compute_pool, self._journal, self._clock = compute_pool, journal, clock
        self._may_write, self._holder = may_write, uuid.uuid4().hex
        self._on_end, self._ids = on_end, new_ids(TRACE_DIGITS + SPAN_DIGITS)
        self._asked_by: dict[str, str] = {}
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for imports."""
        self._task = asyncio.create_task(self._forever(), name="imports")

    async def stop(self) -> None:
        """Stop; another worker, or the next start, goes on."""
        await cancel_all([self._task])

    async def add(self, owner: str, file: bytes, total: int, *, dry_run: bool) -> Job:
        """Keep an import to be worked on; raises `rate_limited` while too many are."""
        if await self._imports.running(owner) >= MOST_RUNNING:
            detail = f"{MOST_RUNNING} imports of yours are running; wait until one is done"
            raise ProblemError("rate_limited", detail, headers={"Retry-After": "10"})
        now = self._clock()
        job = Job(uuid.uuid4().hex, owner, "running", total, BATCH, dry_run=dry_run, created_at=now)
        trace = CURRENT.get()
        if trace is not None and len(self._asked_by) < _MOST_LINKS:
            self._asked_by[job.id] = trace.trace_id + trace.span_id
        await self._imports.add(job, self._parts, file)
        self._woken.set()
        return job

    async def find(self, owner: str, job_id: str) -> tuple[Job, JsonObject]:
        """Return an import and what became of it so far."""
        job = await self._imports.find(owner, job_id)
        if job is None:
            raise ProblemError("not_found", "no import with this id")
        results = await self._parts.results(job)
        warnings = list(chain.from_iterable(one["warnings"] for one in results))
        more = sum(one.get("more", 0) for one in results)
        return job, {
            "done": min(len(results) * job.batch, job.total),
            "created": sum(one["created"] for one in results),
            "updated": sum(one["updated"] for one in results),
            "skipped": [note for one in results for note in one["skipped"]],
            "warnings": warnings[:_MOST_SHOWN],
            "more": more + max(len(warnings) - _MOST_SHOWN, 0),
        }

    async def _forever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _LOOK_EVERY_S)
            self._woken.clear()
            try:
                await self._work()
            except UnavailableError:
                await asyncio.sleep(_PAUSE_S)  # it is looked for again
            except Exception as err:  # noqa: BLE001 - whatever it is, other imports go on
                self._journal.event("ERROR", "import_failed", reason=type(err).__name__)

    async def _work(self) -> None:
        """Work on imports until there is none."""
        while self._may_write():
            job = await self._imports.take(self._holder, self._clock())
            if job is None:
                return
            await self._traced(job)

    async def _traced(self, job: Job) -> None:
        """Work on one import, in a trace of its own that is linked to the request it came with."""
        trace, began, failed = Trace.of(job.id, next(self._ids)), monotonic(), True
        trace.link = self._asked_by.pop(job.id, "")
        token = CURRENT.set(trace)
        try:
            try:
                await self._finish(job)
                failed = False
            except PlanError as err:
                await self._imports.finish(job, "failed", str(err))
        except asyncio.CancelledError:
            failed = False  # the process goes down, and another goes on with it
            raise
        finally:
            CURRENT.reset(token)
            self._on_end(trace, "import", began, failed=failed)

    async def _finish(self, job: Job) -> None:
        """Do what is left of an import, as long as it is ours."""
        file: File = await self._compute_pool.run_unhurried(
            partial(file_of, await self._parts.file(job))
        )
        batches = range(0, max(len(file.events), 1), job.batch)
        for number in range(await self._parts.done(job), len(batches)):
            if not await self._imports.hold(job, self._holder, self._clock()):
                return
            groups = file.events[batches[number] : batches[number] + job.batch]
            result = await self._importer.keep(
                job.owner, job.id, groups, dry_run=job.dry_run, unhurried=True
            )
            if number == 0:
                result.warnings[:0] = file.warnings
            await self._parts.add_result(job, number, result.limited())
        await self._imports.finish(job, "done")
        await self._parts.drop_file(job)


def shown(job: Job) -> dict[str, object]:
    """Return what is said of an import that has just been taken on."""
    return {"id": job.id, "state": job.state, "total": job.total, "dry_run": job.dry_run}
