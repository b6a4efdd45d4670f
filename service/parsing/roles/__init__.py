"""Stage 6, roles: what is left when time is taken out says what, with whom and where."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from service.parsing.engine import Item
from service.parsing.phrasing import Phrasing
from service.parsing.roles import attendees, location, plain, standing, title
from service.parsing.roles.residue import residue

# Who, where and what stand near each other; past this a text is no request but a letter.
_READ_AT_MOST_CHARS = 1_500
_LONGEST_KEPT = 80  # characters; what is longer seldom comes again


class Roles(NamedTuple):
    """The parts of a request that are not time."""

    title: str
    attendees: tuple[str, ...]
    location: str | None
    asks: bool  # something is left that could be an event, even without a time
    title_rule: str = "residue"  # how the title was found: quoted, called, residue, meeting
    place_rule: str = ""  # how the place was found: preposition, standing, link

    @classmethod
    def read(
        cls,
        items: Sequence[Item],
        used: Collection[int],
        shown: str,
        quoted: str | None,
        *,
        removing: bool,
        phrasing: Phrasing | None = None,
    ) -> "Roles":
        """Read attendees first, then the place, then the title from what remains."""
        left = residue(items, used, shown)[:_READ_AT_MOST_CHARS]
        if quoted:
            left = left.replace(quoted, "|", 1)
        if phrasing is not None:
            return cls._plain(plain.find(left, phrasing), quoted)
        link = next((shown[item.start : item.end] for item in items if item.cls == "LINK"), "")
        sort = _sorted if len(left) <= _LONGEST_KEPT else _sorted.__wrapped__
        return sort(left, quoted, link, removing=removing)

    @classmethod
    def _plain(cls, found: plain.Found, quoted: str | None) -> "Roles":
        title_of_it = quoted or found.title
        asks = bool(title_of_it or found.names)
        return cls(title_of_it, found.names, found.place, asks, place_rule="preposition")


@lru_cache(maxsize=2_000)  # people ask for the same things at other times
def _sorted(left: str, quoted: str | None, link: str, *, removing: bool) -> Roles:
    """Find people, place and title in what says nothing about time."""
    names, meeting, left = _people(left)
    where, place_rule = location.find(left), "preposition"
    if where is None:
        where, place_rule = standing.find(left), "standing"
    if where is None:
        where, place_rule = _link(link, left), "link"
    if where:
        left = left[: where.start] + " | " + left[where.end :]
    name, title_rule = quoted, "quoted"
    if not name:
        name, title_rule = title.explicit(left), "called"
    if not name:
        name, title_rule = title.find(left, removing=removing), "residue"
    if not name and meeting.lower().startswith("meet "):  # "meet Alex" is all that is said
        name, title_rule = meeting, "meeting"
    place = where.name if where else None
    return Roles(name, names, place, bool(name or names), title_rule, place_rule)


def _people(left: str) -> tuple[tuple[str, ...], str, str]:
    """Return who takes part, the words that named them, and the text without these."""
    names: list[str] = []
    meeting = ""
    if who := attendees.find(left):
        names += who.names
        meeting = left[who.start : who.end].strip()
        if meeting:
            left = left[: who.start] + " | " + left[who.end :]
    if added := attendees.more(left):
        names += added.names
        left = left[: added.start] + " | " + left[added.end :]
    return tuple(dict.fromkeys(names)), meeting, left


def _link(link: str, left: str) -> location.Place | None:
    """Return the first link of the text as the place, where no other is named."""
    at = left.find(link) if link else -1
    return location.Place(link, at, at + len(link)) if at >= 0 else None
