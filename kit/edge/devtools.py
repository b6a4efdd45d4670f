"""A browser that is told what to do, so that one start is enough for many pages."""

import fcntl
import json
import os
import select
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kit.edge.browser import FLAGS, browser
from kit.pure.errors import UnreachableError

_WITHIN_S: Final = 60.0
_SEES, _SAYS = 3, 4  # where a browser with --remote-debugging-pipe reads and writes
_ABOVE: Final = 10
_PART: Final = 1 << 16


@dataclass(slots=True)
class Controlled:
    """Chrome's DevTools protocol over two pipes, a message each up to a zero byte."""

    to: int
    back: int
    instead: str
    _part: bytes = field(default=b"", init=False)
    _heard: list[dict[str, Any]] = field(default_factory=list, init=False)
    _number: int = field(default=0, init=False)

    def do(self, method: str, session: str = "", **given: Any) -> dict[str, Any]:
        """Return what a method answers; UnreachableError when it is refused or takes a minute."""
        self._number += 1
        told = {"id": self._number, "method": method, "params": given}
        text = json.dumps(told | ({"sessionId": session} if session else {})).encode() + b"\0"
        try:
            while text:
                text = text[os.write(self.to, text) :]
        except OSError as err:
            raise self._failed(f"{method}: {err}") from err
        answer = self._find({"id": self._number}, method)
        if "error" in answer:
            raise self._failed(f"{method}: {answer['error'].get('message')}")
        return dict(answer["result"])

    def until(self, event: str, session: str) -> None:
        """Wait for an event of a page; UnreachableError when it takes a minute."""
        self._find({"method": event, "sessionId": session}, event)

    def _find(self, wanted: dict[str, Any], what: str) -> dict[str, Any]:
        """Return the first message with such values, heard already or still to come."""
        ends = time.monotonic() + _WITHIN_S
        while True:
            for place, message in enumerate(self._heard):
                if wanted.items() <= message.items():
                    return self._heard.pop(place)
            left = ends - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise self._failed(f"no answer to {what} within a minute")
            got = os.read(self.back, _PART)
            if not got:
                raise self._failed(f"it ended before {what}")
            *whole, self._part = (self._part + got).split(b"\0")
            self._heard += map(json.loads, whole)

    def _failed(self, why: str) -> UnreachableError:
        return UnreachableError(f"the browser does not do it: {why}", hint=self.instead)


@contextmanager
def controlled(instead: str) -> Iterator[Controlled]:
    """Give a browser that is told what to do; it ends with the block.

    UnreachableError with what to do `instead` where there is none.
    """
    name = browser(instead)
    with tempfile.TemporaryDirectory(prefix="sre-browser-", ignore_cleanup_errors=True) as profile:
        (sees, to), (back, says) = _pipe(), _pipe()
        command = [name, *FLAGS, f"--user-data-dir={Path(profile)}", "--remote-debugging-pipe"]
        child = os.posix_spawnp(
            name,
            command,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, sees, _SEES),
                (os.POSIX_SPAWN_DUP2, says, _SAYS),
                *((os.POSIX_SPAWN_OPEN, one, os.devnull, os.O_RDWR, 0) for one in range(3)),
            ],
            setpgroup=0,
        )
        try:
            os.close(sees)
            os.close(says)
            told = Controlled(to, back, instead)
            yield told
            told.do("Browser.close")
        finally:
            os.close(to)
            os.close(back)
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _pipe() -> tuple[int, int]:
    """Return both ends of a pipe, of higher numbers than those that are given away."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
