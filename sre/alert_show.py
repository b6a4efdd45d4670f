"""`sre alerts show`: what an alert means and what to do, on the terminal."""

import re
from typing import Annotated, Final

import typer

from alerts.edge.generated import output_of
from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from slo.edge.project_file import load_project
from sre.answer import Answer
from sre.options import Project
from sre.screen import lines

_COMMAND: Final = re.compile(r"^\s*```bash\n(.*?)^\s*```", re.DOTALL | re.MULTILINE)


def show(
    name: Annotated[str, typer.Argument(help="The alert, such as WatcherDown.")],
    project: Project = None,
) -> Answer:
    """Show the runbook page of an alert: what it means, what to look at first, what to do."""
    folder = output_of(load_project(project)) / "runbooks"
    pages = {path.stem: path for path in folder.glob("*.md")}
    if not pages:
        raise BadInputError(f"no runbook pages in {folder}", hint="sre alerts build writes them")
    if name not in pages:
        raise BadInputError(f"no alert is called {name!r}", hint=closest(name, sorted(pages)))
    text = pages[name].read_text(encoding="utf-8")
    commands = [
        line.strip() for block in _COMMAND.findall(text) for line in block.strip().splitlines()
    ]
    data = {
        "schema": "calendar-sre/alerts-show/v1",
        "alert": name,
        "page": text,
        "commands": commands,
    }
    return Answer(data, lines(text.rstrip().splitlines()))
