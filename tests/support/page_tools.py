"""What tests take from npm: checkers of pages and Grafana's types, fetched once a test run."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.support.sharing import shared_folder
from tests.support.waiting import HANGS_S
from tests.support.wanted import command_from_debian, do_without

TOOLS: Final = ("axe-core@4.10.3", "html-validate@9.5.5")


def page_tools() -> Path:
    """Return a folder with the checkers from their registry, the same for all workers."""
    return installed("npm", TOOLS)


def installed(name: str, packages: Sequence[str]) -> Path:
    """Return a folder with packages of npm in it, the same for all workers."""
    npm = command_from_debian("npm")
    return shared_folder(name, lambda folder: _install(npm, packages, folder))


def _install(npm: str, packages: Sequence[str], folder: Path) -> None:
    made = subprocess.run(
        [npm, "install", "--silent", "--no-fund", "--no-audit", *packages],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )
    if made.returncode:
        do_without(f"npm gives no {packages[0]}: {made.stderr.strip()[-200:]}")
