"""Plain language to a calendar event: a pure function of text, now, zone and preferences."""

from service.parsing.model import Alternative, Decision, Event, Evidence, Intent, Preferences
from service.parsing.decide import parse

__all__ = ["Alternative", "Decision", "Event", "Evidence", "Intent", "Preferences", "parse"]
