"""Run a load profile against a URL: start the generators, gather, clean up, account."""

import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime

from synthetic.load.children import Crew
from synthetic.load.cleaning import remove_tagged
from synthetic.load.gathering import Gathered, gather
from synthetic.load.job import Job
from synthetic.load.progress import Cleaning, Ended, OnProgress, ignore
from synthetic.load.run_value import LoadRun, account_of, generator_of, void_reason
from synthetic.load.samples import from_bytes, in_order
from synthetic.load.shape import Profile
from synthetic.load.workload import Workload
from synthetic.target import Access, check_ready, normalised

NO_ACCESS = Access()


class LoadInterrupted(KeyboardInterrupt):
    """Ctrl-C in the middle; `run` is what had been measured until then, labelled as partial."""

    def __init__(self, partial: LoadRun) -> None:
        super().__init__("the load run was interrupted")
        self.run = partial


def run(
    profile: Profile,
    target_url: str,
    *,
    duration_s: float | None = None,
    workers: int = 1,
    access: Access = NO_ACCESS,
    on_progress: OnProgress = ignore,
) -> LoadRun:
    """Send what `profile` says to `target_url` and return everything that was measured.

    Raises BadInputError or UnreachableError before anything is sent when the target is no fit
    target; NotEnoughDataError when a generator dies; LoadInterrupted on Ctrl-C. Whatever ends
    it, no generator process is left and the events it created are removed.
    """
    profile = profile if duration_s is None else profile.lasting(duration_s)
    url = normalised(target_url)
    check_ready(url, access=access, path=profile.ready_path)
    token = secrets.token_hex(4)
    jobs = [
        Job(
            profile, url, f"[load-{token}]", n, workers, access.keys, access.headers, access.ca_file
        )
        for n in range(workers)
    ]
    started_at, began = datetime.now(UTC), time.monotonic()
    gathered, interrupted, removed = Gathered(), False, 0
    try:
        with Crew(jobs) as crew:
            gather(crew, profile, url, gathered, on_progress)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        if profile.mix:
            on_progress(Cleaning(jobs[0].tag))
            removed = remove_tagged(url, jobs[0].tag, access=access)
    result = replace(
        _result(jobs, gathered),
        id=f"{started_at:%Y%m%dT%H%M%S}-{profile.name}-{token[:4]}",
        started_at=started_at,
        wall_s=time.monotonic() - began,
        removed_events=removed,
        interrupted=interrupted,
    )
    on_progress(Ended(len(result.samples), removed))
    if interrupted:
        raise LoadInterrupted(result)
    return result


def _result(jobs: list[Job], gathered: Gathered) -> LoadRun:
    """Return the run as far as the samples and the generators' own accounts tell it."""
    job = jobs[0]
    samples = in_order(from_bytes(gathered.data))
    ends = gathered.accounts
    scheduled = sum(int(end["scheduled"]) for end in ends)
    sent = sum(int(end["sent"]) for end in ends)
    account = account_of(samples, scheduled=scheduled, sent=sent)
    generator = generator_of(
        samples,
        cpu_s=sum(float(end["cpu_s"]) for end in ends),
        wall_s=max((float(end["wall_s"]) for end in ends), default=0.0),
        workers=len(jobs),
    )
    return LoadRun(
        id="",
        started_at=datetime.min.replace(tzinfo=UTC),
        profile=job.profile,
        target_url=job.target_url,
        routes=tuple(Workload(job.profile, tag=job.tag).routes),
        account=account,
        generator=generator,
        wall_s=0.0,
        interrupted=False,
        removed_events=0,
        void_reason=void_reason(job.profile, account, generator),
        samples=samples,
    )
