"""`sre dashboards build|check|preview`: Grafana dashboards, generated, checked and drawn."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboards.boards.compose import build_boards
from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.edge.check import check_files
from dashboards.edge.files import build as build_files
from dashboards.edge.files import (
    folder_of,
    levels_of,
    outdated,
    output_of,
    read_all,
    read_exceptions,
    write,
)
from dashboards.edge.photograph import photograph
from dashboards.edge.preview import Previewed, preview_files
from dashboards.live import Limits
from dashboards.problem import Level, Problem
from dashboards.read import read_dashboard
from kit.edge.prometheus import prometheus_url
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.exits import Exit
from kit.pure.urls import masked
from kit.pure.words import counted
from slo.edge.project_file import load_project, runs_of
from sre.answer import Answer
from sre.dashboard_facts import context_of, load_facts
from sre.options import Objectives, Prometheus
from sre.options import Project as ProjectFile
from sre.screen import lines

At = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help="Look from this time (UTC), not from now.",
    ),
]
Scrape = Annotated[float, typer.Option("--scrape", min=1, help="Seconds between two scrapes.")]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Dashboards (JSON) or folders of them; the shipped ones without."),
]


def build(
    project: ProjectFile = None,
    objectives: Objectives = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the dashboards.")] = None,
    runbooks: Annotated[
        str | None, typer.Option(help="URL under which the runbook pages are found.")
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; leave with 1 when a file is outdated.")
    ] = False,
) -> Answer:
    """Write every dashboard as JSON, and the files that hand them to a Grafana."""
    ours = load_project(project)
    facts = load_facts(ours, objectives)
    built = build_boards(facts)
    folder, provision = output_of(ours, out)
    files = build_files(facts, built, runbooks=runbooks, out=folder, provision=provision)
    changed = (outdated if check_only else write)(files, folder, ours.boards)
    verb = "is outdated" if check_only else "written"
    said = [f"{path}: {verb if path in files else 'is built no longer'}" for path in changed]
    said += [f"note: left out: {one}" for one in built.left_out]
    said.append(f"{counted(len(files), 'file')}, {len(changed)} changed")
    if check_only and changed:
        said.append("the same without --check writes them: sre dashboards build")
    data = {
        "schema": "calendar-sre/dashboards-build/v1",
        "files": [str(path) for path in files],
        "changed": [str(path) for path in changed],
        "left_out": list(built.left_out),
    }
    return Answer(data, lines(said), Exit.BAD if check_only and changed else Exit.HOLDS)


def check(
    paths: Paths = None,
    project: ProjectFile = None,
    prometheus: Prometheus = None,
    objectives: Annotated[
        Path | None,
        typer.Option(help="Hold thresholds against these objectives, also of your own dashboards."),
    ] = None,
    exceptions: Annotated[
        Path | None, typer.Option(help="Declared exceptions; `.lint` beside the first path else.")
    ] = None,
    range_s: Annotated[
        float, typer.Option("--range", min=60, help="Seconds that every panel must have data in.")
    ] = 3600,
    scrape_s: Scrape = 15,
    slow_s: Annotated[
        float, typer.Option("--slow", min=0.001, help="Seconds that a query over 30 days may take.")
    ] = 1,
    at: At = None,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Check the dashboard that comes in on standard input.")
    ] = False,
) -> Answer:
    """Check dashboards by the rules of Grafana's linter and our own, and on a Prometheus.

    Folders are read to any depth. Fails on an error; a warning is against a custom, and the table
    dashboards.rules of the project file sets the level of each rule. Without a Prometheus only what
    the files say is checked, and the answer says so.
    """
    ours = load_project(project)
    given = paths or [folder_of(ours)]
    if stdin and paths:
        raise BadInputError("--stdin and paths exclude each other", hint="give one of them")
    found = (read_dashboard("stdin", sys.stdin.read()),) if stdin else read_all(given)
    context = Context()
    is_ours = not (paths or stdin)
    if is_ours or objectives is not None or project is not None:
        context = context_of(load_facts(ours, objectives))
    url = prometheus_url(prometheus)
    problems = check_files(
        found,
        context,
        read_exceptions(exceptions, given[0]),
        url=url,
        now=_moment(at),
        limits=Limits(range_s=range_s, scrape_s=scrape_s, slow_s=slow_s),
        all_alerts=is_ours,
        levels=levels_of(ours) if is_ours or project is not None else {},
    )
    asked = None if url is None else masked(url)
    if not problems:
        _refuse_nothing(found, asked)
    return _checked(found, problems, asked)


def _checked(found: Sequence[Dashboard], problems: Sequence[Problem], asked: str | None) -> Answer:
    panels = sum(len(one.panels) for one in found)
    errors = [one for one in problems if one.level is Level.ERROR]
    data = {
        "schema": "calendar-sre/dashboards-check/v1",
        "dashboards": len(found),
        "panels": panels,
        "asked": asked,
        "errors": len(errors),
        "problems": [asdict(problem) for problem in problems],
    }
    where = "by their files alone; --prometheus URL also asks the queries"
    said = (
        f"{counted(panels, 'panel')} of {counted(len(found), 'dashboard')} checked "
        f"{f'on {asked}' if asked else where}: {counted(len(problems), 'problem')}"
    )
    if len(errors) < len(problems):
        said += f", {counted(len(errors), 'error')} among them"
    return Answer(data, lines([*_texts(problems), said]), Exit.BAD if errors else Exit.HOLDS)


def _refuse_nothing(found: Sequence[Dashboard], asked: str | None) -> None:
    """Raise NotEnoughDataError where no panel was checked, or no query asked of a server."""
    panels = [panel for one in found for panel in one.panels]
    if not panels:
        names = ", ".join(one.path for one in found[:3])
        raise NotEnoughDataError(f"no panel was checked: {names} has none", hint="add panels")
    if asked is not None and not any(panel.targets for panel in panels):
        raise NotEnoughDataError(
            f"no query was asked of {asked}: none of {counted(len(panels), 'panel')} has any",
            hint="leave --prometheus out to check what the files say",
        )


def preview(
    paths: Paths = None,
    project: ProjectFile = None,
    prometheus: Prometheus = None,
    out: Annotated[Path, typer.Option(help="Folder of the pages.")] = Path("dashboards-preview"),
    range_s: Annotated[
        float, typer.Option("--range", min=60, help="Seconds to show, up to now.")
    ] = 3600,
    scrape_s: Scrape = 15,
    png: Annotated[
        list[int] | None,
        typer.Option(min=200, max=4000, help="Also take a picture this many pixels wide."),
    ] = None,
    at: At = None,
) -> Answer:
    """Draw dashboards as pages that open without a Grafana, by their own queries."""
    ours = load_project(project)
    written = preview_files(
        read_all(paths or [folder_of(ours)]),
        url=prometheus_url(prometheus) or ours.places.prometheus or "http://127.0.0.1:9090",
        out=out,
        now=_moment(at),
        range_s=range_s,
        scrape_s=scrape_s,
        stated=runs_of(ours),
    )
    pictures = photograph((one.path for one in written), png or ())
    data = {
        "schema": "calendar-sre/dashboards-preview/v1",
        "pages": [_page(one) for one in written],
        "pictures": [str(path) for path in pictures],
    }
    screen = lines([*map(_drawn, written), *map(str, pictures)])
    broken = any(one.page.broken for one in written)
    return Answer(data, screen, Exit.BAD if broken else Exit.HOLDS)


def _page(one: Previewed) -> dict[str, object]:
    return {
        "dashboard": one.dashboard,
        "path": str(one.path),
        "panels": one.page.drawn,
        "broken": one.page.broken,
        "empty": one.page.empty,
    }


def _drawn(one: Previewed) -> str:
    said = [counted(one.page.drawn, "panel")]
    said += [f"no data: {', '.join(one.page.broken)}"] if one.page.broken else []
    said += [f"empty as declared: {', '.join(one.page.empty)}"] if one.page.empty else []
    return f"{one.path}: {'; '.join(said)}"


def _texts(problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems:
        level = "" if problem.level is Level.ERROR else f"{problem.level}: "
        yield f"{problem.place()}: {level}{problem.message}"
        yield f"    {problem.hint} [{problem.rule}]"


def _moment(at: datetime | None) -> float:
    return time.time() if at is None else at.replace(tzinfo=UTC).timestamp()
