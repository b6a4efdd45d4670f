"""The load profiles of a project, and those in a person's own files."""

import difflib
import os
from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError
from slo.edge.project_file import SHIPPED as CALENDAR
from slo.edge.project_file import load_project
from slo.project.project import Project
from synthetic.edge.load.feeding import equipped
from synthetic.load.profile_file import read_profile
from synthetic.load.request_file import NOTHING_SHARED, Shared, read_shared
from synthetic.load.shape import Profile

SHIPPED: Final = Path(__file__).resolve().parents[2] / "load" / "profiles"


def profile_names(folder: Path = SHIPPED) -> tuple[str, ...]:
    """Return the names of the profiles in a folder, the shipped one by default."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def read_profile_named(name: str, project: Project | None = None) -> Profile:
    """Return the project's profile `name`, or the one in the file that `name` is the path of.

    Without a project it is a shipped one.
    """
    project = project or load_project(CALENDAR)
    path, folder = Path(name), Path(project.paths.profiles)
    if path.suffix not in {".yaml", ".yml"}:
        names = profile_names(folder)
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            known = ", ".join((*names, "a .yaml file"))
            raise BadInputError(
                f"there is no load profile {name!r} in {folder}",
                hint=f"did you mean {near[0]}?" if near else f"use {known}",
            )
        path = folder / f"{name}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"{path}: cannot be read: {err}", hint="is the path right?") from err
    found = read_profile(
        text, source=str(path), ready_path=project.answers_at, shared=_shared(project)
    )
    return equipped(found, str(path), os.environ)


def _shared(project: Project) -> Shared:
    """Return the requests that the project's profiles mix."""
    if project.paths.requests is None:
        return NOTHING_SHARED
    path = Path(project.paths.requests)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"{path}: cannot be read: {err}", hint="correct [paths] requests in the project file"
        ) from err
    return read_shared(text, source=str(path))
