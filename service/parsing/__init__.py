"""Plain language to a calendar event: a pure function of text, now, zone and preferences."""

from service.parsing.decide import parse, warm_up
from service.parsing.model import Alternative, Decision, Event, Evidence, Intent, Preferences

__all__ = [
    "Alternative",
    "Decision",
    "Event",
    "Evidence",
    "Intent",
    "Preferences",
    "parse",
    "warm_up",
]
