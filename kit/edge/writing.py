"""Write a file whole or not at all, and say why where it cannot be."""

import contextlib
import errno
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kit.pure.errors import BadInputError, HarnessError, UnreachableError

_HINTS: Final = MappingProxyType(
    {
        errno.ENOSPC: "the disk is full: make room, or choose another place",
        errno.EDQUOT: "the quota is used up: make room, or choose another place",
        errno.EFBIG: "no file may be so large there: choose another place, or see `ulimit -f`",
        errno.EIO: "the disk fails: choose another one",
        errno.EROFS: "that disk is read-only: choose another place",
        errno.EACCES: "you may not write there: choose another place",
        errno.EPERM: "you may not write there: choose another place",
        errno.ENOENT: "nothing can be made there: choose another place",
        errno.ENOTDIR: "a part of the path is a file: choose another place",
        errno.EEXIST: "a part of the path is a file: choose another place",
        errno.EISDIR: "that is a folder: name a file in it",
        errno.ENAMETOOLONG: "choose a shorter name",
    }
)


_OF_THE_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a file, text as UTF-8, so that a reader sees the old content or the new, never a part.

    A pipe or a device, e.g. /dev/stdout, is written to and not replaced. Raises BadInputError for
    a place that cannot be written or a text that no file can have, and UnreachableError for a disk
    that takes no more.
    """
    try:
        content = text.encode() if isinstance(text, str) else text
    except UnicodeEncodeError as err:  # bytes of a command line or of JSON that are no text
        raise BadInputError(
            f"cannot write {path}: it would hold {err.object[err.start : err.end]!r}, no character",
            hint="give texts in UTF-8",
        ) from err
    if is_stream(path):
        _write_to_stream(path, content)
        return
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}"[:100], delete=False
        ) as out:
            temporary = Path(out.name)
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as err:
        raise unwritable(path, err) from err
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Wait until nobody else changes files of a folder, and keep others out during the block."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as err:
        raise unwritable(folder, err) from err
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_wanted(*wanted: tuple[Path | None, Callable[[], str]]) -> None:
    """Write the files that somebody named, each text made only then."""
    for path, text in wanted:
        if path is not None:
            write_whole(path, text())


def is_stream(path: Path) -> bool:
    """Return whether a path is there and neither a file nor a folder."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _write_to_stream(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as out:
            out.write(content)
    except OSError as err:
        raise unwritable(path, err) from err


def unwritable(path: Path, err: OSError) -> HarnessError:
    """Return the error for what cannot be written, with the step that its reason asks.

    A wrong place is a bad input; a disk that takes no more is something needed that is not to be
    had.
    """
    kind = UnreachableError if takes_no_more(err) else BadInputError
    return kind(
        f"cannot write {path}: {err.strerror or err}",
        hint=_HINTS.get(err.errno or 0, "choose another place"),
    )


def takes_no_more(err: BaseException) -> bool:
    """Return whether a disk is full, used up by its owner's share, or broken."""
    return isinstance(err, OSError) and err.errno in _OF_THE_DISK
