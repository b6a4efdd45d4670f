"""`sre load compare`: two load runs that are on record, held against each other."""

from pathlib import Path
from typing import Annotated

import typer

from kit.edge import records
from kit.edge.outputs import check_writable
from kit.edge.writing import write_wanted
from reports.run.changes_markdown import changes_markdown
from slo.edge.project_file import load_project, runs_of
from sre.answer import Answer
from sre.exits import exit_of_verdict
from sre.load import Force
from sre.load_screen import (
    show_compared,
    spread_words,
)
from sre.options import Project
from synthetic.edge.load.json_views import comparison_data
from synthetic.edge.load.outcome import (
    earlier_than,
)
from synthetic.load.comparison import compare as compared


def compare(
    before: Annotated[str, typer.Argument(help="A run's id or file: what it was.")],
    after: Annotated[str, typer.Argument(help="A run's id or file: what it is now.")],
    percentile: Annotated[float, typer.Option(min=1, max=99.9, help="Which to compare.")] = 95,
    force: Force = False,
    markdown: Annotated[Path | None, typer.Option(help="Also write Markdown to this file.")] = None,
    project: Project = None,
) -> Answer:
    """Say whether a run was slower or failed more than another, route by route, and how sure.

    How far runs of the same lie apart is taken from earlier runs of the profile on this machine.
    Where there are fewer than four, only a change beyond any such spread is called one.

    Exits 0 when it was not, 1 when it was, 4 when the runs are not alike, 5 when undecided.
    """
    runs = runs_of(load_project(project))
    one, other = records.read(before, runs), records.read(after, runs)
    check_writable(markdown)
    found = compared(
        one,
        other,
        percentile=percentile / 100,
        force=force,
        earlier=earlier_than(one, other, runs),
    )
    data = {"schema": "calendar-sre/load-compare/v1", **comparison_data(found)}
    table = changes_markdown(
        found.before,
        found.after,
        found.verdict,
        data["differences"],
        f"Spread {spread_words(found.earlier)}.",
    )
    write_wanted((markdown, lambda: table))
    return Answer(data, lambda out: show_compared(out, found), exit_of_verdict(found.verdict))
