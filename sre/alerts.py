"""`sre alerts build|test`: from objectives to rules that can be trusted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from alerts.build import project_rules_path
from alerts.edge.behaviour import Watched, verify, watched_rules
from alerts.edge.behaviour_files import behaviour_of, built
from alerts.edge.blessing import blessed
from alerts.edge.generated import Where, generated, is_shipped, output_of
from alerts.edge.mutating import mutate_all
from alerts.edge.own_cases import cases_file, expected_path
from alerts.edge.shipped import refuse_others, stale, write
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.exits import Exit
from kit.pure.fields import closest
from kit.pure.words import counted
from slo.edge.project_file import load_project
from slo.project.project import Project as Described
from sre.answer import Answer
from sre.options import Project
from sre.screen import console, lines

_OBJECTIVES = typer.Option(
    "--objectives", help="An OpenSLO file or folder; the shipped by default."
)


def build(
    objectives: Annotated[Path | None, _OBJECTIVES] = None,
    out: Annotated[Path | None, typer.Option(help="Write below this folder instead.")] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when files are not current.")
    ] = False,
    runbooks_url: Annotated[str | None, typer.Option(help="Where the runbook pages are.")] = None,
    dashboards_url: Annotated[str | None, typer.Option(help="Where Grafana is.")] = None,
    receivers: Annotated[Path | None, typer.Option(help="Who is notified; a YAML file.")] = None,
    project: Project = None,
) -> Answer:
    """Write the rules, and the runbook page of each alert, from the objectives."""
    about = load_project(project)
    made = generated(about, Where(objectives, runbooks_url, dashboards_url, receivers))
    files, home = made.texts, out or output_of(about)
    shipped = project_rules_path(about)
    refuse_others(files, home, about.name)
    changed = stale(files, home) if check_only else write(files, home, shipped)
    verb = "not current" if check_only else "written"
    said = [f"{verb}: {home / path}" for path in changed]
    said.append(f"{counted(len(files), 'file')}, {len(changed)} {verb}")
    said += [f"note: left out: {each}" for each in made.left_out]
    if check_only and changed:
        said.append("the same without --check writes them: sre alerts build")
    data = {
        "schema": "calendar-sre/alerts-build/v1",
        "files": len(files),
        "changed": list(changed),
        "left_out": list(made.left_out),
    }
    return Answer(data, lines(said), Exit.BAD if check_only and changed else Exit.HOLDS)


def behave(
    folder: Annotated[
        Path | None, typer.Argument(help="What `sre alerts build --out` wrote; else the shipped.")
    ] = None,
    bless: Annotated[
        bool, typer.Option("--bless", help="Note what the rules do now as what they should do.")
    ] = False,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Change each rule in every place; all must be noticed.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only alerts of this name.")] = None,
    project: Project = None,
) -> Answer:
    """Run the behaviour tests of every rule through promtool."""
    about = load_project(project)
    if bless:
        return _bless(about, folder, only or [])
    chosen = _chosen(about, folder, only or [])
    if not chosen:
        raise NotEnoughDataError(
            f"there is no rule to test in {folder or 'what is shipped'}",
            hint="run `sre alerts build` again",
        )
    if mutate:
        return _mutate(chosen)
    bad = verify(chosen)
    said = f"{len(chosen) - len(bad)} of {counted(len(chosen), 'rule')} do what their tests say"
    return _tested(bad, said, Exit.BAD if bad else Exit.HOLDS)


def _bless(about: Described, folder: Path | None, only: Sequence[str]) -> Answer:
    if folder is not None:
        raise BadInputError(
            f"the tests in {folder} follow from its rules", hint="run `sre alerts build` again"
        )
    alerts = blessed(behaviour_of(about), only, expected_path(about))
    data = {"schema": "calendar-sre/alerts-bless/v1", "written": alerts}
    return Answer(data, lines(f"written: {alert}" for alert in alerts))


def _chosen(about: Described, folder: Path | None, only: Sequence[str]) -> list[Watched]:
    """Return the rules of these names with their tests, or all: built in a folder, or shipped."""
    if folder is None and is_shipped(about):
        of = behaviour_of(about)
        watched = watched_rules(
            of.groups, of.tests(), of.record_tests(), cases=cases_file(expected_path(about))
        )
    else:
        shipped = behaviour_of(about).tests() if is_shipped(about) else {}
        watched = watched_rules(*built(folder or output_of(about), shipped))
    names = [each.name for each in watched]
    for name in only:
        if name not in names:
            raise BadInputError(f"no rule is called {name!r}", hint=closest(name, names))
    return [each for each in watched if not only or each.name in only]


def _mutate(chosen: Sequence[Watched]) -> Answer:
    """Say what became of the mutants; exit 5 when a machine was too slow to tell of some."""
    found = mutate_all(chosen, console(to_stderr=True).out)
    late = [f"not decided in time: {mutant}" for mutant in found.undecided]
    code = Exit.NOT_ENOUGH_DATA if late else Exit.HOLDS
    return _tested([*found.alive, *late], found.said(), Exit.BAD if found.alive else code)


def _tested(bad: Sequence[str], said: str, code: Exit) -> Answer:
    data = {"schema": "calendar-sre/alerts-test/v1", "bad": list(bad), "says": said}
    return Answer(data, lines([*bad, said]), code)
