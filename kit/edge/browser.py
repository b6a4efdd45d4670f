"""A browser without a window, for pictures and paper."""

import shutil
import subprocess
import tempfile
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


def to_pdf(page: str) -> bytes:
    """Return an HTML page as it is printed on paper.

    UnreachableError when there is no browser, or it takes longer than a minute.
    """
    instead = "leave pdf out and print the page"
    with tempfile.TemporaryDirectory(prefix="sre-browser-") as name:
        folder = Path(name)
        shown, paper = folder / "page.html", folder / "page.pdf"
        shown.write_text(page, encoding="utf-8")
        command = [
            browser(instead), *FLAGS, f"--user-data-dir={folder / 'profile'}",
            "--no-pdf-header-footer", f"--print-to-pdf={paper}", shown.as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=_WITHIN_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as err:
            message = f"{command[0]} does not show {shown}: {err}"
            raise UnreachableError(message, hint=instead) from err
        if not paper.is_file():
            raise UnreachableError("the browser printed nothing", hint=instead)
        return paper.read_bytes()
