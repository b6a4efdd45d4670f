"""Where run records are kept: `runs/<kind>/<id>.json`, or below `SRE_RUNS_DIR`."""

import contextlib
import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import psutil

from kit.edge.record_schemas import KNOWN, LOAD, problems
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.file_names import file_name
from kit.pure.json_values import from_json
from kit.pure.run_status import with_status
from kit.pure.schema_ids import of_later_release

ROOT: Final = Path(__file__).resolve().parents[2]
REPORTED: Final = ("load", "golden")
"""The kinds of run that reports read."""
KINDS: Final = (*REPORTED, "drill")


def runs_dir(stated: Path | None = None) -> Path:
    """Return the folder of all records: `SRE_RUNS_DIR`, else the one that a project states.

    Where neither says anything it is `runs` in the working directory.
    """
    return Path(os.environ.get("SRE_RUNS_DIR") or stated or "runs")


def save(kind: str, record: Mapping[str, Any], stated: Path | None = None) -> Path:
    """Write a record under its id, whole or not at all, and return its path."""
    path = _path_of(kind, str(record["id"]), stated)
    write_whole(path, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return path


def read(reference: str, stated: Path | None = None) -> dict[str, Any]:
    """Return the record that `reference` names: a path, an id, or `KIND` for the newest of it.

    Raises BadInputError when there is none or it is no record of ours.
    """
    path = _find(reference, stated)
    try:
        record = from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise BadInputError(f"{path}: not a record: {err}", hint="give a run's .json file") from err
    _check(path, record)
    return with_status(record) if record["schema"] == LOAD else dict(record)


def loaded(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file; raises BadInputError when it is none."""
    try:
        found = from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise BadInputError(f"{path}: not a record: {err}", hint="mend or remove it") from err
    if not isinstance(found, dict):
        raise BadInputError(f"{path}: not a record: no object", hint="mend or remove it")
    return found


def latest(kind: str) -> dict[str, Any]:
    """Return the newest record of a kind; raises NotEnoughDataError when there is none."""
    for _, record in listed(kind):
        return record
    raise NotEnoughDataError(
        f"no {kind} run in {runs_dir() / kind}", hint=f"make one with sre {kind} run"
    )


def listed(
    kind: str,
    on_damage: Callable[[str], None] = lambda _why: None,
    stated: Path | None = None,
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield (path, record) of a kind, newest first; `on_damage` hears of files that are none."""
    for path in sorted((runs_dir(stated) / kind).glob("*.json"), reverse=True):
        try:
            record = read(str(path))
        except BadInputError as err:
            on_damage(str(err))
        else:
            yield path, record


def commit(folder: Path = ROOT) -> str:
    """Return the revision of a folder, else of this program, `+` behind it when files differ.

    Where there is none, or no git, it is `unknown`.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "describe", "--always", "--dirty=+", "--abbrev=12"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip() or "unknown"


def machine() -> dict[str, Any]:
    """Return what this machine is, as far as figures depend on it; no names, no addresses."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "processors": os.cpu_count() or 0,
        "memory_bytes": psutil.virtual_memory().total,
        "python": platform.python_version(),
    }


def _find(reference: str, stated: Path | None) -> Path:
    path = Path(reference)
    with contextlib.suppress(OSError):  # too long for a file's name
        if path.is_file():
            return path
    if reference in KINDS:
        return next((found for found, _ in listed(reference, stated=stated)), path)
    with contextlib.suppress(BadInputError):  # what is no id names no record
        for kind in KINDS:
            if (found := _path_of(kind, reference, stated)).is_file():
                return found
    raise BadInputError(
        f"no run record {reference!r}", hint="sre load list shows the load runs and their ids"
    )


def _path_of(kind: str, identity: str, stated: Path | None) -> Path:
    return runs_dir(stated) / kind / f"{file_name(identity, what='run')}.json"


def _check(path: Path, record: object) -> None:
    schema = record.get("schema") if isinstance(record, dict) else None
    if schema not in KNOWN:
        raise BadInputError(
            f"{path}: schema {schema!r} is not known",
            hint=next(
                filter(None, (of_later_release(schema, known) for known in KNOWN)),
                f"use {' or '.join(KNOWN)}",
            ),
        )
    if found := problems(record):
        raise BadInputError(f"{path}: {found[0]}", hint="the file is damaged; make a new run")
