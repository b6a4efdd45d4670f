"""One load run: start, gather, cross-check, clean up, account."""

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from kit.edge.target import Access
from slo.project.project import Paths, Project
from slo.project.roles import Roles
from synthetic.edge.load.children import Crew
from synthetic.edge.load.cleaning import Cleaned, clear_cache, remove_left, remove_tagged
from synthetic.edge.load.gathering import Gathered, Generators, gather
from synthetic.edge.load.target_state import NONE_SHOWN, read_counts, read_health
from synthetic.load.counting import Judged
from synthetic.load.coverage import planned_for, shortfall
from synthetic.load.crosscheck import Counts, cross_check
from synthetic.load.health import Health
from synthetic.load.job import Job
from synthetic.load.live import Live
from synthetic.load.progress import Cleaning, Ended, OnProgress
from synthetic.load.run_value import LoadRun, account_of, generator_of, void_reason
from synthetic.load.samples import from_gathered, sent_only
from synthetic.load.shape import Profile, Stage
from synthetic.load.watch import Watch
from synthetic.load.workload import Workload

NO_ACCESS = Access()
UNKNOWN = Project("", "service", "Service", "service", Paths("", "", "", ""), Roles())
"""A target of which nothing is known: its metrics are not compared, its objectives not judged."""
StartCrew = Callable[[Sequence[Job]], AbstractContextManager[Generators]]


class LoadInterrupted(KeyboardInterrupt):
    """Ctrl-C in the middle; `run` is what had been measured until then, labelled as partial."""

    def __init__(self, partial: LoadRun) -> None:
        super().__init__("the load run was interrupted")
        self.run = partial


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is done, besides its profile.

    `objectives` are watched while it goes; with `abort_on_fail` it ends as soon as one of them
    is broken for good. `start_crew` starts the generators: here by default, or on other hosts.
    With `other_url` two targets are asked in turns of `turn_s`.
    """

    workers: int = 1
    access: Access = NO_ACCESS
    project: Project = UNKNOWN
    objectives: tuple[Judged, ...] = ()
    abort_on_fail: bool = False
    start_crew: StartCrew = Crew
    other_url: str | None = None
    turn_s: float = 1.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the target says of itself at one moment: its counts (or why not), its health."""

    counts: Counts | str
    health: Health | None


