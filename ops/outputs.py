"""Whether the files a run is to write can be written, asked before the run and not after it."""

import tempfile
from pathlib import Path

from slo.errors import BadInputError


def check_writable(*paths: Path | None) -> None:
    """Return when each path can be written, None being none; makes the folders that are missing.

    Raises BadInputError with the path and the reason.
    """
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise BadInputError(f"cannot write {path}: it is a folder", hint="give a file in it")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=path.parent).close()
        except OSError as err:
            raise BadInputError(
                f"cannot write {path}: {err.strerror or err}", hint="give a path you may write to"
            ) from err
