"""Run a load profile, or a locustfile, against a URL, or two URLs in turns."""

from collections.abc import Sequence

from kit.edge.target import Access, addressed, check_ready
from kit.pure.errors import BadInputError
from slo.objective import Objective
from slo.project.project import Project
from synthetic.edge.load.children import Crew
from synthetic.edge.load.locustfiles import LocustCrew, Locustfile
from synthetic.edge.load.one_run import NO_ACCESS, UNKNOWN, OneRun, Options, StartCrew
from synthetic.load.counting import asked_of, measurable
from synthetic.load.progress import OnProgress, ignore
from synthetic.load.run_value import LoadRun
from synthetic.load.shape import MAX_WORKERS, Profile


def run(
    profile: Profile,
    target_url: str,
    *,
    duration_s: float | None = None,
    workers: int = 1,
    access: Access = NO_ACCESS,
    project: Project = UNKNOWN,
    objectives: Sequence[Objective] = (),
    abort_on_fail: bool = False,
    start_crew: StartCrew = Crew,
    on_progress: OnProgress = ignore,
) -> LoadRun:
    """Send what `profile` says to `target_url` and return everything that was measured.

    Raises BadInputError or UnreachableError before anything is sent when the target is no fit
    target; NotEnoughDataError when no generator lives; LoadInterrupted on Ctrl-C. Whatever ends
    it, no generator process is left and the events it created are removed.
    """
    profile = _sane(profile, duration_s, workers)
    url, access = addressed(target_url, access)
    check_ready(url, access=access, path=profile.ready_path)
    watched = measurable(asked_of(profile, objectives), project)
    options = Options(workers, access, project, watched, abort_on_fail, start_crew)
    return OneRun(profile, url, options, on_progress).result()


def run_in_turns(
    profile: Profile,
    urls: tuple[str, str],
    *,
    turn_s: float,
    duration_s: float | None = None,
    access: Access = NO_ACCESS,
    on_progress: OnProgress = ignore,
) -> LoadRun:
    """Send a profile to two targets in turns; the run's routes are those of A, then those of B.

    Raises what `run` raises.
    """
    profile = _sane(profile, duration_s, 1)
    (first, both), (other, of_other) = (addressed(url, access) for url in urls)
    if both != of_other:
        raise BadInputError(
            "the two targets have different credentials in their addresses",
            hint="give what both accept as SRE_API_KEYS or SRE_HEADERS",
        )
    for url in (first, other):
        check_ready(url, access=both, path=profile.ready_path)
    options = Options(1, both, other_url=other, turn_s=turn_s)
    return OneRun(profile, first, options, on_progress).result()


def run_locustfile(
    of: Locustfile,
    target_url: str,
    *,
    access: Access = NO_ACCESS,
    project: Project = UNKNOWN,
    on_progress: OnProgress = ignore,
) -> LoadRun:
    """Run somebody's locustfile as it is and return everything that was measured.

    Its rows are the names that Locust gives its requests. Raises what `run` raises, and
    BadInputError where its code cannot be loaded.
    """
    profile = of.profile(project.answers_at)
    of.check_port()
    url, access = addressed(target_url, access)
    check_ready(url, access=access, path=profile.ready_path)
    options = Options(1, access, project, start_crew=lambda jobs: LocustCrew(jobs, of))
    return OneRun(profile, url, options, on_progress).result()


def _sane(profile: Profile, duration_s: float | None, workers: int) -> Profile:
    profile = (profile if duration_s is None else profile.lasting(duration_s)).of_sane_size()
    if not 1 <= workers <= MAX_WORKERS:
        raise BadInputError(f"a run of {workers:,} workers", hint=f"use 1 to {MAX_WORKERS}")
    return profile
