"""Take pictures of pages with a browser, the whole of each and at any width."""

import base64
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from kit.edge.devtools import Controlled, controlled

_TALLEST_PX: Final = 16_000
_INSTEAD: Final = "leave --png out and open the page"


def photograph(pages: Iterable[Path], widths_px: Sequence[int]) -> list[Path]:
    """Write `NAME-WIDTH.png` beside each page for each width, and return their paths.

    UnreachableError when there is no browser, or it does not do a step within a minute.
    """
    wanted = [(page, width) for page in pages for width in widths_px]
    if not wanted:
        return []
    with controlled(_INSTEAD) as browser:
        return [_taken(browser, page.resolve(), width) for page, width in wanted]


def _taken(browser: Controlled, page: Path, width_px: int) -> Path:
    target = browser.do("Target.createTarget", url="about:blank")["targetId"]
    session = browser.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    browser.do(
        "Emulation.setDeviceMetricsOverride",
        session,
        width=width_px,
        height=800,
        deviceScaleFactor=1,
        mobile=False,
    )
    browser.do("Page.enable", session)
    browser.do("Page.navigate", session, url=page.as_uri())
    browser.until("Page.loadEventFired", session)
    height = browser.do("Page.getLayoutMetrics", session)["cssContentSize"]["height"]
    clip = {"x": 0, "y": 0, "width": width_px, "height": min(height, _TALLEST_PX), "scale": 1}
    shot = browser.do("Page.captureScreenshot", session, captureBeyondViewport=True, clip=clip)
    browser.do("Target.closeTarget", targetId=target)
    picture = page.with_name(f"{page.stem}-{width_px}.png")
    picture.write_bytes(base64.b64decode(shot["data"]))
    return picture
