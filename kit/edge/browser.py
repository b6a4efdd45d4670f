"""A browser without a window, for pictures and paper."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kit.pure.errors import UnreachableError

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip
_WITHIN_S: Final = 60


def browser(instead: str) -> str:
    """Return the browser's name; UnreachableError with what to do `instead` where there is none."""
    found = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if found is None:
        raise UnreachableError(
            f"no browser is installed: none of {', '.join(_BROWSERS)}",
            hint=f"install chromium, or {instead}",
        )
    return found


def run_browser(arguments: Sequence[str], page: Path, profile: Path, *, instead: str) -> str:
    """Run the browser on a page and return what it prints; it keeps its things in `profile`.

    UnreachableError when there is none, or it takes longer than a minute.
    """
    command = [browser(instead), *FLAGS, f"--user-data-dir={profile}", *arguments]
    try:
        done = subprocess.run(
            [*command, page.as_uri()], capture_output=True, timeout=_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as err:
        raise UnreachableError(f"{command[0]} does not show {page}: {err}", hint=instead) from err
    return done.stdout.decode(errors="replace")


def to_pdf(page: str) -> bytes:
    """Return an HTML page as it is printed on paper. Raises as `run_browser`."""
    instead = "leave pdf out and print the page"
    with tempfile.TemporaryDirectory(prefix="sre-browser-") as name:
        folder = Path(name)
        (folder / "page.html").write_text(page, encoding="utf-8")
        paper = folder / "page.pdf"
        asked = ("--no-pdf-header-footer", f"--print-to-pdf={paper}")
        run_browser(asked, folder / "page.html", folder / "profile", instead=instead)
        if not paper.is_file():
            raise UnreachableError("the browser printed nothing", hint=instead)
        return paper.read_bytes()
