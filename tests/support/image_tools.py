"""promtool and amtool as programs of this machine, taken out of their images once a test run.

A container for each call costs more CPU than most calls do. How the product finds them without a
program on PATH is for `tests/containers/test_images.py`.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from kit.edge.containers.catalog import ROOT
from kit.edge.containers.docker import engine_version
from kit.edge.containers.images import ImageLadder
from kit.edge.containers.session import FOLDER, SESSION
from tests.support.environment import session_folder
from tests.support.sharing import locked
from tests.support.waiting import HANGS_S

ROLES: Final = {"promtool": "prometheus", "amtool": "alertmanager"}


def put_on_path() -> None:
    """Put the tools first on PATH, where an engine can give what this machine lacks.

    The first call takes the program out of its image, for which it waits.
    """
    lacking = [tool for tool in ROLES if shutil.which(tool) is None]
    if not lacking or engine_version() is None:
        return
    folder = session_folder() / "tools"
    folder.mkdir(parents=True, exist_ok=True)
    for tool in lacking:
        program, called = folder / "taken" / tool, folder / tool
        # Whoever calls it may have an environment of its own, without this test run's name.
        of_run = [f"{key}={os.environ[key]}" for key in (FOLDER, SESSION)]
        take = shlex.join(["env", *of_run, sys.executable, "-m", __name__, tool, str(program)])
        root, there = shlex.quote(str(ROOT)), shlex.quote(str(program))
        called.write_text(
            f"#!/bin/sh\n[ -x {there} ] || (cd {root} && {take}) || exit 125\n"
            f'GOGC=400 exec {there} "$@"\n'
        )
        called.chmod(0o755)
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"


def take_out(tool: str, program: Path) -> None:
    """Write the program of an image to `program`, unless somebody else just did."""
    with locked(tool):
        if program.is_file():
            return
        image = ImageLadder(lambda _line: None).ensure(ROLES[tool])
        program.parent.mkdir(exist_ok=True)
        part = program.with_suffix(".part")
        with part.open("wb") as file:
            subprocess.run(
                ["docker", "run", "--rm", "--entrypoint", "sh", image,
                 "-c", f'cat "$(command -v {tool})"'],
                stdout=file, check=True, timeout=HANGS_S,
            )  # fmt: skip
        part.chmod(0o755)
        part.replace(program)


if __name__ == "__main__":
    take_out(sys.argv[1], Path(sys.argv[2]))
