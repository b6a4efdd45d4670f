"""The folder of a status page: a file a notice, and one file of the planned maintenance."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError
from kit.pure.fields import Field
from kit.pure.json_values import from_json
from kit.pure.moments import in_utc
from slo.maintenance import Maintenance, read_maintenance
from status.notice import Notice, moment_text, plain, read_notice

VARIABLE: Final = "SRE_STATUS_DIR"
MAINTENANCE: Final = "maintenance.yaml"
_MOST_BYTES: Final = 256 * 1024
_MOST_NOTICES: Final = 2_000
_HEADER: Final = (
    "# Planned maintenance: shown on the status page, and left out of budgets with\n"
    "# sre slo budget --maintenance and sre report --maintenance.\n"
)


def status_folder(given: Path | None, runs: Path) -> Path:
    """Return the folder: the one given, else SRE_STATUS_DIR, else `status` among the runs."""
    return given or Path(os.environ.get(VARIABLE) or runs / "status")


def read_notices(folder: Path) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    """Return the notices of a folder in order of their names, and what is wrong with other files.

    A damaged file never hides the others.
    """
    found: list[Notice] = []
    wrong: list[str] = []
    paths = sorted((folder / "notices").glob("*.json"))
    if len(paths) > _MOST_NOTICES:
        wrong.append(f"{len(paths)} notices: only the last {_MOST_NOTICES} are read")
    for path in paths[-_MOST_NOTICES:]:
        try:
            notice = read_notice(Field(str(path), "", _loaded(path)))
        except BadInputError as err:
            wrong.append(str(err))
            continue
        if notice.id == path.stem:
            found.append(notice)
        else:
            wrong.append(f"{path}: its id is {notice.id!r}, and not the name of the file")
    return tuple(found), tuple(wrong)


def taken_names(folder: Path) -> list[str]:
    """Return the names that no new notice may have: also those of files that cannot be read."""
    return [path.stem for path in (folder / "notices").glob("*.json")]


def _loaded(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        found = from_json(content[:_MOST_BYTES])
    except (OSError, ValueError) as err:
        raise BadInputError(f"{path}: is not JSON: {err}", hint="mend or remove it") from err
    if len(content) > _MOST_BYTES:
        raise BadInputError(f"{path}: is larger than {_MOST_BYTES // 1024} KiB", hint="shorten it")
    return found


def write_notice(folder: Path, notice: Notice) -> Path:
    """Write a notice, whole or not at all, and return its path."""
    path = folder / "notices" / f"{notice.id}.json"
    write_whole(path, json.dumps(plain(notice), indent=1, ensure_ascii=False) + "\n")
    return path


def read_windows(*paths: Path) -> tuple[Maintenance, ...]:
    """Return the windows of maintenance of some files, each once; a file not there has none."""
    found: list[Maintenance] = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as err:
            raise BadInputError(f"cannot read {path}: {err}", hint="name a YAML file") from err
        found += read_maintenance(str(path), text)
    return tuple(sorted(dict.fromkeys(found), key=lambda each: each.start))


def add_window(folder: Path, window: Maintenance) -> Path:
    """Add a window of maintenance to the folder's file, and return its path."""
    path = folder / MAINTENANCE
    windows = sorted({*read_windows(path), window}, key=lambda each: each.start)
    write_whole(path, _HEADER + _text(windows))
    return path


def _text(windows: Sequence[Maintenance]) -> str:
    return yaml.safe_dump(
        [
            {
                "start": moment_text(in_utc(each.start)),
                "end": moment_text(in_utc(each.end)),
                "reason": each.reason,
                **({"components": list(each.components)} if each.components else {}),
            }
            for each in windows
        ],
        allow_unicode=True,
        sort_keys=False,
    )
