"""`sre alerts routes`: one Alertmanager configuration for several projects."""

from pathlib import Path
from typing import Annotated, Final

import typer
import yaml

from alerts.build import template_path
from alerts.edge.generated import Where, generated
from alerts.render import HEADER, dump
from alerts.routing.config import CONFIG_PATH
from alerts.routing.joined import joined
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError, RefusedError
from slo.edge.project_file import load_project
from sre.answer import Answer
from sre.screen import lines

_CONFIG: Final = "alertmanager.yml"
_PROJECTS = typer.Argument(help="Project files or their folders; the first takes what is nobody's.")


def routes(
    projects: Annotated[list[Path], _PROJECTS],
    out: Annotated[Path, typer.Option(help="Folder of alertmanager.yml and its templates.")] = Path(
        "build/alertmanager"
    ),
) -> Answer:
    """Write one Alertmanager configuration for the alerts of several projects.

    Each project keeps its receivers, business hours and inhibitions; none sees another's alerts.
    """
    found = [load_project(each) for each in projects]
    if len({each.name for each in found}) != len(found):
        raise BadInputError(
            f"two of the projects have one name: {', '.join(each.name for each in found)}",
            hint="give each [service] a name of its own",
        )
    texts = [(each, generated(each, Where()).texts) for each in found]
    configs = {each.name: yaml.safe_load(made[CONFIG_PATH]) for each, made in texts}
    files = {_CONFIG: HEADER + dump(joined(configs))}
    for each, made in texts:
        template = template_path(each)
        files[f"templates/{Path(template).name}"] = made[template]
    _write(out, files)
    data = {
        "schema": "calendar-sre/alerts-routes/v1",
        "projects": [each.name for each in found],
        "files": [str(out / path) for path in files],
    }
    said = [f"written: {out / path}" for path in files]
    return Answer(data, lines([*said, f"routes of {', '.join(each.name for each in found)}"]))


def _write(out: Path, files: dict[str, str]) -> None:
    """Write the files; raises RefusedError where one would replace what somebody wrote by hand."""
    there = out / _CONFIG
    if there.is_file() and not there.read_text(encoding="utf-8", errors="replace").startswith(
        HEADER
    ):
        raise RefusedError(
            f"{there} was not written by sre alerts", hint="name another folder: --out FOLDER"
        )
    for path, text in files.items():
        write_whole(out / path, text)
