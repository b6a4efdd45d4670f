"""What, who and where by the phrasing of a language: expressions, no tables of exceptions."""

from typing import NamedTuple

from service.parsing.model import Intent
from service.parsing.patterns import later
from service.parsing.phrasing import Phrasing

_MOST_PEELS = 8
_MOST_CHARS = 600
_EDGES = ' ,.:;-?!"()|'
_SPLIT = later(r"\||(?:[?!;]|(?<!\d)\.)(?=\s|$)|\s-\s")


class Found(NamedTuple):
    """Title, people and place of a request."""

    title: str
    names: tuple[str, ...]
    place: str | None


def find(left: str, phrasing: Phrasing) -> Found:
    """Return what the rest of a text says when its times are taken out."""
    left, names = _people(left[:_MOST_CHARS], phrasing)
    place = None
    if match := phrasing.places.search(left):
        place = match["name"].strip(_EDGES)
        left = f"{left[: match.start()]} | {left[match.end() :]}"
    titles = [title for piece in _SPLIT.split(left) if len(title := _peel(piece, phrasing)) > 1]
    if len(titles) > 1 and phrasing.verb_at_the_end.fullmatch(titles[1]):
        titles[0] += f" {titles[1]}"
    return Found(titles[0] if titles else "", names, place)


def intent(text: str, phrasing: Phrasing) -> Intent:
    """Return what the writer wants done."""
    if phrasing.cancel.search(text):
        return "cancel"
    if phrasing.move.search(text):
        return "move"
    return "query" if phrasing.query.search(text) else "create"


def _people(left: str, phrasing: Phrasing) -> tuple[str, tuple[str, ...]]:
    match = phrasing.people.search(left)
    if match is None or match["names"].lower() in phrasing.groups:
        return left, ()
    names = phrasing.joining.split(match["names"])
    rest = f"{left[: match.start()]} | {left[match.end() :]}"
    return rest, tuple(dict.fromkeys(name.strip(_EDGES) for name in names))


def _peel(text: str, phrasing: Phrasing) -> str:
    text = text.strip(_EDGES)
    for pattern in (phrasing.opening, phrasing.closing):
        for _ in range(_MOST_PEELS):
            match = pattern.match(text) if pattern is phrasing.opening else pattern.search(text)
            if match is None:
                break
            text = (text[: match.start()] + text[match.end() :]).strip(_EDGES)
    return text
