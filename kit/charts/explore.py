"""The script by which charts are looked into, and the policy under which a page may run it.

Without it a page says the same: each chart has a description and a table. It adds values on hover
and by the arrow keys, zooming by dragging (or Enter twice), and buttons that switch series off.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path


@cache
def script() -> str:
    """Return the script, to be put into a page as it is."""
    return (Path(__file__).resolve().parent / "explore.js").read_text(encoding="utf-8")


def policy(css: str) -> str:
    """Return the content security policy of a page: its own style sheet and script, nothing else.

    Style attributes are allowed, since SVG is drawn with them. Source: CSP level 3, section 8.3.
    """
    return (
        f"default-src 'none'; script-src {_hash(script())}; style-src-elem {_hash(css)}; "
        "style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    found = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(found).decode()}'"
