"""How a drill acts on its stack: by commands, each noted with its end and its time."""

import shlex
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx2

from kit.edge.containers.docker import last_line
from kit.pure.errors import reason_of
from ops.drills.containers import Running
from ops.drills.drill import Action
from ops.drills.stack import Stack
from ops.embedded import beside_python

_LONGEST_S: Final = 600.0


def words_of(command: str, folder: Path, **more: str) -> list[str]:
    """Return the words of a drill file's command; DRILL in one is the drill's own folder.

    `more` are other names that stand for something. Raises ValueError for an open quote.
    """
    found = []
    for word in shlex.split(command):
        for name, value in {"DRILL": str(folder), **more}.items():
            word = word.replace(name, value)  # noqa: PLW2901 -- one after the other
        found.append(word)
    return found


def sre(stack: Stack, *arguments: str) -> Action:
    """Run `sre ARGUMENTS` against the stack, as a person would."""
    began_s = time.monotonic()
    shown = " ".join(("sre", *(word.replace(str(stack.folder), "DRILL") for word in arguments)))
    try:
        done = subprocess.run(
            [beside_python("sre"), *arguments],
            env=stack.environment(),
            cwd=stack.folder,
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return Action(shown, 124, time.monotonic() - began_s, f"not done in {_LONGEST_S:g} s")
    said = last_line(done.stderr if done.returncode else done.stdout, 2)
    return Action(shown, done.returncode, time.monotonic() - began_s, said)


def engine(running: Running, verb: str) -> Action:
    """Do `docker VERB` to a container of the stack."""
    return timed(f"docker {verb} {running.role}", lambda: running.act(verb))


def timed(command: str, do: Callable[[], object]) -> Action:
    """Do something and note it under the words of `command`."""
    began_s = time.monotonic()
    do()
    return Action(command, 0, time.monotonic() - began_s)


def clear_cache(stack: Stack) -> Action:
    """Make the service forget every cached answer."""
    began_s = time.monotonic()
    headers = {"Authorization": f"Bearer {stack.key}"}
    try:
        answer = httpx2.delete(f"{stack.url}/cache/clear", headers=headers, timeout=10)
        code, said = int(answer.status_code != httpx2.codes.OK), answer.text
    except httpx2.HTTPError as err:
        code, said = 1, reason_of(err)
    return Action("curl -X DELETE $URL/cache/clear", code, time.monotonic() - began_s, said)
