"""Read objectives that others wrote, and write them as files of ours."""

from dataclasses import replace
from pathlib import Path

from kit.edge.text_files import read_text
from kit.pure.durations import parse_openslo
from kit.pure.errors import BadInputError, RefusedError
from slo.openslo import read_objectives
from slo.sloth import Imported, read_sloth


def import_sloth(path: Path, window: str) -> Imported:
    """Return the objectives of one of sloth's files as valid OpenSLO.

    Raises BadInputError naming the file, and the field where one is wrong.
    """
    if parse_openslo(window) is None:
        raise BadInputError(f"--window {window!r} is not a duration", hint="write for example 30d")
    try:
        found = read_sloth(str(path), read_text(path), window)
    except OSError as err:
        raise BadInputError(
            f"cannot read {path}: {err.strerror}", hint="name a file of sloth's"
        ) from err
    read_objectives([(f"{path} as OpenSLO", found.text())])
    return replace(found, lost=tuple(f"{path}: {each}" for each in found.lost))


def write_new(path: Path, text: str, *, overwrite: bool) -> Path:
    """Write a file and return its path; RefusedError when it is there and may not be replaced."""
    if path.exists() and not overwrite:
        raise RefusedError(f"{path} is there already", hint="choose another --out, or --overwrite")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as err:
        raise BadInputError(f"cannot write {path}: {err.strerror}", hint="choose --out") from err
    return path
