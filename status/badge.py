"""A badge: a name and a state as a small SVG without script, to be shown elsewhere."""

from html import escape
from typing import Final

from status import words
from status.feed import clean
from status.measured import State

_COLOUR: Final = {
    State.WORKS: "#17794a",
    State.MAINTENANCE: "#2a5bd0",
    State.UNKNOWN: "#586474",
    State.DEGRADED: "#8a5a00",
    State.OUTAGE: "#bf2f27",
}
_LETTER: Final = 6.9
_LONGEST: Final = 60


def badge(name: str, state: State) -> str:
    """Return the badge; its widths are guessed, and the text is fitted to them."""
    left, right = clean(name)[:_LONGEST], words.STATE[state].lower()
    first, second = (round(len(text) * _LETTER + 16) for text in (left, right))
    title = escape(f"{left}: {right}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="22" role="img" '
        f'aria-label="{title}"><title>{title}</title>'
        f'<rect width="{first + second}" height="22" rx="5" fill="#2b3443"/>'
        f'<path d="M{first} 0h{second - 5}a5 5 0 0 1 5 5v12a5 5 0 0 1-5 5H{first}z" '
        f'fill="{_COLOUR[state]}"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="12">'
        f'<text x="8" y="15" textLength="{first - 16}">{escape(left)}</text>'
        f'<text x="{first + 8}" y="15" textLength="{second - 16}">{escape(right)}</text>'
        "</g></svg>\n"
    )
