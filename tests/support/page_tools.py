"""The checkers of pages from npm: axe-core and html-validate, fetched once a test run."""

import subprocess
from pathlib import Path
from typing import Final

from tests.support.sharing import shared_folder
from tests.support.waiting import HANGS_S
from tests.support.wanted import command_from_debian, do_without

TOOLS: Final = ("axe-core@4.10.3", "html-validate@9.5.5")


def page_tools() -> Path:
    """Return a folder with the checkers from their registry, the same for all workers."""
    npm = command_from_debian("npm")
    return shared_folder("npm", lambda folder: _install(npm, folder))


def _install(npm: str, folder: Path) -> None:
    made = subprocess.run(
        [npm, "install", "--silent", "--no-fund", "--no-audit", *TOOLS],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )
    if made.returncode:
        do_without(f"npm gives no checkers: {made.stderr.strip()[-200:]}")
