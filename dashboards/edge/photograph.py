"""Take a picture of a page with a browser, the whole of it and at any width."""

import html
import re
import tempfile
from pathlib import Path
from typing import Final

from matplotlib import image

from kit.edge.browser import run_browser
from kit.pure.errors import UnreachableError

_NARROWEST_PX: Final = 500
"""No window is narrower: a telephone is a frame inside of it."""
_TALLEST_PX: Final = 16_000
_INSTEAD: Final = "leave --png out and open the page"
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
    picture = page.with_name(f"{page.stem}-{width_px}.png").resolve()
    text = html.escape(page.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="sre-browser-") as folder:
        frame, profile = Path(folder) / "frame.html", Path(folder) / "profile"
        window = max(width_px, _NARROWEST_PX)
        frame.write_text(_FRAME.format(width=width_px, height=800, page=text), encoding="utf-8")
        measuring = (f"--window-size={window},800", "--dump-dom")
        told_height = _HEIGHT.search(run_browser(measuring, frame, profile, instead=_INSTEAD))
        height = min(int(told_height[1]) if told_height else 2000, _TALLEST_PX)
        frame.write_text(_FRAME.format(width=width_px, height=height, page=text), encoding="utf-8")
        shot = (f"--window-size={window},{height}", f"--screenshot={picture}")
        run_browser(shot, frame, profile, instead=_INSTEAD)
    if not picture.is_file():
        raise UnreachableError(f"the browser took no picture of {page}", hint=_INSTEAD)
    if width_px < window:
        image.imsave(picture, image.imread(picture)[:, :width_px])
    return picture
