"""Files that people write: read whole, or refused with the reason."""

from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError

MOST_BYTES: Final = 2**20
"""What people write by hand takes a tenth of that."""


def read_text(path: Path) -> str:
    """Return the text of one file; BadInputError when it is too large, or no text."""
    if path.is_dir():
        raise BadInputError(f"{path}: is a directory", hint="name a file in it")
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        size = max(path.stat().st_size, len(content)) / 2**20
        raise BadInputError(
            f"{path}: has {size:.1f} MiB, and at most 1 MiB is read",
            hint="is it the right file? otherwise split it",
        )
    try:
        return content.decode("utf-8-sig")  # editors on Windows begin a file with a mark
    except UnicodeDecodeError as err:
        raise BadInputError(f"{path}: is no text: {err}", hint="write it in UTF-8") from err