class OneRun:
    """One run from its look at the target before to the one after."""

    def __init__(
        self, profile: Profile, url: str, options: Options, on_progress: OnProgress
    ) -> None:
        self._profile, self._url = profile, url
        self._options, self._on_progress = options, on_progress
        self._token = secrets.token_hex(4)
        self._jobs = self._all_jobs()
        self._gathered = Gathered()
        routes = tuple(Workload(profile, tag=self._jobs[0].tag).routes)
        self._routes = routes * len(self._jobs[0].urls)

    def result(self) -> LoadRun:
        """Do it and return what was measured; LoadInterrupted on Ctrl-C."""
        started_at, began = datetime.now(UTC), time.monotonic()
        if self._profile.clear_cache and self._profile.reset is not None:
            for url in self._jobs[0].urls:
                clear_cache(url, self._profile.reset, access=self._options.access)
        before = self._look()
        try:
            interrupted = self._send()
        finally:
            after, cleaned = self._look(), self._clean()
        found = replace(
            self._measured(before.counts, after.counts, interrupted=interrupted),
            id=f"{started_at:%Y%m%dT%H%M%S}-{self._profile.name}-{self._token[:4]}",
            token=self._token,
            started_at=started_at,
            wall_s=time.monotonic() - began,
            removed_events=cleaned.removed,
            cleaning_problem=cleaned.problem,
            health_before=before.health,
            health_after=after.health,
        )
        self._on_progress(Ended(len(found.samples), cleaned.removed))
        if interrupted:
            raise LoadInterrupted(found)
        return found

    def _send(self) -> bool:
        """Send everything and gather it; return whether a person ended it."""
        options, profile = self._options, self._profile
        gathered, tell = self._gathered, self._on_progress
        watch = Watch(
            profile, options.objectives, self._routes, abort_on_fail=options.abort_on_fail
        )
        live = Live(options.objectives, self._routes)
        try:
            with options.start_crew(self._jobs) as crew:
                gather(crew, profile, self._url, gathered, tell, live=live, watch=watch)
        except KeyboardInterrupt:
            return True
        return False

    def _look(self) -> _Seen:
        access, project = self._options.access, self._options.project
        return _Seen(
            read_counts(self._url, project, access=access),
            read_health(self._url, project.health, access=access),
        )

    def _all_jobs(self) -> list[Job]:
        access, workers = self._options.access, self._options.workers
        return [
            Job(
                self._profile,
                self._url,
                f"[load-{self._token}]",
                number,
                workers,
                access.keys,
                access.headers,
                access.ca_file,
                self._options.other_url,
                self._options.turn_s,
                self._token,
            )
            for number in range(workers)
        ]

    def _as_it_was(self, gathered: Gathered) -> None:
        """Take the rows and the length of a run that only its end tells: a locustfile's."""
        for end in gathered.accounts:
            if "routes" in end:
                self._routes = tuple(end["routes"])
                seconds = max(float(end["wall_s"]), 1e-3)
                rate = float(end["sent"]) / seconds
                self._profile = replace(self._profile, stages=(Stage(seconds, rate, rate),))

    def _clean(self) -> Cleaned:
        if not self._profile.sweep and not self._profile.clean:
            return Cleaned(0)
        self._on_progress(Cleaning(self._jobs[0].tag))
        parts = zip(self._jobs[0].urls, ("left", "left_at_other"), strict=False)
        found = [self._clean_at(url, key) for url, key in parts]
        problems = "; ".join(one.problem for one in found if one.problem)
        return Cleaned(sum(one.removed for one in found), problems or None)

    def _clean_at(self, url: str, key: str) -> Cleaned:
        access = self._options.access
        if self._profile.clean:
            left = [one for account in self._gathered.accounts for one in account.get(key, ())]
            return remove_left(url, self._profile.clean, left, access=access)
        return remove_tagged(url, self._jobs[0].tag, self._profile.sweep, access=access)

    def _measured(self, before: Counts | str, after: Counts | str, *, interrupted: bool) -> LoadRun:
        """Return the run as far as the samples and the generators' own accounts tell it."""
        job, gathered = self._jobs[0], self._gathered
        self._as_it_was(gathered)
        samples, ends = from_gathered(gathered.data), gathered.accounts
        gathered.data = bytearray()
        silent = samples[~np.isin(samples["worker"], [end["worker"] for end in ends])]
        account = account_of(
            samples,
            scheduled=sum(int(end["scheduled"]) for end in ends) + len(silent),
            sent=sum(int(end["sent"]) for end in ends) + len(sent_only(silent)),
            retried=sum(int(end["retried"]) for end in ends),
        )
        planned = planned_for(job.profile, len(self._jobs))
        ended = interrupted or gathered.stopped is not None
        short = None if ended else shortfall(planned, account.scheduled)
        used = [(float(end["cpu_s"]), float(end["wall_s"])) for end in ends]
        generator = generator_of(samples, used, len(self._jobs))
        seeded = sum(int(end["seeded"]) for end in ends)
        return LoadRun(
            id="",
            started_at=datetime.min.replace(tzinfo=UTC),
            profile=self._profile,
            target_url=job.target_url,
            routes=self._routes,
            account=account,
            generator=generator,
            wall_s=0.0,
            interrupted=interrupted,
            removed_events=0,
            void_reason=void_reason(job.profile, account, generator, gathered.lost) or short,
            samples=samples,
            planned=planned,
            stopped_early=gathered.stopped,
            cross_check=None
            if NONE_SHOWN in (before, after)
            else cross_check(
                before,
                after,
                samples,
                self._routes,
                self._options.project.roles,
                besides=_seeded(self._profile, seeded),
            ),
        )


def _seeded(profile: Profile, count: int) -> dict[str, int]:
    """Return how many requests came before the schedule, by their row."""
    one = profile.seed_request
    return {one.label: count} if one is not None and count else {}
