"""Whether the files a run is to write can be written, asked before the run and not after it."""

import tempfile
from pathlib import Path

from kit.edge.records import runs_dir
from kit.edge.writing import is_stream, unwritable
from kit.pure.errors import BadInputError, HarnessError


def check_writable(*paths: Path | None) -> None:
    """Return when each path can be written, None being none; makes the folders that are missing.

    Raises BadInputError with the path and the reason, UnreachableError for a disk that is full.
    """
    for path in paths:
        if path is None or is_stream(path):
            continue
        if path.is_dir():
            raise BadInputError(f"cannot write {path}: it is a folder", hint="give a file in it")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=path.parent).close()
        except OSError as err:
            raise unwritable(path, err) from err


def check_records(kind: str, stated: Path | None = None) -> None:
    """Return when records of a kind can be kept; raises the same with the reason."""
    folder = runs_dir(stated) / kind
    try:
        check_writable(folder / "record.json")
    except HarnessError as err:
        raise type(err)(
            f"no record can be kept in {folder}: {err.__cause__ or err}",
            hint="set SRE_RUNS_DIR to a folder you may write to",
        ) from err
