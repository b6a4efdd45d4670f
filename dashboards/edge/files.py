"""Build the dashboards as files, and read anybody's."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import dashboards
from dashboards.boards.compose import Built
from dashboards.compiled import compile_board
from dashboards.document import Dashboard
from dashboards.exclusions import Exclusions, read_exclusions
from dashboards.facts import Facts
from dashboards.live import LIVE_RULES
from dashboards.provisioning import provisioning
from dashboards.read import is_something_else, read_dashboard
from dashboards.rules import RULES
from dashboards.rules.alert_panel import RULE as ALERT_PANEL
from kit.edge.place import output_folder
from kit.edge.writing import unwritable, write_whole
from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from kit.pure.file_names import file_names
from kit.pure.json_values import from_json
from slo.edge.project_file import is_shipped
from slo.project.project import BoardNames, Project

GENERATED: Final = Path(str(dashboards.__file__)).parent / "generated"
OUTPUT: Final = output_folder(GENERATED.parent) / "generated"
"""Where `sre dashboards build` writes when no folder is named."""
PROVISIONING: Final = GENERATED.parent.parent / "deployment" / "grafana"
_COPIES: Final = "kubernetes/"
"""What repeats the boards is made where somebody asks for it, and not kept beside them."""
EXCLUSIONS: Final = ".lint"
NO_PAGES: Final = "runbooks"
"""Where the links of alerts lead when nobody says where their pages are: nowhere yet."""
ALL_RULES: Final = frozenset((*RULES, *LIVE_RULES, ALERT_PANEL))


def folder_of(project: Project) -> Path:
    """Return where the built dashboards of a project are."""
    return GENERATED if is_shipped(project) else Path(project.paths.build) / "dashboards"


def levels_of(project: Project) -> Mapping[str, str]:
    """Return the levels that a project gives its rules; BadInputError for a rule that is none."""
    unknown = sorted(project.board_rules.keys() - ALL_RULES)
    if unknown:
        raise BadInputError(
            f"{project.source}: dashboards.rules.{unknown[0]} is no rule",
            hint=closest(unknown[0], ALL_RULES),
        )
    return project.board_rules


def output_of(project: Project, out: Path | None) -> tuple[Path, Path]:
    """Return the folders to write to: of the dashboards, and of what hands them to a Grafana."""
    folder = out or (OUTPUT if is_shipped(project) else folder_of(project))
    return folder, PROVISIONING if folder == GENERATED else folder / "grafana"


def build(
    facts: Facts,
    built: Built,
    *,
    runbooks: str | None = None,
    out: Path = GENERATED,
    provision: Path = PROVISIONING,
) -> dict[Path, str]:
    """Return the content of every generated file by its path; nothing is written."""
    pages = runbooks or facts.project.runbooks or NO_PAGES
    made = {one.uid: compile_board(one, facts, runbooks=pages) for one in built.boards}
    file_names(made, what="dashboard")
    files = {out / f"{uid}.json": content for uid, content in made.items()}
    maps = "dashboards.yaml" if is_shipped(facts.project) else f"{facts.project.boards.prefix}.yaml"
    return files | {
        provision / name: content
        for name, content in provisioning(made, facts.project, maps).items()
        if provision != PROVISIONING or not name.startswith(_COPIES)
    }


def outdated(files: Mapping[Path, str], out: Path, names: BoardNames) -> tuple[Path, ...]:
    """Return the files whose content is not as built, and ours that are built no longer."""
    wrong = [path for path, content in files.items() if _content(path) != content]
    there = (path for path in sorted(out.glob(f"{names.prefix}-*.json")) if path not in files)
    return (*wrong, *(path for path in there if _is_ours(path, names)))


def _is_ours(path: Path, names: BoardNames) -> bool:
    """Say whether a file with a name of ours is; another project's may begin in the same way."""
    try:
        tags = from_json(_content(path) or "").get("tags", ())
    except (ValueError, AttributeError):
        return True
    return not tags or names.tag in tags


def write(files: Mapping[Path, str], out: Path, names: BoardNames) -> tuple[Path, ...]:
    """Write what is outdated, remove what is built no longer, and return both."""
    changed = outdated(files, out, names)
    for path in changed:
        if path in files:
            write_whole(path, files[path])
            continue
        try:
            path.unlink()
        except OSError as err:
            raise unwritable(path, err) from err
    return changed


def read_all(paths: Iterable[Path]) -> tuple[Dashboard, ...]:
    """Return the dashboards of files and of all `*.json` in folders, to any depth.

    BadInputError for what cannot be read, is no dashboard, and when there is none at all. JSON that
    is something else is passed over in a folder.
    """
    found = []
    for path in paths:
        for file in _files(path):
            try:
                content = file.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as err:
                raise BadInputError(
                    f"cannot read {file}: {err}",
                    hint="give a dashboard's JSON, or a folder of them",
                ) from err
            if file == path or not is_something_else(content):
                found.append(read_dashboard(_short(file), content))
    if not found:
        raise BadInputError("there is no dashboard to check", hint="run `sre dashboards build`")
    return tuple(found)


def _files(path: Path) -> list[Path]:
    """Return the files to read: a file itself, or what is in a folder and those in it.

    What a folder holds that is hidden, or a link that leads out of it, is left out.
    """
    if not path.is_dir():
        return [path]
    inside = (one for one in path.rglob("*.json") if one.is_file())
    return sorted(
        one
        for one in inside
        if not any(part.startswith(".") for part in one.relative_to(path).parts)
        and one.resolve().is_relative_to(path.resolve())
    )


def read_exceptions(path: Path | None, beside: Path) -> Exclusions:
    """Return the exclusions of a file, or of `.lint` beside the dashboards where there is one."""
    if path is None:
        path = (beside if beside.is_dir() else beside.parent) / EXCLUSIONS
        if not path.is_file():
            return Exclusions()
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"cannot read {path}: {err}", hint="give a `.lint` file") from err
    return read_exclusions(str(path), content, ALL_RULES)


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _short(path: Path) -> str:
    """Return a path as one would type it here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
