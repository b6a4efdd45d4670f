"""`sre load compare`: two load runs that are on record, held against each other."""

from pathlib import Path
from typing import Annotated

import typer

from kit.edge.outputs import check_writable
from kit.edge.writing import write_wanted
from reports.run.changes_markdown import changes_markdown
from slo.edge.project_file import load_project, runs_of
from sre.answer import Answer
from sre.exits import exit_of_verdict
from sre.load import Force
from sre.load_screen import more_runs_words, show_compared, spread_words
from sre.options import Project
from synthetic.edge.load.json_views import comparison_data
from synthetic.edge.load.outcome import earlier_than, runs_named
from synthetic.load.comparison import compare as compared
from synthetic.load.sets import compare_sets

_WHICH = "A run's id or file, several with commas between them, or a folder of them"


def compare(
    before: Annotated[str, typer.Argument(help=f"{_WHICH}: what it was.")],
    after: Annotated[str, typer.Argument(help=f"{_WHICH}: what it is now.")],
    percentile: Annotated[float, typer.Option(min=1, max=99.9, help="Which to compare.")] = 95,
    force: Force = False,
    markdown: Annotated[Path | None, typer.Option(help="Also write Markdown to this file.")] = None,
    project: Project = None,
) -> Answer:
    """Say whether a run was slower or failed more than another, route by route, and how sure.

    Several runs of each, taken in turns, are judged by their pairs, as load ab judges its rounds.
    Of single runs, how far runs of the same lie apart is taken from earlier runs of the profile on
    this machine; where there are fewer than four, only a change beyond any such spread is one.

    Exits 0 when it was not, 1 when it was, 4 when the runs are not alike, 5 when undecided.
    """
    runs = runs_of(load_project(project))
    old, new = (runs_named(one, runs) for one in (before, after))
    check_writable(markdown)
    if len(old) == len(new) == 1:
        found = compared(
            old[0],
            new[0],
            percentile=percentile / 100,
            force=force,
            earlier=earlier_than(old[0], new[0], runs),
        )
    else:
        found = compare_sets(old, new, percentile=percentile / 100, force=force)
    data = {"schema": "calendar-sre/load-compare/v1", **comparison_data(found)}
    table = changes_markdown(
        found.before,
        found.after,
        found.verdict,
        data["differences"],
        f"{'; '.join(filter(None, (f'Spread {spread_words(found)}', more_runs_words(found))))}.",
    )
    write_wanted((markdown, lambda: table))
    return Answer(data, lambda out: show_compared(out, found), exit_of_verdict(found.verdict))
