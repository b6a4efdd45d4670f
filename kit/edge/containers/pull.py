"""Pull an image, giving up soon when no registry answers."""

import selectors
import subprocess
from typing import IO, Final

from kit.edge.containers.docker import last_line

ANSWERS_WITHIN_S: Final = 20.0
"""A registry that has not named the first layer by then is taken for unreachable."""
_WHOLE_PULL_S: Final = 300.0


def pull(reference: str, *, answers_within_s: float = ANSWERS_WITHIN_S) -> str | None:
    """Pull an image; return None when that worked, else what was wrong, in one line."""
    with subprocess.Popen(
        ("docker", "pull", reference),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    ) as child:
        try:
            if child.stdout is not None and not _says_something(child.stdout, answers_within_s):
                return f"no answer within {answers_within_s:g} s"
            _, complaint = child.communicate(timeout=_WHOLE_PULL_S)
        except subprocess.TimeoutExpired:
            return f"{reference} was not complete within {_WHOLE_PULL_S:.0f} s"
        finally:
            child.kill()
    if child.returncode == 0:
        return None
    return last_line(complaint.decode(errors="replace")) or f"docker pull {reference} failed"


def _says_something(stream: IO[bytes], within_s: float) -> bool:
    """Wait for output or for its end."""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        return bool(selector.select(within_s))
