"""Load the objectives from their files."""

from pathlib import Path
from typing import Final

import slo
from slo.catalogue import series_of
from slo.errors import BadInputError
from slo.objective import Objective
from slo.openslo import read_objectives

SHIPPED: Final = Path(str(slo.__file__)).parent / "objectives"


def read_sources(directory: Path = SHIPPED) -> tuple[tuple[str, str], ...]:
    """Return (path, text) of every YAML file of a directory, or of the one file given."""
    try:
        paths = sorted(directory.glob("*.y*ml")) if directory.is_dir() else [directory]
        sources = tuple((str(path), path.read_text(encoding="utf-8")) for path in paths)
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"cannot read objectives from {directory}: {err}",
            hint="give a directory of OpenSLO YAML files, or one file",
        ) from err
    if not sources:
        raise BadInputError(
            f"no objectives in {directory}", hint="put OpenSLO files named *.yaml there"
        )
    return sources


def load_objectives(directory: Path = SHIPPED) -> tuple[Objective, ...]:
    """Return the objectives of a directory (or file), the shipped ones by default.

    Raises BadInputError naming file, field, value and fix.
    """
    objectives = read_objectives(read_sources(directory), series_of())
    if not objectives:
        raise BadInputError(f"no SLO in {directory}", hint="add a document of `kind: SLO`")
    return objectives
