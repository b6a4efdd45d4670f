"""`sre alerts check`: what is wrong with rule files, anybody's."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from alerts.checks.problem import Level, Problem
from alerts.checks.report import as_github, as_plain, as_sarif
from alerts.edge.rule_checks import UNREADABLE, How, check_rules
from kit.pure.exits import Exit
from kit.pure.words import counted
from slo.edge.project_file import load_project
from sre.answer import Answer, print_json
from sre.options import Project
from sre.screen import lines


def check(
    rules: Annotated[
        list[Path] | None, typer.Argument(help="Rule files; the generated ones by default.")
    ] = None,
    prometheus: Annotated[
        str | None, typer.Option(help="Ask this server which metrics, labels and values exist.")
    ] = None,
    scrape_interval: Annotated[
        float | None,
        typer.Option(min=0.1, help="Seconds; else of the project, of the server, or 15."),
    ] = None,
    diff_base: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Only rules that differ from this revision of git."),
    ] = None,
    sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0.")] = False,
    github: Annotated[
        bool, typer.Option("--github", help="Print annotations for a run on GitHub.")
    ] = False,
    project: Project = None,
) -> Answer:
    """Check rule files: promtool, and what promtool does not see.

    Exit 1 on any error, 2 when a file cannot be read as rules.
    """
    about = load_project(project)
    found = check_rules(about, rules or (), How(prometheus, scrape_interval, diff_base))
    problems, code = found.problems, _exit_of(found.problems)
    if sarif:
        shown = as_sarif(problems)
        return Answer(shown, lambda _: print_json(shown), code)
    said = [as_github(each) if github else each.text() for each in problems]
    said += [f"note: {each}" for each in found.notes]
    said.append(_count(problems))
    data = {
        "schema": "calendar-sre/alerts-check/v1",
        "problems": as_plain(problems),
        "notes": list(found.notes),
    }
    return Answer(data, lines(["\n".join(said)]), code)  # at once: there may be thousands


def _count(problems: Iterable[Problem]) -> str:
    levels = [problem.level for problem in problems]
    said = f"{counted(levels.count(Level.ERROR), 'error')}"
    said += f", {counted(levels.count(Level.WARNING), 'warning')}"
    advice = levels.count(Level.INFO)
    return f"{said}, {counted(advice, 'piece', 'pieces')} of advice" if advice else said


def _exit_of(problems: Iterable[Problem]) -> Exit:
    errors = {problem.check for problem in problems if problem.level is Level.ERROR}
    if UNREADABLE in errors:
        return Exit.USAGE
    return Exit.BAD if errors else Exit.HOLDS
