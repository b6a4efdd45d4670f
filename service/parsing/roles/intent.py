# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
"""Whether the text asks for a new event, asks a question, or moves or cancels something."""

import re

from service.parsing.model import Intent

_POLITE = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|please|olly|cortana|alexa|yes|so|and|there)\b[\s,!.]*){0,4}(?:(?:can|could|will|would|may) (?:you|i|we) (?:please )?|i (?:want|need|would like|'d like)(?: you)? to |i'd like(?: you)? to |help me )?(?:please )?",
    re.IGNORECASE,
)
_CANCEL = re.compile(
    r"(?:cancel|delete|remove|erase|clear|drop(?! ?(?:off|by|in|out|over|round)\b)|get rid of|call off|disregard|take (?:out|off)|unschedule|forget about)\b",
    re.IGNORECASE,
)
_MOVE = re.compile(
    r"(?:move|reschedule|postpone|push|shift|delay|bring forward|change|switch)\b", re.IGNORECASE
)
# What is moved goes somewhere, or is an event; "change the oil on Saturday" is neither.
_TARGET = re.compile(
    r"\b(?:to|by|from|until|till|back|forward|up|out|earlier|later|ahead|into|so|reschedule|postpone"
    r"|meetings?|appointments?|events?|calls?|reminders?|alarms?|lunch|dinner|standup)\b",
    re.IGNORECASE,
)
_QUERY = re.compile(
    r"(?:what|when|where|who|which|how|do i|do we|does|did|am i|is there|are there|is my|is the|is it|are we|was|were|have i|show|tell me|list|check|find out|any (?:meeting|event)|look up|give me|see (?:what|if)|let me know)\b",
    re.IGNORECASE,
)
_CREATING = re.compile(
    r"\b(?:schedule|book|set ?up|add|create|remind|put|block|mark)\b", re.IGNORECASE
)


def find(text: str) -> Intent:
    """Return what the writer wants done ("none" is for the caller to decide)."""
    start = match.end() if (match := _POLITE.match(text)) else 0
    if _CANCEL.match(text, start):
        return "cancel"
    if _MOVE.match(text, start) and _TARGET.search(text, start):
        return "move"
    asking = text.rstrip().endswith("?") and start == 0
    if _QUERY.match(text, start) and not re.match(
        r"show me as|set up", text[start:], re.IGNORECASE
    ):
        return "query"
    if (
        asking
        and not _CREATING.search(text)
        and re.match(r"(?:is|are|do|does|did|will|was|has|have)\b", text, re.IGNORECASE)
    ):
        return "query"
    return "create"
