"""Wake-ups at exact moments: the event loop's own timers are only good to a millisecond."""

import ctypes
import os
import sys
from collections.abc import Callable
from typing import Any, Final

import gevent

CLOCK_MONOTONIC: Final = 1
TFD_NONBLOCK_CLOEXEC: Final = 0o4000 | 0o2000000
TFD_TIMER_ABSTIME: Final = 1
AT_ONCE_S: Final = 1e-9
"""Zero would disarm the timer."""


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Itimerspec(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("value", _Timespec))


class Alarm:
    """Calls `ring` in the event loop at the moment last `set`; it must not wait for anything.

    Moments are of `time.perf_counter`, which on Linux is the clock of the kernel's timers
    (timerfd_create(2)); elsewhere the loop's own timers serve.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._loop: Any = gevent.get_hub().loop
        self._timer: Any = None
        self._file = -1
        if sys.platform.startswith("linux"):
            libc = ctypes.CDLL(None)
            self._arm = libc.timerfd_settime
            self._file = libc.timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK_CLOEXEC)
        if self._file >= 0:
            self._when = _Itimerspec()
            self._reference = ctypes.byref(self._when)
            self._watcher = self._loop.io(self._file, 1)
            self._watcher.start(ring)

    def set(self, moment: float, *, now: float) -> None:
        """Ring at `moment`, at once when it has passed; forgets the moment set before."""
        if self._file >= 0:
            seconds = int(moment)
            self._when.value.seconds = seconds
            self._when.value.nanoseconds = max(int((moment - seconds) * 1e9), 1)
            # setting it again also clears the expiry that made it readable
            self._arm(self._file, TFD_TIMER_ABSTIME, self._reference, None)
            return
        if self._timer is not None:
            self._timer.close()
        self._timer = self._loop.timer(max(moment - now, AT_ONCE_S))
        self._timer.start(self._ring)

    def close(self) -> None:
        """Ring no more."""
        if self._file >= 0:
            self._watcher.stop()
            self._watcher.close()
            os.close(self._file)
            self._file = -1
        if self._timer is not None:
            self._timer.close()
            self._timer = None
