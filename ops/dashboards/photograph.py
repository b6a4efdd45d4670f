"""Take a picture of a page with a browser, the whole of it and at any width."""

import html
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from matplotlib import image

from slo.errors import UnreachableError

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip
_NARROWEST_PX: Final = 500
"""No window is narrower: a telephone is a frame inside of it."""
_TALLEST_PX: Final = 16_000
_WITHIN_S: Final = 60
_FRAME: Final = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<iframe id="f" style="border:0;width:{width}px;height:{height}px" srcdoc="{page}"></iframe>
<script>f.onload = () => {{
  document.title = f.contentDocument.documentElement.scrollHeight + "px";
}}</script></body>"""
_HEIGHT: Final = re.compile(r"<title>(\d+)px</title>")


def photograph(page: Path, *, width_px: int) -> Path:
    """Write `NAME-WIDTH.png` beside a page and return its path.

    UnreachableError when there is no browser, or it does not do it within a minute.
    """
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise UnreachableError(
            f"no browser to take pictures with: none of {', '.join(_BROWSERS)} is installed",
            hint="install chromium, or leave --png out and open the page",
        )
    picture = page.with_name(f"{page.stem}-{width_px}.png").resolve()
    text = html.escape(page.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="sre-browser-") as folder:
        frame = Path(folder) / "frame.html"
        common = [browser, *_FLAGS, f"--user-data-dir={folder}/profile"]
        window = max(width_px, _NARROWEST_PX)
        frame.write_text(_FRAME.format(width=width_px, height=800, page=text), encoding="utf-8")
        told = _run([*common, f"--window-size={window},800", "--dump-dom", frame.as_uri()], page)
        told_height = _HEIGHT.search(told)
        height = min(int(told_height[1]) if told_height else 2000, _TALLEST_PX)
        frame.write_text(_FRAME.format(width=width_px, height=height, page=text), encoding="utf-8")
        shot = [f"--window-size={window},{height}", f"--screenshot={picture}", frame.as_uri()]
        _run([*common, *shot], page)
    if not picture.is_file():
        raise UnreachableError(f"{browser} took no picture of {page}", hint="open the page instead")
    if width_px < window:
        image.imsave(picture, image.imread(picture)[:, :width_px])
    return picture


def _run(command: list[str], page: Path) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_WITHIN_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as err:
        raise UnreachableError(
            f"{command[0]} took no picture of {page}: {err}", hint="open the page instead"
        ) from err
    return done.stdout.decode("utf-8", "replace")
