"""Charts as our reports draw them, made fit for a page that allows no style in attributes."""

import re
from typing import Final

_STYLE: Final = re.compile(r' style="([^"]*)"')
_SHEET: Final = re.compile(r"<style[^>]*>.*?</style>", re.DOTALL)


def without_styles(svg: str) -> str:
    """Return an SVG whose style attributes are presentation attributes.

    The colours stay variables of the page's style sheet. SVG 2, 6.6: what a style says may stand as
    an attribute of that name.
    """
    return _STYLE.sub(lambda found: _attributes(found[1]), _SHEET.sub("", svg))


def _attributes(style: str) -> str:
    parts = (part.partition(":") for part in style.split(";") if ":" in part)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in parts)
