"""Read the templates of dashboards: the standard ones, and those of a project."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import dashboards
from dashboards.boards.templates import Templates, read_templates
from kit.edge.text_files import read_text
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, read_yaml

STANDARD: Final = Path(str(dashboards.__file__)).parent / "templates"


def load_templates(own: str | None) -> Templates:
    """Return the standard templates, changed by those of a project: a file, or a folder of them.

    Raises BadInputError naming file, field, value and fix.
    """
    return read_templates((*_roots(STANDARD), *(_roots(Path(own)) if own else ())))


def _roots(path: Path) -> Iterator[Field]:
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise BadInputError(f"no templates in {path}", hint="put files named *.yaml there")
    for file in files:
        yield read_yaml(str(file), _text(file))


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except OSError as err:
        raise BadInputError(
            f"cannot read {path}: {err}", hint="correct `boards` in [paths] of the project file"
        ) from err
