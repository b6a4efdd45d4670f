"""How a language asks: what is scaffolding around a title, and what leads to people and places."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The expressions of one language; English has tables of its own in `roles/`."""

    opening: re.Pattern[str]  # one layer of asking at the front of a title
    closing: re.Pattern[str]  # one at its end
    verb_at_the_end: re.Pattern[str]  # an infinitive that a time parted from its object
    people: re.Pattern[str]  # group "names": who takes part
    places: re.Pattern[str]  # group "name": where
    joining: re.Pattern[str]  # between two names
    groups: frozenset[str]  # no persons, though they follow "with"
    cancel: re.Pattern[str]
    move: re.Pattern[str]
    query: re.Pattern[str]
