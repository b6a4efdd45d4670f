# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
"""Whether the text asks for a new event, asks a question, or moves or cancels something."""

import re

from service.parsing.model import Intent
from service.parsing.patterns import later
from service.parsing.roles.phrases import Phrases, key

# "Running late, can we push our 2pm to half two?"
_BEHIND_AN_EXCUSE = later(
    r"[,.;!-]\s+(?:sorry,? )?(?:(?:can|could|may|shall) (?:we|you|i)|(?:i|we) (?:need|have|want) to|i'd like to)"
    r" (?:please )?(?:move|bump|reschedule|postpone|push|delay|bring forward|shift) (?:my|our|the|it|that|this)\b[^.;!?]* (?:to|until|till|by|back)\b",
    re.IGNORECASE,
)
_POLITE = Phrases(
    r"(?:(?:hi|hello|hey|ok|okay|please|olly|cortana|alexa|yes|so|and|there)\b[\s,!.]*){0,4}(?:(?:can|could|will|would|may) (?:you|i|we) (?:please )?|i (?:want|need|would like|'d like)(?: you)? to |i'd like(?: you)? to |help me )?(?:please )?",
)
_CANCEL = Phrases(
    r"(?:cancel|delete|remove|erase|clear|drop(?=.*\b(?:i|we) (?:booked|scheduled|planned|made|added)\b)|drop(?=.*\b(?:meeting|appointment|event|call|reminder|session|review|sync|standup|class|calendar)s?\b)|get rid of|call off|disregard|take (?:out|off)|unschedule|forget about)\b",
    first="cancel delete remove erase clear drop get call disregard take unschedule forget",
)
_MOVE = Phrases(
    r"(?:move|bump|nudge|reschedule|postpone|push|shift(?! (?:from )?\d)|delay|bring forward|switch"
    r"|change(?! (?:freezes?|requests?|windows?|management|boards?|advisory|control|records?)\b))\b"
)
# What is moved goes somewhere, or is an event; "change the oil on Saturday" is neither.
_TARGET = later(
    r"\b(?:to|by|from|until|till|back|forward|up|out|earlier|later|ahead|into|so|reschedule|postpone"
    r"|meetings?|appointments?|events?|calls?|reminders?|alarms?|lunch|dinner|standup)\b",
    re.IGNORECASE,
)
_ENTRIES = r"(?:(?:the|this|next) )?(?:(?:week|month|today|tonight|tomorrow|\w+day)'?s? )?(?:calendar|schedule|agenda|diary|events?|meetings?|appointments?|reminders?|alarms?|availability)"
_QUERY = Phrases(
    rf"(?:what|when|where|who|which|how|do i|do we|does|did|am i|is there|are there|is my|is the|is it|are we|was|were|have i|show (?:(?:me|us|my|all|every|what|when|any|upcoming)\b|{_ENTRIES})|tell me|list (?:(?:my|all|every|out|what|any|upcoming)\b|{_ENTRIES})|check (?:(?:my|if|whether|for|what|when|on my)\b|{_ENTRIES})|find out|any (?:meeting|event)|look up|give me|see (?:what|if)|let me know)\b",
    first=r"what when where who which how do does did am is are was were have show tell list check find any look give see let",
)
_CREATING = later(r"\b(?:schedule|book|set ?up|add|create|remind|put|block|mark)\b", re.IGNORECASE)


_ASKED = Phrases(r"(?:is|are|do|does|did|will|was|has|have)\b")
# What a text begins with that is anything but the wish for an event.
_OPENING = _POLITE.keys | _CANCEL.keys | _MOVE.keys | _QUERY.keys | _ASKED.keys


# "No meetings this week" wishes for none.
_NOTHING = later(
    r"no (?:more )?(?:meetings|calls|events|appointments|plans|classes|lessons|school|work)\b",
    re.IGNORECASE,
)


def find(text: str) -> Intent:
    """Return what the writer wants done ("none" is for the caller to decide)."""
    if (first := key(text)) not in _OPENING:
        return "none" if first == "no" and _NOTHING.match(text) else _otherwise(text)
    polite = _POLITE.match(text, first)
    wish = text[polite.end() :] if polite else text
    first = key(wish)
    if _CANCEL.match(wish, first):
        return "cancel"
    if _MOVE.match(wish, first) and _TARGET.search(wish):
        return "move"
    if _QUERY.match(wish, first) and not wish.lower().startswith("show me as"):
        return "query"
    asking = len(wish) == len(text) and text.rstrip().endswith("?")
    if asking and _ASKED.match(text, key(text)) and not _CREATING.search(text):
        return "query"
    return _otherwise(text)


def _otherwise(text: str) -> Intent:
    """Return what is wanted where the beginning of a text does not tell."""
    return "move" if _BEHIND_AN_EXCUSE.search(text) else "create"
