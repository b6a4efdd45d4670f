"""Load the objectives from their files."""

from pathlib import Path
from typing import Final

import slo
from kit.edge.text_files import read_text
from kit.pure.errors import BadInputError
from slo.edge.project_file import shipped
from slo.objective import Objective
from slo.openslo import read_all
from slo.project.project import Project

SHIPPED: Final = Path(str(slo.__file__)).parent / "objectives"


def read_sources(directory: Path = SHIPPED) -> tuple[tuple[str, str], ...]:
    """Return (path, text) of every YAML file of a directory, or of the one file given."""
    try:
        paths = _files(directory)
        sources = tuple((str(path), read_text(path)) for path in paths)
    except OSError as err:
        raise BadInputError(
            f"cannot read objectives from {directory}: {err}",
            hint="give a directory of OpenSLO YAML files, or one file",
        ) from err
    if not sources:
        raise BadInputError(
            f"no objectives in {directory}", hint="put OpenSLO files named *.yaml there"
        )
    return sources


def _files(directory: Path) -> list[Path]:
    if not directory.is_dir():
        return [directory]
    found = (path for path in directory.glob("*.y*ml") if path.suffix in {".yaml", ".yml"})
    return sorted(found)


def load_objectives(directory: Path = SHIPPED, of: Project | None = None) -> tuple[Objective, ...]:
    """Return the objectives of a directory (or file), the shipped ones by default.

    Those of the project's own service may speak of the metrics of its catalogue only.

    Raises BadInputError naming file, field, value and fix.
    """
    objectives, problems = inspect(directory, of)
    if problems:
        raise problems[0]
    return objectives


def inspect(
    directory: Path = SHIPPED, of: Project | None = None
) -> tuple[tuple[Objective, ...], tuple[BadInputError, ...]]:
    """Return the objectives of a directory (or file) and every problem in it."""
    objectives, problems = read_all(read_sources(directory), (of or shipped()).owner)
    if not objectives and not problems:
        problems = (BadInputError(f"no SLO in {directory}", hint="add a document of `kind: SLO`"),)
    return objectives, problems
