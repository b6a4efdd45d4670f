"""`sre load`: run load profiles, judge them by the objectives, and compare them."""

from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.edge.access import access, target_url
from kit.edge.outputs import check_records, check_writable
from kit.edge.records import listed
from kit.pure.errors import BadInputError
from kit.pure.exits import INTERRUPTED, Exit
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project, runs_of
from sre.answer import Answer
from sre.exits import exit_of_verdict
from sre.load_files import with_files
from sre.load_screen import (
    show_profiles,
    show_run,
    show_runs,
    show_search,
    tried_line,
)
from sre.options import CaFile, Objectives, Project, Target
from sre.run_screen import load_progress
from sre.screen import console
from synthetic.edge.load.catalogue import profile_names, read_profile_named
from synthetic.edge.load.json_views import comparison_data, line_data, search_data
from synthetic.edge.load.locustfiles import Locustfile
from synthetic.edge.load.metrics import gateway_at, watched
from synthetic.edge.load.outcome import (
    Outcome,
    baseline_for,
    run_once,
    run_search,
    with_baseline,
)
from synthetic.edge.load.remote import address_of, crew_at, work_for
from synthetic.edge.load.running import run as load_run
from synthetic.edge.load.running import run_locustfile
from synthetic.load import messages
from synthetic.load.coverage import why_not_whole
from synthetic.load.run_value import LoadRun
from synthetic.load.search import highest_that_holds
from synthetic.load.shape import Kind, Profile

Force = Annotated[bool, typer.Option(help="Compare runs that are not alike, too.")]
WEB_PORT = 8089
"""Where Locust's own pages usually are."""
_ENDED: dict[int, str] = {
    0: "done",
    messages.EXIT_NO_MASTER: "no work",
    messages.EXIT_ABANDONED: "abandoned",
}


def run(
    profile: Annotated[
        str,
        typer.Argument(help="One of the project's profiles, a .yaml file, or a locustfile (.py)."),
    ],
    target: Target = None,
    project: Project = None,
    duration: Annotated[float | None, typer.Option(help="Seconds, instead of the file's.")] = None,
    rate: Annotated[float | None, typer.Option(help="Highest rate per second.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Generator processes.")] = 1,
    remote: Annotated[
        str | None,
        typer.Option(help="Wait on this HOST:PORT for the workers: sre load worker HOST:PORT."),
    ] = None,
    users: Annotated[int, typer.Option(min=1, help="Users of a locustfile.")] = 10,
    spawn_rate: Annotated[
        float | None, typer.Option(min=0.01, help="Users that start in a second; all by default.")
    ] = None,
    web: Annotated[
        bool, typer.Option("--web", help="Serve Locust's own pages while a locustfile runs.")
    ] = False,
    objectives: Objectives = None,
    ca_file: CaFile = None,
    abort_on_fail: Annotated[
        bool, typer.Option("--abort-on-fail", help="End when an objective is missed for good.")
    ] = False,
    baseline: Annotated[
        str | None, typer.Option(help="Also compare with this run: an id, a file, or last.")
    ] = None,
    force: Force = False,
    html: Annotated[Path | None, typer.Option(help="Also write the report to this file.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML to this file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Also write Markdown to this file.")] = None,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Serve /metrics of the run here.")
    ] = None,
    push_to: Annotated[
        str | None, typer.Option(help="Push the run's metrics to this Pushgateway.")
    ] = None,
) -> Answer:
    """Send a profile's requests on an open schedule and say whether the SLOs hold.

    API keys come from SRE_API_KEYS (comma-separated, one a user), further headers from
    SRE_HEADERS. Events that the run creates are removed again. The record is kept in runs/load,
    after Ctrl-C too (exit code 130, the record says that it is partial). --json prints the record.
    """
    of = load_project(project)
    runs = runs_of(of)
    judged_by = load_objectives(objectives or Path(of.paths.objectives), of)
    located = _locustfile(profile, users, spawn_rate, duration, rate, web=web)
    wanted = located.profile(of.answers_at) if located else read_profile_named(profile, of)
    wanted = wanted if rate is None else wanted.at_rate(rate)
    before = None if baseline is None else baseline_for(baseline, wanted, runs)
    gateway = None if push_to is None else gateway_at(push_to)
    check_writable(html, junit, markdown)
    check_records("load", runs)
    options: dict[str, Any] = {"start_crew": crew_at(remote)} if remote else {}

    def warn(text: str) -> None:
        typer.echo(f"warning: {text}", err=True)

    def do(one: Profile) -> LoadRun:
        with ExitStack() as stack:
            bar = stack.enter_context(load_progress(console(to_stderr=True)))
            if located is not None:
                return run_locustfile(
                    located,
                    target_url(target, of.places.target),
                    access=access(ca_file),
                    project=of,
                    on_progress=stack.enter_context(
                        watched(bar, metrics_port, gateway, one.name, warn)
                    ),
                )
            return load_run(
                one,
                target_url(target, of.places.target),
                duration_s=duration,
                workers=workers,
                access=access(ca_file),
                project=of,
                objectives=judged_by,
                abort_on_fail=abort_on_fail,
                on_progress=stack.enter_context(
                    watched(bar, metrics_port, gateway, one.name, warn)
                ),
                **options,
            )

    if wanted.kind is Kind.SEARCH:
        done = run_search(
            wanted, do, judged_by, of, lambda one: typer.echo(tried_line(one), err=True), runs
        )
    else:
        done = run_once(wanted, do, judged_by, of, runs)
    if before is not None:
        done = with_baseline(done, before, force=force, runs=runs)
        if done.comparison is None and done.trouble is None:
            warn(f"not compared with {before['id']}: this run {why_not_whole(done.record)}")
    done = with_files(done, html=html, junit=junit, markdown=markdown)
    return answer_of(done, str(html or "") if done.trouble is None else "")


