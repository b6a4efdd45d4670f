"""Find and read the project file: the one given, the next one above, or the one that we ship."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import slo
from kit.edge.text_files import read_text
from kit.pure.errors import BadInputError
from kit.pure.fields import read_toml, read_yaml
from slo.catalogue import Metric
from slo.project.metrics import read_metrics
from slo.project.project import Project
from slo.project.reading import FILE_NAME, read_project
from slo.project.role_reading import Known

VARIABLE: Final = "SRE_PROJECT"
SHIPPED: Final = Path(__file__).resolve().parents[2] / FILE_NAME
"""The calendar's own project, in the checkout and in the installed package."""
SCHEMA_FILE: Final = Path(str(slo.__file__)).parent / "project" / "sre.schema.json"
"""The published JSON schema of the file, for editors."""


def find_project(given: Path | None = None, *, start: Path | None = None) -> Path:
    """Return the project file: the option, else SRE_PROJECT, else the next above, else ours.

    Raises BadInputError when what was given is not there.
    """
    asked = given or (Path(value) if (value := os.environ.get(VARIABLE)) else None)
    if asked is not None:
        path = asked / FILE_NAME if asked.is_dir() else asked
        if not path.is_file():
            said = "--project" if given else VARIABLE
            raise BadInputError(
                f"{said} {asked}: there is no project file",
                hint=f"name a file {FILE_NAME} or its folder; `sre init` writes one",
            )
        return path
    folder = (start or Path.cwd()).absolute()
    near = (one / FILE_NAME for one in (folder, *folder.parents))
    return next((path for path in near if path.is_file()), SHIPPED)


def load_project(given: Path | None = None) -> Project:
    """Return the project that `find_project` finds; reading one never runs anything.

    Raises BadInputError that names file, field, value and fix.
    """
    path = find_project(given)
    return read_project(read_toml(str(path), _text(path)), str(path.absolute().parent), _known)


def is_shipped(project: Project) -> bool:
    """Say whether a project is the one we ship: its output lies where it always did."""
    return project.source == str(SHIPPED)


def runs_of(project: Project) -> Path | None:
    """Return the folder in which a project states its runs to be kept; ours states none."""
    return None if is_shipped(project) else Path(project.paths.runs)


def _known(named: str | None) -> Known:
    """Return each series of a catalogue's file."""
    if named is None:
        return None
    path = Path(named)
    metrics = read_metrics(read_yaml(str(path), _text(path)))
    return {name: metric for metric in metrics for name in metric.series_names()}


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except OSError as err:
        raise BadInputError(
            f"cannot read {path}: {err.strerror}", hint="correct the path in the project file"
        ) from err


@cache
def shipped() -> Project:
    """Return the project that we ship, for those who are given none."""
    return load_project(SHIPPED)


@cache
def series_of() -> Mapping[str, Metric]:
    """Return each series of the calendar, for those who are not given a project yet."""
    return shipped().series() or {}
