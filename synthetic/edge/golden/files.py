"""Where golden cases are kept: the shipped set beside this file, or a person's own."""

import functools
from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError
from slo.edge.project_file import SHIPPED as CALENDAR
from slo.edge.project_file import load_project
from slo.project.project import Project
from synthetic.golden.case import Case
from synthetic.golden.case_file import read_cases
from synthetic.golden.spec import Spec
from synthetic.golden.spec_reading import read_spec

SHIPPED: Final = Path(__file__).resolve().parents[2] / "golden"


@functools.cache
def shipped_spec() -> Spec:
    """Return what our own project says of its golden set."""
    return spec_of(load_project(CALENDAR))


def spec_of(project: Project) -> Spec:
    """Return what a project says of its golden set."""
    return read_spec(project.golden, project.source)


def load_cases(path: Path = SHIPPED, spec: Spec | None = None) -> tuple[Case, ...]:
    """Return the cases of a `.jsonl` file, or of every one in a folder, in the order of names.

    Without a spec they are of our own set.
    """
    try:
        paths = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        sources = [(_short(one), _text(one)) for one in paths]
    except OSError as err:
        raise BadInputError(
            f"cannot read golden cases from {path}: {err}", hint="give a .jsonl file or a folder"
        ) from err
    if not sources:
        raise BadInputError(f"no .jsonl file in {path}", hint="give a folder that holds the set")
    return read_cases(sources, spec or shipped_spec())


def _text(path: Path) -> str:
    """Return the text of a file, without the mark that some editors begin it with."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = content[: err.start].count(b"\n") + 1
        raise BadInputError(
            f"{_short(path)}: line {line} is not UTF-8 ({err.reason} at byte {err.start:,})",
            hint="save the file as UTF-8: iconv -f latin1 -t utf-8 does it",
        ) from err


def _short(path: Path) -> str:
    return path.name if path.parent == SHIPPED else str(path)
