"""Write a new project: load every file of it first, and replace nothing unasked."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kit.edge.writing import write_whole
from kit.pure.errors import HarnessError, RefusedError
from ops.init.files import Written
from slo.edge.files import read_sources
from slo.edge.project_file import load_project
from slo.meaning import meaning_of
from slo.openslo import read_objectives
from slo.project.project import Project
from synthetic.load.profile_file import read_profile

_SNIPPETS: Final = Path(__file__).parent / "snippets"


def ci_file(folder: Path) -> Written:
    """Return the CI file of a project: GitLab's where the folder has GitLab's, else GitHub's."""
    gitlab = (folder / ".gitlab-ci.yml").is_file()
    text = (_SNIPPETS / ("gitlab.yml" if gitlab else "github.yml")).read_text(encoding="utf-8")
    path = ".gitlab/sre.yml" if gitlab else ".github/workflows/sre.yml"
    return Written(path, text, "runs the gates before a merge")


def write_project(folder: Path, files: Sequence[Written], *, force: bool) -> Project:
    """Write the files below a folder and return the project that they make.

    Raises RefusedError where one is there and `force` is not given, and whatever a reader says of a
    file; nothing was written then.
    """
    there = [each.path for each in files if (folder / each.path).exists()]
    if there and not force:
        raise RefusedError(
            f"{folder}: {', '.join(there)} {'is' if len(there) == 1 else 'are'} there already",
            hint="give --force to replace them, or --project with another folder",
        )
    with tempfile.TemporaryDirectory(prefix="sre-init-") as name:
        _write(Path(name), files)
        _validate(Path(name), files)
    _write(folder, files)
    return load_project(folder)


def _write(folder: Path, files: Sequence[Written]) -> None:
    for each in files:
        write_whole(folder / each.path, each.text)


def _validate(folder: Path, files: Sequence[Written]) -> None:
    """Read every file as the verbs will; the error says that the fault is not the reader's."""
    try:
        project = load_project(folder)
        for each in files:
            if each.path.startswith("load/"):
                read_profile(each.text, source=each.path)
        stated = Path(project.paths.objectives)
        if stated.is_dir():
            for objective in read_objectives(read_sources(stated), project.owner):
                meaning_of(objective, project)
    except (HarnessError, ValueError) as err:
        raise RefusedError(
            f"what was guessed does not hold: {str(err).replace(f'{folder}/', '')}",
            hint="nothing was written: write sre.toml by hand (docs/your-service.md)",
        ) from err
