"""A cursor is where the next page begins: written for the client, not to be understood by it."""

import base64
import binascii
from datetime import datetime
from typing import Final

from service.errors import ProblemError
from service.planning.instants import FIRST_YEAR, LAST_END_YEAR
from service.store.events import Position

_ID_LENGTH: Final = 32
_YEARS: Final = range(FIRST_YEAR - 1, LAST_END_YEAR + 1)  # of UTC, where the zone's is another


def cursor_of(position: Position) -> str:
    """Return the text for a position."""
    moment, event_id = position
    return (
        base64.urlsafe_b64encode(f"{moment.isoformat()} {event_id}".encode()).decode().rstrip("=")
    )


def position_in(cursor: str) -> Position | None:
    """Return the position of a text; None for an empty one; else raises `invalid_cursor`."""
    if not cursor:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        moment, _, event_id = text.partition(" ")
        position = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error) as err:
        raise ProblemError("invalid_cursor") from err
    is_ours = position.tzinfo is not None and position.year in _YEARS
    if not is_ours or len(event_id) != _ID_LENGTH or not event_id.isalnum():
        raise ProblemError("invalid_cursor")
    return position, event_id