def _locustfile(
    name: str,
    users: int,
    spawn_rate: float | None,
    duration: float | None,
    rate: float | None,
    *,
    web: bool,
) -> Locustfile | None:
    """Return the locustfile that is named, None for a profile; its code is the caller's own."""
    if not name.endswith(".py"):
        if web:
            raise BadInputError(
                f"--web is for locustfiles, and {name!r} is a profile",
                hint="watch a profile with --metrics-port",
            )
        return None
    if rate is not None:
        raise BadInputError(
            "a locustfile has users and no rate", hint="give --users, or run a profile with --rate"
        )
    typer.echo(f"runs the code in {name}, which is your own (a closed model)", err=True)
    if web:
        typer.echo(f"Locust's pages: http://127.0.0.1:{WEB_PORT}", err=True)
    return Locustfile(Path(name), users, spawn_rate or users, duration, WEB_PORT if web else 0)


def worker(
    master: Annotated[str, typer.Argument(help="HOST:PORT of the run: sre load run --remote.")],
    wait: Annotated[float, typer.Option(min=1, help="Seconds to wait for the run.")] = 300,
) -> Answer:
    """Send a share of a run that another host directs; ends with the run."""
    code = work_for(*address_of(master), wait_s=wait)
    data = {"schema": "calendar-sre/load-worker/v1", "ended": _ENDED.get(code, "failed")}
    return Answer(data, lambda _out: None, code if code in _ENDED else Exit.BAD)


def list_runs(
    limit: Annotated[int, typer.Option(min=1, help="Newest so many.")] = 20,
    project: Project = None,
) -> Answer:
    """List the load runs that are kept, newest first."""
    kept = listed("load", stated=runs_of(load_project(project)))
    runs = [line_data(path, record) for path, record in islice(kept, limit)]
    data = {"schema": "calendar-sre/load-list/v1", "runs": runs}
    return Answer(data, lambda out: show_runs(out, runs))


def profiles(project: Project = None) -> Answer:
    """List the project's profiles and what each is for."""
    of = load_project(project)
    found = [read_profile_named(name, of) for name in profile_names(Path(of.paths.profiles))]
    entries = [
        {"name": p.name, "description": p.description, "duration_s": p.duration_s} for p in found
    ]
    data = {"schema": "calendar-sre/load-profiles/v1", "profiles": entries}
    return Answer(data, lambda out: show_profiles(out, found))


def answer_of(done: Outcome, report: str) -> Answer:
    """Return the record with what was found beside it: a comparison, the runs of a search."""
    more: dict[str, Any] = {}
    if done.comparison is not None:
        more["comparison"] = comparison_data(done.comparison)
    if done.tries:
        more["search"] = search_data(done.tries)
        return Answer(
            {**done.record, **more},
            lambda out: show_search(out, done.tries, highest_that_holds(done.tries)),
            Exit.HOLDS if highest_that_holds(done.tries) else Exit.BAD,
            done.trouble,
        )
    return Answer(
        {**done.record, **more},
        lambda out: show_run(out, done, report=report),
        INTERRUPTED if done.interrupted else exit_of_verdict(done.verdict),
        done.trouble,
    )
