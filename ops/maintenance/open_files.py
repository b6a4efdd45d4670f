"""Does anybody still write into a file? Asked of the kernel, for all processes of the machine."""

import contextlib
import fcntl
import os
import signal
import time
from pathlib import Path
from typing import Final

_LOOK_AGAIN_S: Final = 0.1
_QUIET_S: Final = 2.0
"""Ten times as long as the service waits between writes."""


def wait_until_closed(path: Path, *, within_s: float) -> bool:
    """Return True once no process has the file open for writing, False after `within_s` seconds."""
    deadline = time.monotonic() + within_s
    while is_written(path):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_AGAIN_S)
    return True


def is_written(path: Path) -> bool:
    """Say whether any process has the file open for writing.

    A read lease (fcntl(2), F_SETLEASE) is only given while nobody has. Where leases cannot be had
    (another's file, a network file system), a file that grows or has grown just now counts as
    written.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)  # the usual SIGIO would end us
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return time.time() - os.fstat(handle).st_mtime < _QUIET_S
    else:
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
    finally:
        os.close(handle)
