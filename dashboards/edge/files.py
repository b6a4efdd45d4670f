"""Build the dashboards as files, and read anybody's."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import dashboards
from dashboards.boards import all_boards
from dashboards.compiled import RUNBOOKS, compile_board
from dashboards.document import Dashboard
from dashboards.exclusions import Exclusions, read_exclusions
from dashboards.facts import Facts
from dashboards.live import LIVE_RULES
from dashboards.provisioning import provisioning
from dashboards.read import read_dashboard
from dashboards.rules import RULES
from dashboards.rules.alert_panel import RULE as ALERT_PANEL
from kit.edge.place import output_folder
from kit.edge.writing import unwritable, write_whole
from kit.pure.errors import BadInputError
from kit.pure.file_names import file_names

GENERATED: Final = Path(str(dashboards.__file__)).parent / "generated"
OUTPUT: Final = output_folder(GENERATED.parent) / "generated"
"""Where `sre dashboards build` writes when no folder is named."""
PROVISIONING: Final = GENERATED.parent.parent / "deployment" / "grafana"
_COPIES: Final = "kubernetes/"
"""What repeats the boards is made where somebody asks for it, and not kept beside them."""
EXCLUSIONS: Final = ".lint"
ALL_RULES: Final = frozenset((*RULES, *LIVE_RULES, ALERT_PANEL))


def build(
    facts: Facts,
    *,
    runbooks: str = RUNBOOKS,
    prometheus_url: str = "http://prometheus:9090",
    out: Path = GENERATED,
    provision: Path | None = PROVISIONING,
) -> dict[Path, str]:
    """Return the content of every generated file by its path; nothing is written."""
    made = {board.uid: compile_board(board, runbooks=runbooks) for board in all_boards(facts)}
    file_names(made, what="dashboard")
    files = {out / f"{uid}.json": content for uid, content in made.items()}
    if provision is not None:
        files |= {
            provision / name: content
            for name, content in provisioning(made, prometheus_url).items()
            if provision != PROVISIONING or not name.startswith(_COPIES)
        }
    return files


def outdated(files: Mapping[Path, str], out: Path = GENERATED) -> tuple[Path, ...]:
    """Return the files whose content is not as built, and those that are built no longer."""
    wrong = [path for path, content in files.items() if _content(path) != content]
    left = [path for path in sorted(out.glob("*.json")) if path not in files]
    return (*wrong, *left)


def write(files: Mapping[Path, str], out: Path = GENERATED) -> tuple[Path, ...]:
    """Write what is outdated, remove what is built no longer, and return both."""
    changed = outdated(files, out)
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
    """Return the dashboards of files and of all `*.json` in folders.

    BadInputError for what cannot be read, is no dashboard, and when there is none at all.
    """
    found = []
    for path in paths:
        for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            try:
                content = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as err:
                raise BadInputError(
                    f"cannot read {file}: {err}",
                    hint="give a dashboard's JSON, or a folder of them",
                ) from err
            found.append(read_dashboard(_short(file), content))
    if not found:
        raise BadInputError("there is no dashboard to check", hint="run `sre dashboards build`")
    return tuple(found)


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
